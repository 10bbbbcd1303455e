// The conversation: its turns, and what of it travels with the next question.

import { renderAnswer } from "./answer.js";
import { byId, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { openPanel } from "./panel.js";
import { chat, ServiceError } from "./service.js";

// The service keeps no session. Twenty turns are more than a follow-up looks back on.
const TURNS_SENT = 20;

let turns = [];
let running = null;

export const isEmpty = () => turns.length === 0;
export const isBusy = () => running !== null;

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

function waiting() {
  const line = () => h("span", { class: "bone" });
  return h("div", { class: "waiting", role: "status" }, h("p", {}, t("searching")), line(), line(), line());
}

function failure(turn, again) {
  const { error } = turn;
  return h(
    "div",
    { class: "failure", role: "group" },
    h("p", { class: "failure-title" }, error.code === "stopped" ? t("stopped") : t("failed")),
    error.code === "stopped" ? null : h("p", {}, error.message),
    error.requestId ? h("p", { class: "request-id" }, t("requestId", { id: error.requestId })) : null,
    h("button", { class: "button", type: "button", onclick: () => again(turn) }, icon("retry"), t("retry")),
  );
}

function draw(turn, again) {
  const body = turn.reply ? renderAnswer(turn.reply, openPanel) : turn.error ? failure(turn, again) : waiting();
  turn.element.replaceChildren(h("h2", { class: "asked", lang: "zh-CN" }, turn.question), body);
}

const say = (text) => (byId("live").textContent = text);

function announce(turn) {
  if (turn.reply) say(`${t("answer")}：${turn.reply.answer.replace(/\[\d+\]/g, "")}`);
  else say(turn.error.code === "stopped" ? t("stopped") : `${t("failed")}：${turn.error.message}`);
}

const smooth = () => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

/** What the page does around a turn: `busy()` when it changes, `locked(turn)` when a key is needed. */
export function conversation({ changed, locked }) {
  async function run(turn) {
    if (running) return;
    turn.error = null;
    const control = new AbortController();
    running = control;
    draw(turn, run);
    changed();
    turn.element.scrollIntoView({ block: "start", behavior: smooth() });
    say(t("searching"));
    try {
      const reply = await chat(messages(turn), control.signal);
      if (turn.element.isConnected) turn.reply = reply;
    } catch (error) {
      if (error.name === "AbortError") turn.error = new ServiceError(t("stopped"), { code: "stopped" });
      else if (error instanceof ServiceError) turn.error = error;
      else turn.error = new ServiceError(t("badReply"), { code: "bad_reply" });
    }
    if (running === control) running = null;
    changed();
    if (!turn.element.isConnected) return; // a new conversation was begun meanwhile
    draw(turn, run);
    announce(turn);
    if (turn.error?.status === 401) locked(() => run(turn));
  }

  return {
    ask(question) {
      const turn = { question, reply: null, error: null, element: h("section", { class: "turn" }) };
      turns.push(turn);
      byId("turns").append(turn.element);
      return run(turn);
    },
    stop: () => running?.abort(),
    clear() {
      running?.abort();
      running = null;
      turns = [];
      byId("turns").replaceChildren();
      say("");
      changed();
    },
    redraw: () => turns.forEach((turn) => draw(turn, run)),
  };
}
