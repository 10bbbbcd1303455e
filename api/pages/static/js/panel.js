// The side panel: one thing at a time, with a way back to what was in it before.

import { byId } from "./dom.js";

// What is in the panel, the newest last: {title(), number, body() → nodes, or a promise of them}.
let stack = [];
let opener = null;

const narrow = window.matchMedia("(max-width: 900px)");

function cover() {
  // On a narrow screen the panel covers the page, which must then not be reached by keyboard.
  for (const behind of [byId("main"), document.querySelector(".bar"), byId("skip")]) behind.inert = stack.length > 0 && narrow.matches;
}

async function render() {
  const shown = stack.at(-1);
  const body = await shown.body();
  if (stack.at(-1) !== shown) return; // another one was opened meanwhile
  byId("panel-number").textContent = shown.number ?? "";
  byId("panel-number").hidden = !shown.number;
  byId("panel-back").hidden = stack.length < 2;
  byId("panel-title").textContent = shown.title();
  byId("panel-body").replaceChildren(...body.filter(Boolean));
  byId("panel-body").scrollTop = 0;
  byId("panel-body").querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

/** Shows `content`; `from` gets the focus back when the panel closes. What is opened from within can be gone back from. */
export async function openPanel(content, from) {
  const within = from && byId("panel").contains(from);
  stack = within ? [...stack, content] : [content];
  if (!within) {
    opener?.classList.remove("is-open");
    from?.classList.add("is-open");
    opener = from;
  }
  byId("panel").hidden = false;
  byId("stage").classList.add("with-panel");
  cover();
  await render();
  byId("panel-close").focus({ preventScroll: true });
}

export function closePanel() {
  if (!stack.length) return;
  const closed = stack[0];
  stack = [];
  byId("panel").hidden = true;
  byId("stage").classList.remove("with-panel");
  cover();
  opener?.classList.remove("is-open");
  const target = opener?.isConnected ? opener : closed.home?.() ?? byId("main");
  opener = null;
  target.focus({ preventScroll: true });
  closed.closed?.();
}

/** Draws it again, in the page's language. */
export const refreshPanel = () => stack.length > 0 && render();

export function installPanel() {
  narrow.addEventListener("change", cover);
  byId("panel-close").addEventListener("click", closePanel);
  byId("panel-back").addEventListener("click", async () => {
    stack.pop();
    await render();
    byId("panel-close").focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]") && !event.isComposing && !event.defaultPrevented) closePanel();
  });
  byId("stage").addEventListener("click", (event) => {
    if (event.target === byId("stage")) closePanel(); // the dimmed page beside a sheet
  });
}
