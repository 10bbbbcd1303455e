// Small dialogs: a question before what cannot be undone, and forms. The browser keeps the focus inside and gives it back.

import { h } from "../dom.js";
import { t } from "../i18n.js";

let count = 0;

/** A dialog with `title` and `content`; `act(form)` runs on its button and keeps it open by throwing. */
function ask({ title, content, button, danger = false, act }) {
  const id = `dialog-${++count}`;
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const cancel = h("button", { class: "button plain", type: "button" }, t("cancel"));
  const agree = h("button", { class: danger ? "button danger" : "button strong", type: "submit" }, button);
  const form = h("form", { class: "dialog-form", method: "dialog" }, h("h2", { id }, title), content, problem, h("div", { class: "dialog-buttons" }, cancel, agree));
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": id }, form);
  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    agree.disabled = true;
    problem.hidden = true;
    try {
      const next = await act(form);
      dialog.close();
      // What opened the dialog may be gone with what was removed.
      if (next instanceof HTMLElement) next.focus();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
    agree.disabled = false;
  });
  document.body.append(dialog);
  dialog.showModal();
  // What destroys is not what Enter does at once.
  if (danger) cancel.focus();
}

/** Asks before something is destroyed; `act` destroys it and gives what then gets the focus. */
export function confirmRemoval(title, text, act) {
  ask({ title, content: h("p", { class: "dialog-text" }, text), button: t("remove"), danger: true, act });
}

function field(label, input, hint) {
  return h("label", { class: "dialog-field" }, h("span", {}, label), input, hint ? h("small", {}, hint) : null);
}

/** Asks for a collection's name. */
export function askName(act) {
  const input = h("input", { class: "field", name: "name", required: true, maxlength: "64", autocomplete: "off", spellcheck: "false" });
  ask({
    title: t("newCollection"), content: field(t("collectionName"), input, t("collectionHint")), button: t("create"),
    act: () => act(input.value.trim()),
  });
}

/** Asks for a text to add: `act({title, text, source, published})`. */
export function askText(act) {
  const content = h(
    "div",
    { class: "dialog-fields" },
    field(t("pasteTitle"), h("input", { class: "field", name: "title", required: true, maxlength: "200", autocomplete: "off" })),
    field(t("pasteBody"), h("textarea", { class: "field", name: "text", required: true, rows: "9" })),
    h(
      "div",
      { class: "dialog-pair" },
      field(t("pasteSource"), h("input", { class: "field", name: "source", maxlength: "500", autocomplete: "off" })),
      field(t("pastePublished"), h("input", { class: "field", name: "published", type: "date" })),
    ),
  );
  ask({
    title: t("paste"), content, button: t("pasteAdd"),
    act: (form) => act(Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()))),
  });
}
