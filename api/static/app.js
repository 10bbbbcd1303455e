// The page put together: asking, the key, the language, the theme, the service's state.

import { conversation, isBusy, isEmpty } from "./js/conversation.js";
import { byId, h, icon } from "./js/dom.js";
import { switchLanguage, t, translatePage } from "./js/i18n.js";
import { closePanel, installPanel, refreshPanel } from "./js/panel.js";
import { installReader } from "./js/reader.js";
import { examples, ready } from "./js/service.js";
import { heldKey, holdKey } from "./js/storage.js";
import { showTheme, switchTheme } from "./js/theme.js";

const POLL_SECONDS = 5;

const wide = window.matchMedia("(min-width: 901px)");
const question = byId("question");
const talk = conversation({ changed, locked: askForKey });
let state = "Loading";
let afterKey = null;

function changed() {
  byId("hero").hidden = !isEmpty();
  byId("examples").hidden = !isEmpty();
  byId("new").hidden = isEmpty();
  document.body.classList.toggle("talking", !isEmpty());
  document.body.classList.toggle("busy", isBusy());
  question.placeholder = t(isEmpty() ? "placeholder" : "placeholderMore");
  byId("send").setAttribute("aria-label", t(isBusy() ? "stop" : "send"));
  byId("send").disabled = !isBusy() && !question.value.trim();
}

function grow() {
  question.style.height = "auto";
  question.style.height = `${Math.min(question.scrollHeight, 200)}px`;
}

function ask(text) {
  if (isBusy() || !text.trim()) return;
  question.value = "";
  grow();
  closePanel();
  talk.ask(text.trim());
  // On a phone the focus would bring the keyboard up over the answer.
  if (wide.matches) question.focus({ preventScroll: true });
  else question.blur();
}

function begin() {
  closePanel();
  talk.clear();
  question.focus();
}

function showState() {
  byId("state").dataset.state = state.toLowerCase();
  byId("state-text").textContent = t(`state${state}`);
}

async function watchState() {
  try {
    await ready();
    state = "Ready";
  } catch (error) {
    state = error.status === 503 ? "Loading" : "Offline";
    setTimeout(watchState, 1000 * (error.retryAfter || POLL_SECONDS));
  }
  showState();
}

async function showExamples() {
  try {
    const cards = (await examples()).map((text) =>
      h("button", { class: "example", type: "button", lang: "zh-CN", onclick: () => ask(text) }, h("span", {}, text), icon("arrow")),
    );
    byId("examples").replaceChildren(...cards);
  } catch (error) {
    if (error.status === 401) askForKey(showExamples);
    // Otherwise the page does without: the state above says what is wrong.
  }
}

function askForKey(then) {
  afterKey = then;
  byId("key-text").dataset.i18n = heldKey() ? "keyWrong" : "keyText";
  byId("key-text").textContent = t(byId("key-text").dataset.i18n);
  byId("key-form").hidden = false;
  byId("key").value = "";
  byId("key").focus();
}

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  holdKey(byId("key").value.trim());
  byId("key-form").hidden = true;
  const then = afterKey;
  afterKey = null;
  if (then !== showExamples && !byId("examples").childElementCount) showExamples();
  then?.();
  question.focus();
});

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (isBusy()) talk.stop();
  else ask(question.value);
});

question.addEventListener("input", () => {
  grow();
  changed();
});

question.addEventListener("keydown", (event) => {
  // While an input method composes, Enter picks a word; Safari says so only by the key code.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  ask(question.value);
});

byId("home").addEventListener("click", begin);
byId("new").addEventListener("click", begin);
byId("theme").addEventListener("click", switchTheme);
byId("language").addEventListener("click", () => {
  switchLanguage();
  relabel();
  refreshPanel();
});

function relabel() {
  byId("language").textContent = t("otherLanguage");
  byId("language").setAttribute("aria-label", t("otherLanguageLabel"));
  showTheme();
  showState();
  talk.redraw();
  changed();
}

installPanel();
installReader();
translatePage();
relabel();
watchState();
showExamples();
if (wide.matches) question.focus();
