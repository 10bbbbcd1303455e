// Whether a language model may write the answers: the visitor's choice, where the service has one; the tab keeps it.

import { byId } from "./dom.js";
import { languageModel } from "./service.js";
import { held, hold } from "./storage.js";

let model = null;

/** Whether a language model is to write, as far as is known. */
export const isWritten = () => model !== null && held("mode") !== "extractive";

/** The mode that a question carries, or null for the service's own way. It holds before it is known whether there is a model. */
export const chosenMode = () => (held("mode") === "extractive" ? "extractive" : null);

function show() {
  byId("writing").hidden = model === null;
  byId("mode").value = held("mode") || "auto";
}

/** Reads whether there is one. */
export async function readWriting() {
  try {
    model = await languageModel();
  } catch {
    // What is known holds on: the state above says that the service is away.
  }
  show();
}

export function installWriting() {
  byId("mode").addEventListener("change", () => hold("mode", byId("mode").value === "auto" ? "" : byId("mode").value));
  show();
}
