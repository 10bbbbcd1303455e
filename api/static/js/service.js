// Calls to the service.

import { language, t } from "./i18n.js";
import { heldKey } from "./storage.js";

/** What went wrong: the service's own words, or that it could not be reached. */
export class ServiceError extends Error {
  constructor(message, { status = 0, code = "network", requestId = null, retryAfter = 0 } = {}) {
    super(message);
    Object.assign(this, { status, code, requestId, retryAfter });
  }
}

async function call(path, { body, signal } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": language() };
  if (heldKey()) headers.Authorization = `Bearer ${heldKey()}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body), signal, credentials: "omit",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(t("network"));
  }
  let reply;
  try {
    reply = await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(t("badReply"), { status: response.status, code: "bad_reply" });
  }
  if (response.ok) return reply;
  throw new ServiceError(reply.error?.message ?? t("badReply"), {
    status: response.status,
    code: reply.error?.code ?? "bad_reply",
    requestId: reply.error?.request_id ?? null,
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
}

export const chat = (messages, signal) => call("v1/chat", { body: { messages }, signal });
export const examples = async () => (await call("v1/examples")).examples;
export const readDocument = (id, version) => call(`v1/documents/${encodeURIComponent(id)}?version=${version}`);

/** Whether the service is ready; throws what `call` throws, with `retryAfter` in seconds. */
export const ready = () => call("readyz");
