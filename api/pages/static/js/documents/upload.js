// Files chosen, or dropped anywhere on the page.

import { chosen, chosenName } from "../collections.js";
import { byId } from "../dom.js";
import { t } from "../i18n.js";
import { addFiles } from "../service.js";
import { go } from "../views.js";
import { dismiss, ingest } from "./ingestions.js";

// One request holds at most this much, so that a large folder is neither one giant body nor a request a file.
const BATCH_FILES = 50;
const BATCH_BYTES = 8_000_000;

function batches(files) {
  const found = [];
  let bytes = 0;
  for (const file of files) {
    const batch = found.at(-1);
    if (batch && batch.length < BATCH_FILES && bytes + file.size <= BATCH_BYTES) {
      batch.push(file);
      bytes += file.size;
    } else {
      found.push([file]);
      bytes = file.size;
    }
  }
  return found;
}

async function send(files, fields) {
  const collection = chosen();
  const entry = await ingest(
    files.map(({ name }) => name),
    () => addFiles(files, { ...fields, collection }),
    () => send(files, fields),
  );
  // Where several together were refused for one of them, each is tried alone.
  if ([413, 415, 422].includes(entry.error?.status) && files.length > 1) {
    dismiss(entry);
    for (const file of files) await send([file], fields);
  }
}

/** Sends `files`, one request after another. */
export async function upload(files) {
  for (const batch of batches([...files])) await send(batch, {});
}

/** Puts `file` in the place of the document with `key`. */
export const replace = (file, key) => send([file], { key });

/** Every file below a dropped folder. */
async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A reader gives at most a hundred entries at a time.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const inner of entries) if (!inner.name.startsWith(".")) found.push(...(await filesOf(inner)));
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.filter(Boolean).map(filesOf))).flat();
}

/** Takes files dropped anywhere, while `allowed()`. */
export function installDrop(allowed) {
  let depth = 0; // dragenter and dragleave come for every element on the way
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const cover = (shown) => {
    byId("dropping").hidden = !shown;
    byId("dropping-text").textContent = t(allowed() ? "dropHere" : "readOnly", { name: chosenName() });
  };
  window.addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    cover(true);
  });
  window.addEventListener("dragleave", (event) => {
    if (!hasFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (!depth) cover(false);
  });
  window.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = allowed() ? "copy" : "none";
  });
  window.addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // or the browser would leave the page for the file
    depth = 0;
    cover(false);
    if (!allowed() || document.querySelector("dialog[open]")) return;
    const files = await dropped(event.dataTransfer);
    if (!files.length) return;
    go("documents");
    upload(files);
  });
}
