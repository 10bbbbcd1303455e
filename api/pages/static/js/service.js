// Calls to the service.

import { language, t } from "./i18n.js";
import { events } from "./sse.js";
import { heldKey } from "./storage.js";

/** What went wrong: the service's own words, or that it could not be reached. */
export class ServiceError extends Error {
  constructor(message, { status = 0, code = "network", requestId = null, retryAfter = 0 } = {}) {
    super(message);
    Object.assign(this, { status, code, requestId, retryAfter });
  }

  /** Whether the same request may succeed later: not where the request itself is wrong. */
  get passing() {
    return this.status < 400 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

// Told of every call that could not reach the service, and of every one that did.
const watchers = [];
export const onReach = (watcher) => watchers.push(watcher);
const tell = (reached) => watchers.forEach((watcher) => watcher(reached));

const failed = (error, status, retryAfter = 0) =>
  new ServiceError(error?.message ?? t("badReply"), {
    status,
    code: error?.code ?? "bad_reply",
    requestId: error?.request_id ?? null,
    retryAfter,
  });

/** The response to a request, if it is a good one; else throws a ServiceError (or AbortError). */
async function send(path, options = {}) {
  const { method, body, form, signal, accept = "application/json" } = options;
  const key = heldKey();
  const headers = { Accept: accept, "Accept-Language": language() };
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: method ?? (body || form ? "POST" : "GET"),
      headers,
      body: form ?? (body && JSON.stringify(body)),
      signal,
      credentials: "omit",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    tell(false);
    throw new ServiceError(t("network"));
  }
  tell(true);
  if (response.ok) return response;
  // A key was given while this was on its way: it was not this one that is wrong.
  if (response.status === 401 && heldKey() !== key) return send(path, options);
  const reply = await response.json().catch(() => ({}));
  throw failed(reply?.error, response.status, Number(response.headers.get("Retry-After")) || 0);
}

async function json(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(t("badReply"), { status: response.status, code: "bad_reply" });
  }
}

const call = async (path, options) => json(await send(path, options));

/** `path?name=value`, without those that are null. */
function address(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

// A service that answered "not supported" once is asked for whole answers from then on.
let streams = true;

/**
 * Asks, and hands `progress` what comes before the whole reply: `("citations", [...])` and `("delta", "text")`.
 * A service that does not stream answers at once.
 */
export async function chat(messages, { collection, filter, mode, signal, progress }) {
  const question = { messages, ...(collection ? { collection } : {}), ...(filter ? { filter } : {}), ...(mode ? { mode } : {}) };
  if (!streams) return call("v1/chat", { body: question, signal });
  let response;
  try {
    response = await send("v1/chat", {
      body: { ...question, stream: true }, signal, accept: "text/event-stream, application/json",
    });
  } catch (error) {
    if (error.status !== 422 || error.code !== "not_supported") throw error;
    streams = false;
    return call("v1/chat", { body: question, signal });
  }
  if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return json(response);
  try {
    for await (const { name, data } of events(response.body)) {
      if (name === "citations") progress(name, data.citations);
      else if (name === "delta") progress(name, data.text);
      else if (name === "done") return data;
      else if (name === "error") throw failed(data.error, 500);
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof ServiceError) throw error;
    if (error instanceof SyntaxError) throw new ServiceError(t("badReply"), { code: "bad_reply" });
    tell(false);
  }
  throw new ServiceError(t("cut"), { code: "cut" });
}

/** The same question with its `trace`: nothing is kept of it, so that no language model need write it again. */
export const explain = ({ messages, collection, filter }) =>
  call("v1/chat", { body: { messages, mode: "extractive", explain: true, ...(collection ? { collection } : {}), ...(filter ? { filter } : {}) } });

export const examples = async () => (await call("v1/examples")).examples;

/** Whether the service is ready; throws what `call` throws, with `retryAfter` in seconds. */
export const ready = () => call("readyz");
/** The name of the language model that writes answers, or null. */
export const languageModel = async () => (await call("version")).language_model ?? null;
export const defaultCollection = async () => (await call("version")).index?.collection ?? null;

export const graph = (collection) => call(address("v1/graph", { limit: 5000, collection }));

const documentPath = (id) => `v1/documents/${encodeURIComponent(id)}`;
export const listDocuments = (collection, cursor) => call(address("v1/documents", { limit: 200, collection, cursor }));
export const readDocument = (id, version, collection) => call(address(documentPath(id), { version, collection }));
export const deleteDocument = (id, collection) => call(address(documentPath(id), { collection }), { method: "DELETE" });
export const addText = (fields) => call("v1/documents", { body: fields });

/** Sends files in one request; `fields` are the form's other fields. */
export function addFiles(files, fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
  for (const file of files) form.append("files", file, file.name);
  return call("v1/documents", { form });
}

export const readIngestion = (id) => call(`v1/ingestions/${encodeURIComponent(id)}`);
export const listIngestions = (collection) => call(address("v1/ingestions", { collection }));

/** The collections, and the `rights` of the key. */
export const listCollections = () => call("v1/collections");
export const makeCollection = (name) => call("v1/collections", { body: { name } });
export const deleteCollection = (name) => call(`v1/collections/${encodeURIComponent(name)}`, { method: "DELETE" });
