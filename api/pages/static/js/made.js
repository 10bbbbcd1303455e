// How an answer was made: by a language model and what was mended in it, or why not by one.

import { h } from "./dom.js";
import { t } from "./i18n.js";

const MENDED = { moved: "mendedMoved", replaced: "mendedReplaced", dropped: "mendedDropped", repeated: "mendedRepeated", unfinished: "mendedUnfinished", added: "mendedAdded" };
const FALLBACK = { failed: "fallbackFailed", late: "fallbackLate", paused: "fallbackPaused", unsupported: "fallbackUnsupported", declined: "fallbackDeclined", computed: "fallbackComputed" };

/** What was dropped for being said before, or not finished, was not without support. */
const group = ({ kind, reason }) => (kind === "dropped" && MENDED[reason] ? reason : kind);

/** What was mended, a line a kind. */
function mended(repairs) {
  return Object.entries(MENDED)
    .map(([kind, word]) => [word, repairs.filter((repair) => group(repair) === kind).length])
    .filter(([, n]) => n > 0)
    .map(([word, n]) => t(word, { n }));
}

/** In one line of text; "" where there is nothing to say. */
export function madeInWords(reply) {
  const repairs = reply.repairs ?? []; // an earlier release has none
  if (reply.refused) return "";
  if (reply.mode === "llm") return repairs.length ? t("madeMended", { n: repairs.length }) : t("made");
  return FALLBACK[reply.fallback] ? t(FALLBACK[reply.fallback]) : "";
}

/** The same as an element, which opens to what was mended; null where there is nothing to say. */
export function made(reply) {
  const words = madeInWords(reply);
  const lines = reply.mode === "llm" ? mended(reply.repairs ?? []) : [];
  if (!words) return null;
  if (!lines.length) return h("p", { class: "made" }, words);
  return h("details", { class: "made" }, h("summary", {}, words), h("ul", {}, lines.map((line) => h("li", {}, line))));
}
