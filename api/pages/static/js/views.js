// Which of the three views is shown: the address says it (#/documents), so that Back works.

import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { closePanel } from "./panel.js";

const TITLES = { chat: "title", documents: "titleDocuments", map: "titleMap" };
const entered = new Map();

export const view = () => {
  const name = location.hash.replace(/^#\//, "");
  return name in TITLES ? name : "chat";
};

/** Calls `enter()` each time the view is come to. */
export const onView = (name, enter) => entered.set(name, enter);

export function titleView() {
  document.title = t(TITLES[view()]);
}

function show(focus) {
  const name = view();
  closePanel();
  document.body.dataset.view = name;
  for (const other of Object.keys(TITLES)) byId(`view-${other}`).hidden = other !== name;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  titleView();
  entered.get(name)?.();
  if (!focus) return;
  window.scrollTo(0, 0);
  byId(`view-${name}`).querySelector("h1[tabindex]")?.focus({ preventScroll: true });
}

export function go(name) {
  const hash = name === "chat" ? "#/" : `#/${name}`;
  if (location.hash !== hash) location.hash = hash;
}

export function installViews() {
  window.addEventListener("hashchange", () => show(true));
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address says the view, so the jump is made here
    byId("main").focus();
  });
  show(false);
}
