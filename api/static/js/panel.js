// The side panel: one citation (or near passage) with where it stands.

import { byId, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { openReader, wholeText } from "./reader.js";
import { locate } from "./text.js";

let shown = null;
let opener = null;

function sourceValue(source) {
  // Only a web address becomes a link; anything else a document may claim stays text.
  const address = /^https?:\/\//i.test(source) ? source : null;
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, source) : source;
}

function facts(evidence) {
  const { document } = evidence;
  const rows = [
    ["publisher", document.publisher],
    ["published", document.published],
    ["derivedFrom", document.derived_from],
    ["source", document.source && sourceValue(document.source)],
    ["page", evidence.page ? String(evidence.page) : ""],
    ["version", document.version > 1 ? String(document.version) : ""],
  ].filter(([, value]) => value);
  return h("dl", { class: "facts-list" }, rows.map(([name, value]) => [h("dt", {}, t(name)), h("dd", { lang: "zh-CN" }, value)]));
}

function path(section) {
  if (!section.length) return null;
  return h("ol", { class: "path", lang: "zh-CN", "aria-label": t("section") }, section.map((heading) => h("li", {}, heading)));
}

async function passage(evidence) {
  const { text, quote, start, document } = evidence;
  const block = h("blockquote", { class: "passage", lang: "zh-CN" });
  const at = quote ? await locate(text, quote, start, () => wholeText(document.id, document.version)).catch(() => text.indexOf(quote)) : -1;
  if (at < 0) block.append(text);
  else block.append(text.slice(0, at), h("mark", {}, quote), text.slice(at + quote.length));
  // Words that stand outside the passage as it is indexed (a table's header, say) are still shown.
  if (quote && at < 0) block.prepend(h("p", {}, h("mark", {}, quote)));
  return block;
}

async function render() {
  const evidence = shown;
  const number = byId("panel-number");
  number.textContent = evidence.id ?? "";
  number.hidden = !evidence.id;
  byId("panel-title").textContent = evidence.document.title;
  const read = h("button", { class: "button wide", type: "button", id: "panel-read" }, icon("book"), t("showInDocument"));
  read.addEventListener("click", () => openReader(evidence));
  const block = await passage(evidence);
  if (shown !== evidence) return; // another one was opened meanwhile
  byId("panel-body").replaceChildren(
    ...[facts(evidence), path(evidence.section), h("h3", {}, t("passage")), block, read].filter(Boolean),
  );
  block.querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

const narrow = window.matchMedia("(max-width: 900px)");

function cover() {
  // On a narrow screen the panel covers the page, which must then not be reached by keyboard.
  for (const behind of [byId("main"), document.querySelector(".bar")]) behind.inert = shown !== null && narrow.matches;
}
narrow.addEventListener("change", cover);

/** Shows `evidence`; `from` gets the focus back when the panel closes. */
export async function openPanel(evidence, from) {
  document.querySelectorAll(".is-open").forEach((element) => element.classList.remove("is-open"));
  from?.classList.add("is-open");
  [shown, opener] = [evidence, from];
  byId("panel").hidden = false;
  byId("stage").classList.add("with-panel");
  cover();
  await render();
  byId("panel-close").focus({ preventScroll: true });
}

export function closePanel() {
  if (!shown) return;
  shown = null;
  byId("panel").hidden = true;
  byId("stage").classList.remove("with-panel");
  cover();
  opener?.classList.remove("is-open");
  (opener?.isConnected ? opener : byId("question")).focus({ preventScroll: true });
  opener = null;
}

/** Draws it again, in the page's language. */
export const refreshPanel = () => shown && render();

export function installPanel() {
  byId("panel-close").addEventListener("click", closePanel);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !byId("reader").open && !event.isComposing) closePanel();
  });
  byId("stage").addEventListener("click", (event) => {
    if (event.target === byId("stage")) closePanel(); // the dimmed page beside a sheet
  });
}
