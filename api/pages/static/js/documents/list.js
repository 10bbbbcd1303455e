// The list of a collection's documents: read page by page, searched and turned on this side.

import { chosen } from "../collections.js";
import { byId, h, icon, say } from "../dom.js";
import { t } from "../i18n.js";
import { listDocuments } from "../service.js";

const PAGE = 25;
// Beyond this the list shows what it has; whoever keeps more finds a document by asking.
const MOST = 20_000;

let documents = [];
let cursor = null; // null when everything has been read
let page = 0;
let reading = null;
let problem = null;
let actions = {};

const matches = (document, words) => {
  const text = [document.title, document.key, document.publisher, document.published, ...document.tags].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
};

// The service's tail on a name that it made itself: of use to programs, noise to a reader.
const nameOf = ({ key }) => key.replace(/#[0-9a-f]{16}$/, "");

const sought = () => byId("filter").value.trim();

function found() {
  const words = sought().toLowerCase().split(/\s+/).filter(Boolean);
  return words.length ? documents.filter((document) => matches(document, words)) : documents;
}

function act(name, picture, document, { writes = false, label }) {
  return h(
    "button",
    { class: writes ? "quiet writes" : "quiet", type: "button", "aria-label": t(label, { title: document.title }), onclick: (event) => actions[name](document, event.currentTarget) },
    icon(picture),
    h("span", {}, t(name)),
  );
}

function row(document) {
  const facts = [
    document.published,
    document.publisher,
    t("characters", { n: document.characters.toLocaleString() }),
    document.version > 1 ? t("versionNumber", { n: document.version }) : "",
    nameOf(document) === document.title ? "" : nameOf(document),
  ].filter(Boolean);
  return h(
    "li",
    { class: "document", "data-id": document.id },
    h(
      "div",
      { class: "document-words", lang: "zh-CN" },
      h("span", { class: "document-title" }, document.title),
      h("span", { class: "document-facts" }, facts.join(" · ")),
      document.tags.length ? h("span", { class: "tags" }, document.tags.map((tag) => h("span", { class: "tag" }, tag))) : null,
    ),
    h(
      "div",
      { class: "document-actions" },
      act("read", "book", document, { label: "readNamed" }),
      act("askDocument", "send", document, { label: "askDocumentNamed" }),
      act("replace", "swap", document, { label: "replaceNamed", writes: true }),
      act("remove", "trash", document, { label: "removeNamed", writes: true }),
    ),
  );
}

function nothing() {
  if (problem) {
    const retry = problem.passing ? h("button", { class: "button", type: "button", onclick: readList }, icon("retry"), t("retry")) : null;
    return h("li", { class: "nothing" }, h("p", { class: "problem" }, `${t("listFailed")}：${problem.message}`), retry);
  }
  if (reading) return h("li", { class: "nothing" }, t("loadingDocuments"));
  return h("li", { class: "nothing" }, sought() ? t("noMatches", { text: sought() }) : t("noDocuments"));
}

export function drawList() {
  const all = found();
  const pages = Math.max(1, Math.ceil(all.length / PAGE));
  page = Math.min(page, pages - 1);
  const rows = all.slice(page * PAGE, (page + 1) * PAGE).map(row);
  byId("documents").replaceChildren(...(rows.length ? rows : [nothing()]));
  const more = cursor ? "+" : "";
  byId("document-count").textContent = problem || !documents.length ? "" : t(sought() ? "matchCount" : "documentCount", { n: `${all.length}${more}` });
  byId("pager").hidden = pages < 2 && !cursor;
  byId("page-of").textContent = t("pageOf", { n: page + 1, total: `${pages}${more}` });
  byId("previous").disabled = page === 0;
  byId("next").disabled = page >= pages - 1 && !cursor;
  actions.drawn?.();
}

/** Reads the next page of the service's list; `first` begins anew. */
async function readMore(first) {
  const collection = chosen();
  const reply = await listDocuments(collection, first ? null : cursor);
  if (collection !== chosen()) return;
  documents = first ? reply.documents : [...documents, ...reply.documents];
  cursor = documents.length < MOST ? reply.next : null;
}

/** Reads the list anew. */
export async function readList() {
  const mine = (reading = Symbol("reading"));
  problem = null;
  if (!documents.length) drawList();
  try {
    await readMore(true);
  } catch (error) {
    if (reading !== mine) return;
    [documents, cursor, problem] = [[], null, error];
    if (error.status === 401) actions.locked?.(readList);
  }
  if (reading !== mine) return;
  reading = null;
  drawList();
  if (sought()) readAll();
}

/** What is searched is the whole list. */
async function readAll() {
  try {
    while (cursor && !reading) {
      await readMore(false);
      drawList();
    }
  } catch (error) {
    problem = error;
    drawList();
  }
}

/** Whether the list could not be read. */
export const listFailed = () => problem !== null;

export function forgetList() {
  [documents, cursor, page, problem] = [[], null, 0, null];
}

/** Another page is read from its beginning; the focus leaves a button that there is no more use for. */
function turn(by) {
  page += by;
  drawList();
  byId("documents").parentElement.scrollIntoView({ block: "start" });
  const button = byId(by > 0 ? "next" : "previous");
  if (button.disabled) byId(by > 0 ? "previous" : "next").focus({ preventScroll: true });
  say(byId("page-of").textContent);
}

/** `does`: `read`, `askDocument`, `replace`, `remove` (called with a document and the button), `drawn()`, `locked(again)`. */
export function installList(does) {
  actions = does;
  byId("filter").addEventListener("input", () => {
    page = 0;
    drawList();
    readAll();
  });
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", async () => {
    if ((page + 1) * PAGE >= found().length && cursor) await readMore(false).catch((error) => (problem = error));
    turn(1);
  });
  byId("refresh").addEventListener("click", readList);
}
