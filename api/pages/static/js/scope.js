// One document that alone is asked, where one has been chosen; the tab keeps it.

import { onCollection } from "./collections.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { held, hold } from "./storage.js";

function chosenDocument() {
  try {
    return JSON.parse(held("scope") || "null");
  } catch {
    return null;
  }
}

/** The filter that a question carries, or null. */
export const scopeFilter = () => (chosenDocument() ? { documents: [chosenDocument().id] } : null);

export function showScope() {
  const document = chosenDocument();
  byId("scope").hidden = !document;
  byId("scope-text").textContent = document ? t("scope", { title: document.title }) : "";
}

/** Asks only the document `{id, title}` from now on; null: all of them. */
export function limitTo(document) {
  hold("scope", document ? JSON.stringify({ id: document.id, title: document.title }) : "");
  showScope();
}

export function installScope() {
  byId("scope-end").addEventListener("click", () => {
    limitTo(null);
    byId("question").focus();
  });
  // Its id means nothing in another collection.
  onCollection(() => limitTo(null));
  showScope();
}
