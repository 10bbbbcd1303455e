// The collections that there are, and the one that is asked and shown.

import { byId, h } from "./dom.js";
import { defaultCollection, listCollections } from "./service.js";
import { held, hold } from "./storage.js";

let known = [];
let own = null; // the service's own, when none is chosen
let able = false; // whether the service knows collections at all
const watchers = [];

/** The collection that requests name, or null for the service's own. */
export const chosen = () => held("collection") || null;
export const chosenName = () => chosen() ?? own ?? "default";
export const isDefault = () => chosenName() === own;
export const hasCollections = () => able;
export const collectionInfo = () => known.find(({ name }) => name === chosenName()) ?? null;

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
    [own, known] = await Promise.all([defaultCollection(), listCollections()]);
    able = true;
    if (chosen() && !known.some(({ name }) => name === chosen())) hold("collection", "");
    // A key may be bound to others than the service's own.
    if (!chosen() && known.length && !known.some(({ name }) => name === own)) hold("collection", known[0].name);
  } catch (error) {
    if (error.status === 404) able = false;
  }
  show();
}

export function installCollections() {
  for (const select of document.querySelectorAll(".collections")) select.addEventListener("change", () => choose(select.value));
}
