// A conversation or a list in Markdown, and a list as a table for a spreadsheet.

import { t } from "./i18n.js";
import { madeInWords } from "./made.js";
import { splitMarks } from "./text.js";

/** `text` on one line, with nothing in it that Markdown or HTML would read as more than words. */
const plain = (text) => text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|~]/g, "\\$&");

const byNumber = (reply) => new Map(reply.citations.map((citation) => [citation.id, citation]));

function titles(reply, item) {
  const citations = byNumber(reply);
  return [...new Set(item.citations.map((id) => citations.get(id)?.document.title).filter(Boolean))].join("；");
}

/** The list as tab-separated lines: name, sources. */
export const plainTable = (reply) =>
  reply.items.map((item) => [item.text, titles(reply, item)].map((cell) => cell.replace(/\s+/g, " ")).join("\t")).join("\n");

export function markdownTable(reply) {
  const rows = reply.items.map((item, position) => `| ${position + 1} | ${plain(item.text)} | ${plain(titles(reply, item))} |`);
  return [`| # | ${t("name")} | ${t("from")} |`, "| --- | --- | --- |", ...rows].join("\n");
}

function source(citation) {
  const { document, section, page, quote } = citation;
  const place = [section.join(" › "), page ? t("pageNumber", { n: page }) : "", document.published].filter(Boolean).join("，");
  return `- [${citation.id}] **${plain(document.title)}**${place ? `（${plain(place)}）` : ""}：“${plain(quote)}”`;
}

/** An answer with its list, what is missing, its sources, and, where a language model wrote it, that it did. */
export function markdownAnswer(reply) {
  const known = byNumber(reply);
  const answer = splitMarks(reply.answer, known).map((part) => (typeof part === "number" ? `[${part}]` : part.split("\n").map(plain).join("\n"))).join("");
  const missing = reply.missing.map((text) => `- ${plain(text)}`);
  return [
    answer,
    reply.incomplete ? t("incomplete") : "",
    reply.items.length ? markdownTable(reply) : "",
    missing.length ? [`${t(reply.refused ? "missing" : "partly")}：`, "", ...missing].join("\n") : "",
    reply.citations.length ? [`${t("sources")}：`, "", ...reply.citations.map(source)].join("\n") : "",
    reply.mode === "llm" ? madeInWords(reply) : "",
  ].filter(Boolean).join("\n\n");
}

/** The turns `{question, reply}` as one Markdown text. */
export const markdown = (turns) =>
  [`# ${t("exportTitle")}`, ...turns.flatMap(({ question, reply }) => [`## ${plain(question)}`, markdownAnswer(reply)])].join("\n\n") + "\n";
