// The service: one question with its conversation, streamed where the service streams.

class ServiceError extends Error {
  constructor(message, code = "") {
    super(message);
    this.code = code;
  }
}

let streams = true; // until the service says that it does not

/**
 * Asks. `messages` is the conversation, newest last; `heard(text, citations)` is told the answer as it grows.
 * Gives the whole reply; throws ServiceError, or AbortError where `signal` stopped it.
 */
async function askService(messages, signal, heard) {
  const response = await post({ messages, collection: settings.collection ?? undefined, stream: streams || undefined }, signal);
  if (response.ok && response.headers.get("content-type")?.startsWith("text/event-stream")) return readStream(response, heard);
  const body = await response.json().catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new ServiceError(t("broken"));
  });
  if (response.ok) return body;
  const error = body?.error ?? {};
  if (streams && error.param === "stream") {
    streams = false;
    return askService(messages, signal, heard);
  }
  throw new ServiceError(error.message ?? t("broken"), error.code);
}

async function post(body, signal) {
  const headers = { "Content-Type": "application/json", Accept: "text/event-stream, application/json", "Accept-Language": settings.lang };
  if (settings.key) headers.Authorization = `Bearer ${settings.key}`;
  try {
    return await fetch(new URL("v1/chat", SERVICE), {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    console.warn(`Suanlian: ${SERVICE} did not answer. Where it runs, RAG_ALLOWED_ORIGINS must hold ${location.origin}, and this page's Content-Security-Policy must let connect-src reach it.`);
    throw new ServiceError(t("network"));
  }
}

async function readStream(response, heard) {
  let text = "";
  const citations = new Map();
  try {
    for await (const { name, data } of events(response.body)) {
      if (name === "citations") for (const citation of data.citations) citations.set(citation.id, citation);
      else if (name === "delta") heard((text += data.text), citations);
      else if (name === "done") return data;
      else if (name === "error") throw new ServiceError(data.error.message, data.error.code);
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof ServiceError) throw error;
    throw new ServiceError(t(error instanceof SyntaxError ? "broken" : "network"));
  }
  throw new ServiceError(t("network")); // it ended without an end
}
