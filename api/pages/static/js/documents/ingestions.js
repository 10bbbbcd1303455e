// What is being read into the collection: sent, followed to its end, and said file by file.

import { byId, h, icon, say } from "../dom.js";
import { t } from "../i18n.js";
import { listIngestions, readIngestion } from "../service.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 3000;

// The newest first: {ingestion, names, error, retry}.
let shown = [];
let finished = () => {};

const over = (entry) => entry.error || ["done", "failed"].includes(entry.ingestion?.state);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const STAGES = { read: "ingestRead", learn: "ingestLearn", encode: "ingestEncode" };
const OUTCOMES = { waiting: "documentWaiting", added: "documentAdded", replaced: "documentReplaced", unchanged: "documentUnchanged", failed: "documentFailed" };

function stateOf({ ingestion, error }) {
  if (error) return t("ingestFailed");
  if (!ingestion) return t("ingestSending");
  if (ingestion.state === "queued") return t("ingestQueued");
  if (ingestion.state === "done") {
    const n = ingestion.documents.filter(({ state }) => state === "failed").length;
    return n ? t("ingestPartly", { n }) : t("ingestDone");
  }
  if (ingestion.state === "failed") return t("ingestFailed");
  const stage = t(STAGES[ingestion.stage] ?? "ingestRead");
  return ingestion.total ? t("ingestOf", { stage, done: ingestion.done, total: ingestion.total }) : stage;
}

function progress(entry) {
  if (over(entry)) return null;
  const { ingestion } = entry;
  const bar = h("progress", { "aria-label": stateOf(entry) });
  if (ingestion?.total) [bar.max, bar.value] = [ingestion.total, ingestion.done];
  return bar;
}

function outcome(document) {
  return h(
    "li",
    { class: `outcome is-${document.state}` },
    h("span", { class: "outcome-name" }, document.name || document.key),
    h("span", { class: "outcome-state" }, t(OUTCOMES[document.state] ?? "documentWaiting")),
    document.error ? h("span", { class: "outcome-error" }, document.error.message) : null,
  );
}

function card(entry) {
  const { ingestion, names, error } = entry;
  const documents = ingestion?.documents ?? names.map((name) => ({ name, state: error ? "failed" : "waiting", error: null }));
  const close = h("button", { class: "tool", type: "button", "aria-label": t("dismiss"), onclick: () => dismiss(entry) }, icon("close"));
  const failed = error || ingestion?.state === "failed";
  const partly = ingestion?.state === "done" && documents.some(({ state }) => state === "failed");
  const state = failed ? "is-failed" : partly ? "is-partly" : over(entry) ? "is-done" : "";
  return h(
    "article",
    { class: `ingestion ${state}`, "aria-label": names.join("、") },
    h("header", {}, h("h2", { class: "ingestion-state" }, stateOf(entry)), over(entry) ? close : null),
    progress(entry),
    error ? h("p", { class: "problem" }, error.message) : null,
    h("ul", { class: "outcomes" }, documents.map(outcome)),
    error?.passing && entry.retry ? h("button", { class: "button", type: "button", onclick: () => { dismiss(entry); entry.retry(); } }, icon("retry"), t("retry")) : null,
  );
}

export function drawIngestions() {
  byId("ingestions").replaceChildren(...shown.map(card));
}

/** Takes an ingestion out of sight. */
export function dismiss(entry) {
  shown = shown.filter((other) => other !== entry);
  drawIngestions();
}

function announce(entry) {
  const names = entry.ingestion?.documents.map(({ name, state }) => `${name} ${t(OUTCOMES[state] ?? "documentWaiting")}`);
  say([stateOf(entry), entry.error?.message, ...(names ?? entry.names)].filter(Boolean).join("，"));
}

async function follow(entry) {
  let wait = FIRST_WAIT;
  let missed = 0;
  while (!over(entry) && shown.includes(entry)) {
    await pause(wait);
    wait = Math.min(wait * 1.3, LONGEST_WAIT);
    try {
      entry.ingestion = await readIngestion(entry.ingestion.id);
      missed = 0;
    } catch (error) {
      if (error.status === 404) entry.error = Object.assign(error, { message: t("ingestLost") });
      // The service may be away for a moment; what it was given it keeps.
      else if (!error.passing || ++missed > 20) entry.error = error;
    }
    drawIngestions();
  }
}

/** Shows `names` as being sent; `send()` sends them and gives the ingestion; follows it to its end. */
export async function ingest(names, send, retry) {
  const entry = { ingestion: null, names, error: null, retry };
  shown = [entry, ...shown].slice(0, 30);
  drawIngestions();
  try {
    entry.ingestion = await send();
    drawIngestions();
    await follow(entry);
  } catch (error) {
    entry.error = error;
    drawIngestions();
  }
  announce(entry);
  finished(entry.error);
  return entry;
}

/** Takes up those that are still running, begun before this page was opened or by others. */
export async function readRunning(collection) {
  let listed;
  try {
    const reply = await listIngestions(collection);
    listed = reply.ingestions ?? [];
  } catch {
    return; // a service without uploads, or away: nothing to show
  }
  const known = new Set(shown.map((entry) => entry.ingestion?.id));
  for (const ingestion of listed) {
    if (known.has(ingestion.id) || ["done", "failed"].includes(ingestion.state)) continue;
    const entry = { ingestion, names: ingestion.documents.map(({ name }) => name), error: null };
    shown.push(entry);
    follow(entry).then(() => finished(entry.error));
  }
  drawIngestions();
}

export function clearIngestions() {
  shown = [];
  drawIngestions();
}

/** Calls `then(error)` whenever one has come to its end. */
export const onFinished = (then) => (finished = then);
