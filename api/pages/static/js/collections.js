// The collections that there are, the one that is asked and shown, and what the key may do.

import { byId, h } from "./dom.js";
import { defaultCollection, listCollections } from "./service.js";
import { held, hold } from "./storage.js";

let known = [];
let own = null; // the service's own, when none is chosen
let able = false; // whether the service knows collections at all
let rights = null; // what the key may do, once the service has said so
const watchers = [];
const rightsWatchers = [];

/** The collection that requests name, or null for the service's own. */
export const chosen = () => held("collection") || null;
export const chosenName = () => chosen() ?? own ?? "default";
export const isDefault = () => chosenName() === own;
export const hasCollections = () => able;
export const collectionInfo = () => known.find(({ name }) => name === chosenName()) ?? null;

/** Whether the key may change documents, as far as the service has said. */
export const mayChange = () => rights?.includes("write") ?? true;

/** Calls `watcher()` whenever it has been read what the key may do. */
export const onRights = (watcher) => rightsWatchers.push(watcher);

/** Calls `watcher()` when another collection is chosen. */
export const onCollection = (watcher) => watchers.push(watcher);

export function choose(name) {
  hold("collection", name === own ? "" : name);
  show();
  watchers.forEach((watcher) => watcher());
}

function show() {
  for (const select of document.querySelectorAll(".collections")) {
    select.replaceChildren(...known.map(({ name }) => h("option", { value: name }, name)));
    select.value = chosenName();
    // In the chat the choice takes room only where there is one.
    select.closest(".picker").hidden = !able || (known.length < 2 && select.closest(".dock") !== null);
  }
  byId("collection-new").hidden = !able;
  byId("collection-delete").hidden = !able || isDefault();
}

/** Reads which there are. A service without collections has none to choose. */
export async function readCollections() {
  try {
    const [name, found] = await Promise.all([defaultCollection(), listCollections()]);
    own = name;
    known = found.collections;
    rights = found.rights ?? null;
    able = true;
    if (chosen() && !known.some(({ name }) => name === chosen())) hold("collection", "");
    // A key may be bound to others than the service's own.
    if (!chosen() && known.length && !known.some(({ name }) => name === own)) hold("collection", known[0].name);
  } catch (error) {
    rights = null; // perhaps another key's
    if (error.status === 404) able = false;
  }
  show();
  rightsWatchers.forEach((watcher) => watcher());
}

export function installCollections() {
  for (const select of document.querySelectorAll(".collections")) select.addEventListener("change", () => choose(select.value));
}
