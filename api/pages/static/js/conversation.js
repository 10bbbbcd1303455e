// The conversation: its turns, what of it travels with the next question, and what the tab keeps of it.

import { renderAnswer, renderPartial } from "./answer.js";
import { chosen } from "./collections.js";
import { byId, h, icon, say } from "./dom.js";
import { t } from "./i18n.js";
import { openEvidence } from "./evidence.js";
import { openExplanation } from "./explain.js";
import { clamped } from "./clamp.js";
import { scopeFilter } from "./scope.js";
import { chat, ServiceError } from "./service.js";
import { held, hold } from "./storage.js";
import { chosenMode, isWritten } from "./writing.js";

// The service keeps no session. Twenty turns are more than a follow-up looks back on.
const TURNS_SENT = 20;
// The answer is drawn anew at most this often while it comes (ms).
const REDRAW = 60;

let turns = [];
let running = null;

export const isEmpty = () => turns.length === 0;
export const isBusy = () => running !== null;

/** The turns with an answer: `{question, reply}`. */
export const answered = () => turns.filter((turn) => turn.reply).map(({ question, reply }) => ({ question, reply }));

function messages(turn) {
  const before = turns.slice(0, turns.indexOf(turn)).filter((earlier) => earlier.reply).slice(-TURNS_SENT);
  return [
    ...before.flatMap((earlier) => [
      { role: "user", content: earlier.question },
      { role: "assistant", content: earlier.reply.answer },
    ]),
    { role: "user", content: turn.question },
  ];
}

function keep() {
  const kept = turns.filter((turn) => turn.reply || turn.error).map(({ question, reply, error, collection, filter, mode }) => ({
    question, reply, collection, filter, mode, error: error && { ...error, message: error.message },
  }));
  // A tab's storage holds about five megabytes: the oldest turns are the first to go.
  while (!hold("conversation", kept.length ? JSON.stringify(kept) : "") && kept.length) kept.shift();
}

function kept() {
  try {
    return JSON.parse(held("conversation") ?? "[]").map((turn) => ({
      ...turn, error: turn.error && new ServiceError(turn.error.message, turn.error), partial: null,
    }));
  } catch {
    return [];
  }
}

/** A language model takes its time: it is said that one is at work. */
const searching = (turn) => t(isWritten() && turn.mode !== "extractive" ? "searchingAndWriting" : "searching");

function waiting(turn) {
  const line = () => h("span", { class: "bone" });
  return h("div", { class: "waiting" }, h("p", {}, searching(turn)), line(), line(), line());
}

/** What the page does around a turn: `busy()` when it changes, `locked(turn)` when a key is needed, `edit(text)`. */
export function conversation({ changed, locked, edit }) {
  const collectionOf = (turn) => turn.reply?.index?.collection ?? turn.collection;
  const opening = (turn) => (evidence, from) => openEvidence(evidence, collectionOf(turn), from);

  const explaining = (turn) => (from) => openExplanation({ messages: messages(turn), collection: collectionOf(turn), filter: turn.filter }, from);

  function failure(turn) {
    const { error } = turn;
    const stopped = error.code === "stopped";
    const again = h("button", { class: "button", type: "button", onclick: () => run(turn) }, icon("retry"), t("retry"));
    const mend = h("button", { class: "button", type: "button", onclick: () => edit(turn.question) }, icon("edit"), t("editQuestion"));
    const words = stopped ? t(turn.partial ? "stoppedHere" : "stopped") : t(turn.partial ? "brokenHere" : "failed");
    return h(
      "div",
      { class: stopped ? "failure calm" : "failure", role: "group" },
      h("p", { class: "failure-title" }, words),
      stopped ? null : h("p", {}, error.message),
      error.requestId ? h("p", { class: "request-id" }, t("requestId", { id: error.requestId })) : null,
      stopped || error.passing || error.status === 401 ? again : mend,
    );
  }

  function draw(turn) {
    const content = [clamped(turn.question)];
    if (turn.reply) content.push(renderAnswer(turn.reply, opening(turn), explaining(turn)));
    else {
      if (turn.partial) content.push(renderPartial(turn.partial, opening(turn)));
      if (turn.error) content.push(failure(turn));
      else if (!turn.partial) content.push(waiting(turn));
    }
    const focused = turn.element.contains(document.activeElement) ? document.activeElement.dataset.citation : null;
    turn.element.replaceChildren(...content);
    // A mark that had the focus has it still.
    if (focused) turn.element.querySelector(`[data-citation="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  function announce(turn) {
    if (turn.reply) say([`${t("answer")}：${turn.reply.answer.replace(/\[\d+\]/g, "")}`, turn.reply.incomplete ? t("incomplete") : ""].join(" ").trim());
    else say(turn.error.code === "stopped" ? t("stopped") : `${t("failed")}：${turn.error.message}`);
  }

  /** Takes in what streams, and draws it now and then. */
  function receiver(turn) {
    let due = 0;
    return (name, value) => {
      turn.partial ??= { citations: new Map(), text: "" };
      if (name === "citations") value.forEach((citation) => turn.partial.citations.set(citation.id, citation));
      else turn.partial.text += value;
      if (!due && turn.partial.text) {
        due = setTimeout(() => {
          due = 0;
          if (turn.element.isConnected && !turn.reply && !turn.error) draw(turn);
        }, REDRAW);
      }
    };
  }

  async function run(turn) {
    if (running) return;
    [turn.error, turn.partial] = [null, null];
    const control = new AbortController();
    running = control;
    draw(turn);
    changed();
    turn.element.scrollIntoView({ block: "start", behavior: smooth() });
    say(searching(turn));
    try {
      const { collection, filter, mode } = turn;
      turn.reply = await chat(messages(turn), { collection, filter, mode, signal: control.signal, progress: receiver(turn) });
    } catch (error) {
      if (error.name === "AbortError") turn.error = new ServiceError(t("stopped"), { code: "stopped" });
      else if (error instanceof ServiceError) turn.error = error;
      else turn.error = new ServiceError(t("badReply"), { code: "bad_reply" });
    }
    if (turn.partial && !turn.partial.text) turn.partial = null;
    if (running === control) running = null;
    changed();
    if (!turn.element.isConnected) return; // a new conversation was begun meanwhile
    draw(turn);
    announce(turn);
    keep();
    if (turn.error?.status === 401) locked(() => run(turn));
  }

  function add(turn) {
    turn.element = h("section", { class: "turn" });
    turns.push(turn);
    byId("turns").append(turn.element);
  }

  return {
    ask(question) {
      const turn = { question, reply: null, error: null, partial: null, collection: chosen(), filter: scopeFilter(), mode: chosenMode() };
      add(turn);
      return run(turn);
    },
    stop: () => running?.abort(),
    clear() {
      running?.abort();
      running = null;
      turns = [];
      byId("turns").replaceChildren();
      say("");
      keep();
      changed();
    },
    /** Takes up the conversation that the tab has kept. */
    restore() {
      for (const turn of kept()) {
        add(turn);
        try {
          draw(turn);
        } catch {
          turns.pop(); // kept by an earlier release in another shape
          turn.element.remove();
        }
      }
      turns.at(-1)?.element.scrollIntoView();
    },
    redraw: () => turns.forEach(draw),
  };
}

const smooth = () => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
