// The view of the documents: the list, adding to it, taking from it, and the collections.

import { choose, chosen, chosenName, collectionInfo, mayChange, onCollection, onRights, readCollections } from "../collections.js";
import { byId, say } from "../dom.js";
import { t } from "../i18n.js";
import { openReader } from "../reader.js";
import { addText, deleteCollection, deleteDocument, makeCollection } from "../service.js";
import { heldKey } from "../storage.js";
import { onView, view } from "../views.js";
import { askName, askText, confirmRemoval } from "./dialogs.js";
import { clearIngestions, drawIngestions, ingest, onFinished, readRunning } from "./ingestions.js";
import { drawList, forgetList, installList, listFailed, readList } from "./list.js";
import { installDrop, replace, upload } from "./upload.js";

// The key that was once told it may not write, whatever was said before.
let refusedKey = null;
const mayWrite = () => mayChange() && (refusedKey === null || refusedKey !== heldKey());

function showRights() {
  byId("read-only").hidden = mayWrite();
  for (const button of document.querySelectorAll(".writes")) button.disabled = !mayWrite();
}

/** Remembers that the key may not write, if that is what `error` says. */
function learn(error) {
  if (error?.status !== 403 || error.code !== "not_allowed") return;
  refusedKey = heldKey();
  showRights();
}

/** Runs what writes; a refusal for want of the right is learnt from and said. */
async function writing(work) {
  try {
    return await work();
  } catch (error) {
    learn(error);
    throw error;
  }
}

async function refresh() {
  await Promise.all([readList(), readCollections()]);
}

function enter() {
  showRights();
  readList();
  readRunning(chosen());
}

const read = ({ id, version, title, publisher, published }) =>
  openReader({ document: { id, version, title, publisher, published }, start: 0, end: 0 }, chosen());

let replaced = null;

function askReplacement(document) {
  replaced = document;
  byId("replacement").value = "";
  byId("replacement").click();
}

function remove(document) {
  confirmRemoval(t("removeTitle", { title: document.title }), t("removeText", { key: document.key }), async () => {
    await writing(() => deleteDocument(document.id, chosen()));
    const at = [...byId("documents").children].findIndex((row) => row.dataset.id === document.id);
    await refresh();
    say(t("removed", { title: document.title }));
    const rows = byId("documents").children;
    return rows[Math.min(at, rows.length - 1)]?.querySelector("button") ?? byId("filter");
  });
}

function removeCollection() {
  const name = chosenName();
  const n = collectionInfo()?.documents ?? 0;
  confirmRemoval(t("removeCollectionTitle", { name }), t("removeCollectionText", { n }), async () => {
    await writing(() => deleteCollection(name));
    say(t("collectionRemoved", { name }));
    choose("");
    await readCollections();
    return byId("collection-new");
  });
}

function addCollection() {
  askName(async (name) => {
    const made = await writing(() => makeCollection(name));
    say(t("collectionMade", { name: made.name }));
    await readCollections();
    choose(made.name);
  });
}

function pasteText() {
  askText(async (fields) => {
    const collection = chosen();
    const made = await writing(() => addText(collection ? { ...fields, collection } : fields));
    ingest([fields.title], async () => made);
  });
}

/** The service is there again: what could not be read is read. */
export function recoverDocuments() {
  if (view() === "documents" && listFailed()) enter();
}

export function redrawDocuments() {
  drawList();
  drawIngestions();
}

/** `locked(again, word)` asks for a key; `askDocument(document)` goes on to ask that one alone. */
export function installDocuments({ locked, askDocument }) {
  installList({ read, askDocument, replace: askReplacement, remove, drawn: showRights, locked });
  installDrop(mayWrite);
  onFinished((error) => {
    learn(error);
    if (view() === "documents") refresh();
  });
  onRights(showRights);
  onView("documents", enter);
  onCollection(() => {
    forgetList();
    clearIngestions();
    if (view() === "documents") enter();
  });
  byId("upload").addEventListener("click", () => {
    byId("files").value = "";
    byId("files").click();
  });
  byId("files").addEventListener("change", () => upload(byId("files").files));
  byId("replacement").addEventListener("change", () => {
    const [file] = byId("replacement").files;
    if (file && replaced) replace(file, replaced.key);
  });
  byId("change-key").addEventListener("click", () => locked(enter, "keyOther"));
  byId("paste").addEventListener("click", pasteText);
  byId("collection-new").addEventListener("click", addCollection);
  byId("collection-delete").addEventListener("click", removeCollection);
}
