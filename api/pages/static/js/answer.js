// An answer on the page: the bare fact, the text with its marks, the list, the sources; or a refusal.

import { chip } from "./chip.js";
import { copy, h, icon } from "./dom.js";
import { markdownAnswer, markdownTable, plainTable } from "./export.js";
import { t } from "./i18n.js";
import { made, madeInWords } from "./made.js";
import { codePoints, splitMarks } from "./text.js";

function copyButton(label, text, picture = "copy") {
  const word = h("span", { "aria-live": "polite" }, label);
  const button = h("button", { class: "quiet", type: "button" }, icon(picture), word);
  button.addEventListener("click", async () => {
    try {
      await copy(text());
      word.textContent = t("copied");
    } catch {
      word.textContent = t("copyFailed");
    }
    setTimeout(() => (word.textContent = label), 1600);
  });
  return button;
}

function prose(answer, citations, open) {
  return answer
    .split(/\n+/)
    .filter((line) => line.trim())
    .map((line) =>
      h("p", {}, withMarks(splitMarks(line, citations), (number) => chip(citations.get(number), open))),
    );
}

/** Text and marks; the last character before a mark goes to the next line with it. */
function withMarks(parts, mark) {
  const nodes = [];
  for (const part of parts) {
    if (typeof part !== "number") {
      nodes.push(part);
      continue;
    }
    const before = nodes.at(-1);
    if (typeof before !== "string") {
      nodes.push(mark(part));
      continue;
    }
    const characters = codePoints(before);
    const last = characters.pop();
    nodes.splice(-1, 1, characters.join(""), h("span", { class: "together" }, last, mark(part)));
  }
  return nodes;
}

function shortAnswer(reply, citations, open) {
  const citation = citations.get(reply.short_answer.citation);
  return h("p", { class: "short", lang: "zh-CN" }, h("strong", {}, reply.short_answer.text), citation ? chip(citation, open) : null);
}

function table(reply, citations, open) {
  const rows = reply.items.map((item, position) =>
    h(
      "tr",
      {},
      h("td", { class: "number" }, String(position + 1)),
      h("td", {}, item.text),
      h("td", { class: "marks" }, item.citations.filter((id) => citations.has(id)).map((id) => chip(citations.get(id), open))),
    ),
  );
  return h(
    "section",
    { class: "items" },
    h("header", {}, h("h3", {}, t("list"), h("span", { class: "count" }, t("count", { n: reply.items.length }))), h("span", { class: "copies" }, copyButton(t("copyTable"), () => plainTable(reply), "table"), copyButton(t("copyMarkdown"), () => markdownTable(reply)))),
    h(
      "div",
      { class: "table-frame", tabindex: "0", role: "group", "aria-label": t("list") },
      h(
        "table",
        {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "number" }, "#"), h("th", { scope: "col" }, t("name")), h("th", { scope: "col", class: "marks" }, t("from")))),
        h("tbody", { lang: "zh-CN" }, rows),
      ),
    ),
  );
}

function sourceCard(evidence, number, open, excerpt) {
  return h(
    "button",
    { class: "source", type: "button", onclick: (event) => open(evidence, event.currentTarget) },
    number === null ? icon("book") : h("span", { class: "source-number" }, String(number)),
    h(
      "span",
      { class: "source-text", lang: "zh-CN" },
      h("span", { class: "source-title" }, evidence.document.title),
      h("span", { class: "source-section" }, [evidence.document.published, evidence.page ? t("pageNumber", { n: evidence.page }) : "", evidence.section.join(" › ")].filter(Boolean).join(" · ")),
      excerpt ? h("span", { class: "source-excerpt" }, excerpt) : null,
    ),
  );
}

function sources(reply, open) {
  return h(
    "section",
    { class: "sources" },
    h("h3", {}, t("sources")),
    h("div", { class: "cards" }, reply.citations.map((citation) => sourceCard(citation, citation.id, open, null))),
  );
}

const plainList = (texts) => h("ul", { class: "missing", lang: "zh-CN" }, texts.map((text) => h("li", {}, text)));

function refusal(reply, open) {
  const related = reply.related ?? [];
  return [
    h("p", { class: "refusal-tag" }, t(reply.missing.length || related.length ? "refused" : "declined")),
    h("div", { class: "prose", lang: "zh-CN" }, prose(reply.answer, new Map(), open)),
    reply.missing.length ? h("section", {}, h("h3", {}, t("missing")), plainList(reply.missing)) : null,
    related.length
      ? h("section", { class: "sources" }, h("h3", {}, t("related")), h("div", { class: "cards" }, related.map((passage) => sourceCard(passage, null, open, passage.text))))
      : null,
  ];
}

function found(reply, open) {
  const citations = new Map(reply.citations.map((citation) => [citation.id, citation]));
  return [
    reply.short_answer ? shortAnswer(reply, citations, open) : null,
    h("div", { class: "prose", lang: "zh-CN" }, prose(reply.answer, citations, open)),
    reply.incomplete ? h("p", { class: "note warn" }, t("incomplete")) : null,
    reply.items.length ? table(reply, citations, open) : null,
    reply.missing.length ? h("section", { class: "partly" }, h("h3", {}, t("partly")), plainList(reply.missing)) : null,
    reply.statements.some((statement) => statement.kind === "derived") ? h("p", { class: "note" }, t("derived")) : null,
    reply.citations.length ? sources(reply, open) : null,
  ];
}

/** Milliseconds in a unit that is read at a glance. */
const took = (ms) => (ms < 1000 ? t("took", { n: Math.max(1, Math.round(ms)) }) : t("tookSeconds", { n: (ms / 1000).toFixed(1) }));

function footer(reply, why) {
  // Of an answer that a language model wrote, or was to write, the line above says so.
  const facts = [reply.refused || madeInWords(reply) ? null : t("extractive"), reply.refused ? null : t("confidence", { n: Math.round(reply.confidence * 100) })];
  if (reply.timings.total !== undefined) facts.push(took(reply.timings.total));
  return h(
    "footer",
    { class: "facts" },
    h("span", {}, facts.filter(Boolean).join(" · ")),
    h("span", { class: "copies" }, h("button", { class: "quiet why", type: "button", onclick: (event) => why(event.currentTarget) }, icon("steps"), t("why")), copyButton(t("copyAnswer"), () => reply.answer), copyButton(t("copyMarkdown"), () => markdownAnswer(reply))),
  );
}

/** The reply as an element; `open(evidence, opener)` shows a citation or a passage, `why(opener)` how it was found. */
export function renderAnswer(reply, open, why) {
  const readAs = reply.standalone_question !== reply.question ? h("p", { class: "read-as", lang: "zh-CN" }, t("understood", { text: reply.standalone_question })) : null;
  return h(
    "article",
    { class: reply.refused ? "answer refused" : "answer", "aria-label": t("answer") },
    readAs,
    reply.refused ? refusal(reply, open) : found(reply, open),
    made(reply),
    footer(reply, why),
  );
}

/** What has come of an answer so far: `citations` (a Map) and `text`. */
export function renderPartial({ citations, text }, open) {
  return h("article", { class: "answer partial", "aria-busy": "true", "aria-label": t("answer") }, h("div", { class: "prose", lang: "zh-CN" }, prose(text, citations, open)));
}
