// A whole document, with the quote marked and in view.

import { byId, h } from "./dom.js";
import { t } from "./i18n.js";
import { readDocument } from "./service.js";
import { codePoints } from "./text.js";

// A version of a document never changes, so what was read once is kept.
const documents = new Map();

async function load(id, version, collection) {
  const name = `${collection ?? ""}/${id}@${version}`;
  if (!documents.has(name)) documents.set(name, await readDocument(id, version, collection));
  return documents.get(name);
}

export const wholeText = async (id, version, collection) => (await load(id, version, collection)).text;

/** The heading line at the head of a section is set as one. */
function piece(text, heading) {
  const [line, ...rest] = text.split("\n");
  if (!heading || line.replace(/^#+\s*/, "").trim() !== heading) return [text];
  return [h("strong", { class: "heading" }, line.replace(/^#+\s*/, "")), rest.length ? `\n${rest.join("\n")}` : ""];
}

// A part of the text is about this long (characters), if it has no sections.
const PART = 3000;

/** Where a blank line ends, so far apart that what is between makes a part. */
function breaks(text, starts) {
  const found = new Set();
  let last = 0;
  text.forEach((character, at) => {
    if (starts.has(at)) last = at;
    if (character !== "\n" || text[at - 1] !== "\n" || at + 1 - last < PART) return;
    last = at + 1;
    found.add(last);
  });
  return found;
}

/**
 * The text in parts, a part a section (or some paragraphs of a long one), so that the browser lays out only those in view of a long document; within a part
 * it is cut where the quote begins and ends.
 */
function parts(whole, start, end) {
  const text = codePoints(whole.text);
  const sections = new Map(whole.sections.map((section, position) => [section.start, { ...section, position }]));
  const between = breaks(text, sections);
  const cuts = [...new Set([0, start, end, text.length, ...sections.keys(), ...between])].sort((one, other) => one - other);
  const made = [h("div", { class: "part" })];
  cuts.slice(0, -1).forEach((from, position) => {
    const words = text.slice(from, cuts[position + 1]).join("");
    const section = sections.get(from);
    if (section) made.push(h("div", { class: "part", id: `section-${section.position}` }));
    else if (between.has(from)) made.push(h("div", { class: "part" }));
    const content = piece(words, section?.path.at(-1));
    made.at(-1).append(...(from >= start && from < end ? [h("mark", {}, ...content)] : content));
  });
  return made.filter((part) => part.hasChildNodes());
}

function outline(whole, start, end) {
  // The section of the quote: the innermost that holds it, which is the last to begin before it.
  const current = start < end ? whole.sections.findLastIndex((section) => section.start <= start) : -1;
  return whole.sections
    .map((section, position) => ({ ...section, position }))
    .filter((section) => section.path.length)
    .map((section) => {
      const entry = h("button", { type: "button", lang: "zh-CN", title: section.path.join(" › ") }, section.path.at(-1));
      if (section.position === current) entry.setAttribute("aria-current", "location");
      entry.style.setProperty("--depth", String(Math.min(section.path.length - 1, 4)));
      entry.addEventListener("click", () => byId(`section-${section.position}`).scrollIntoView({ block: "start" }));
      return entry;
    });
}

/** Opens the document of `evidence` (of `collection`) with its span marked; an empty span marks nothing. */
export async function openReader(evidence, collection) {
  const { id, version, title, publisher, published } = evidence.document;
  byId("reader-title").textContent = title;
  byId("reader-meta").textContent = [publisher, published, evidence.page ? t("pageNumber", { n: evidence.page }) : ""].filter(Boolean).join(" · ");
  byId("reader-outline").replaceChildren();
  byId("reader-text").replaceChildren(h("p", { class: "note" }, t("opening")));
  if (!byId("reader").open) byId("reader").showModal();
  try {
    const whole = await load(id, version, collection);
    const entries = outline(whole, evidence.start, evidence.end);
    byId("reader-outline").hidden = entries.length < 2;
    byId("reader-outline").replaceChildren(...entries);
    byId("reader-text").replaceChildren(h("div", { class: "column" }, parts(whole, evidence.start, evidence.end)));
    byId("reader-outline").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    byId("reader-text").querySelector("mark")?.scrollIntoView({ block: "center" });
    byId("reader-text").focus({ preventScroll: true });
  } catch (error) {
    const again = () => openReader(evidence, collection);
    const retry = error.passing ? h("button", { class: "button", type: "button", onclick: again }, t("retry")) : "";
    byId("reader-text").replaceChildren(h("p", { class: "note", role: "alert" }, error.message), retry);
  }
}

export function installReader() {
  const reader = byId("reader");
  byId("reader-close").addEventListener("click", () => reader.close());
  reader.addEventListener("click", (event) => event.target === reader && reader.close());
}
