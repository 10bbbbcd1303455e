// A long question is shown by its first lines, with a button for the rest.

import { h } from "./dom.js";
import { t } from "./i18n.js";

const LONG_CHARACTERS = 240;
const LONG_LINES = 5;

/** The question as a heading; `[heading, button]` where it is long. */
export function clamped(question) {
  const heading = h("h2", { class: "asked", lang: "zh-CN" }, question);
  if (question.length <= LONG_CHARACTERS && question.split("\n").length <= LONG_LINES) return heading;
  heading.classList.add("is-clamped");
  const button = h("button", { class: "quiet more", type: "button", "aria-expanded": "false" }, t("expand"));
  button.addEventListener("click", () => {
    const closed = heading.classList.toggle("is-clamped");
    button.setAttribute("aria-expanded", String(!closed));
    button.textContent = t(closed ? "expand" : "collapse");
  });
  return h("div", { class: "asked-long" }, heading, button);
}
