// Whether the service is there and ready, and finding it again when it was not.

import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { onReach, ready } from "./service.js";

const POLL_SECONDS = 3;

let state = "Loading";
let timer = 0;
let found = () => {};

export function showState() {
  byId("state").dataset.state = state.toLowerCase();
  byId("state-text").textContent = t(`state${state}`);
}

function turn(to) {
  if (state === to) return;
  state = to;
  showState();
}

async function look() {
  clearTimeout(timer);
  timer = 0;
  try {
    await ready();
    turn("Ready");
    found();
  } catch (error) {
    turn(error.status === 503 ? "Loading" : navigator.onLine ? "Reconnecting" : "Offline");
    timer = setTimeout(look, 1000 * (error.retryAfter || POLL_SECONDS));
  }
}

/** Watches the service; `ready()` is called whenever it is found ready. */
export function watchService(whenReady) {
  found = whenReady;
  onReach((reached) => {
    if (reached || timer || state !== "Ready") return;
    turn("Reconnecting");
    timer = setTimeout(look, 1000);
  });
  window.addEventListener("online", look);
  window.addEventListener("offline", () => turn("Offline"));
  return look();
}
