// A numbered mark that opens its citation.

import { h } from "./dom.js";
import { t } from "./i18n.js";

/** `open(citation, chip)` is called with the mark itself, which gets the focus back later. */
export function chip(citation, open) {
  const { title } = citation.document;
  const label = t("citation", { n: citation.id, title });
  return h(
    "button",
    { class: "chip", type: "button", "aria-label": label, title, "data-citation": citation.id, onclick: (event) => open(citation, event.currentTarget) },
    String(citation.id),
  );
}
