// The page put together: asking, the views, the key, the language, the theme.

import { chosen, installCollections, onCollection, readCollections } from "./js/collections.js";
import { answered, conversation, isBusy, isEmpty } from "./js/conversation.js";
import { installDocuments, recoverDocuments, redrawDocuments } from "./js/documents/view.js";
import { byId, h, icon, save, say } from "./js/dom.js";
import { markdown } from "./js/export.js";
import { showState, watchService } from "./js/health.js";
import { switchLanguage, t, translatePage } from "./js/i18n.js";
import { installMap, recoverMap, redrawMap } from "./js/map/view.js";
import { closePanel, installPanel, refreshPanel } from "./js/panel.js";
import { installReader } from "./js/reader.js";
import { installScope, limitTo, showScope } from "./js/scope.js";
import { examples } from "./js/service.js";
import { heldKey, holdKey } from "./js/storage.js";
import { showTheme, switchTheme } from "./js/theme.js";
import { go, installViews, titleView, view } from "./js/views.js";
import { installWriting, readWriting } from "./js/writing.js";

const wide = window.matchMedia("(min-width: 901px)");
const question = byId("question");
const talk = conversation({ changed, locked: askForKey, edit });
const afterKey = new Set(); // what waits for a key

function changed() {
  byId("hero").hidden = !isEmpty();
  // They are questions to the service's own collection.
  byId("examples").hidden = !isEmpty() || chosen() !== null;
  byId("new").hidden = isEmpty();
  byId("export").hidden = answered().length === 0;
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

/** Puts a question back to be mended. */
function edit(text) {
  question.value = text;
  grow();
  changed();
  question.focus();
}

/** From another view: comes back to the chat and asks. */
function askThere(text) {
  closePanel();
  go("chat");
  // The view changes with the address, which the browser tells a moment later.
  if (view() === "chat") setTimeout(() => ask(text));
}

/** From the list of documents: comes back to the chat to ask one document alone. */
function askDocument(document) {
  limitTo(document);
  go("chat");
  setTimeout(() => question.focus());
}

function begin() {
  closePanel();
  talk.clear();
  question.focus();
}

async function showExamples() {
  try {
    const cards = (await examples()).map((text) =>
      h("button", { class: "example", type: "button", lang: "zh-CN", onclick: () => ask(text) }, h("span", {}, text), icon("arrow")),
    );
    byId("examples").replaceChildren(...cards);
  } catch (error) {
    if (error.status === 401) askForKey(found);
    // Otherwise the page does without: the state above says what is wrong.
  }
}

/** The service is there: what the page shows of it is read, if it has not been. */
function found() {
  if (!byId("examples").childElementCount) showExamples();
  readCollections();
  readWriting();
  recoverDocuments();
  recoverMap();
}

function askForKey(then, word = heldKey() ? "keyWrong" : "keyText") {
  afterKey.add(then);
  byId("key-text").dataset.i18n = word;
  byId("key-text").textContent = t(word);
  byId("key-form").classList.toggle("is-wrong", word === "keyWrong");
  if (word === "keyWrong") say(t(word)); // the focus stays where it is, so that nothing else would tell
  const form = byId("key-form");
  if (!form.hidden && word === "keyText") return; // it is being typed
  form.hidden = false;
  byId("key").value = "";
  byId("key").focus();
}

byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  holdKey(byId("key").value.trim());
  byId("key-form").hidden = true;
  const waiting = [...afterKey.add(found)];
  afterKey.clear();
  waiting.forEach((then) => then());
  if (view() === "chat") question.focus();
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

byId("new").addEventListener("click", begin);
byId("export").addEventListener("click", () => {
  const day = new Date().toISOString().slice(0, 10);
  save(`${t("exportFile")}-${day}.md`, markdown(answered()), "text/markdown;charset=utf-8");
});
byId("theme").addEventListener("click", switchTheme);
byId("language").addEventListener("click", () => {
  switchLanguage();
  relabel();
  refreshPanel();
});

function relabel() {
  byId("language").textContent = t("otherLanguage");
  byId("language").setAttribute("aria-label", t("otherLanguageLabel"));
  titleView();
  showTheme();
  showState();
  showScope();
  talk.redraw();
  redrawDocuments();
  redrawMap();
  changed();
}

installPanel();
installReader();
installCollections();
installScope();
installWriting();
onCollection(changed);
installDocuments({ locked: askForKey, askDocument });
installMap({ ask: askThere, locked: askForKey });
translatePage();
talk.restore();
installViews();
relabel();
watchService(found);
if (wide.matches && view() === "chat") question.focus();
