// Light, dark, or as the system has it.

import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { remember } from "./storage.js";

const NEXT = { auto: "light", light: "dark", dark: "auto" };
const NAME = { auto: "themeAuto", light: "themeLight", dark: "themeDark" };

const current = () => document.documentElement.dataset.theme ?? "auto";

/** Shows the theme on its button, in the page's language. */
export function showTheme() {
  const button = byId("theme");
  button.querySelector("use").setAttribute("href", `static/icons.svg#${current()}`);
  button.setAttribute("aria-label", t(NAME[current()]));
  button.title = t(NAME[current()]);
}

export function switchTheme() {
  const theme = NEXT[current()];
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  remember("theme", theme === "auto" ? "" : theme);
  showTheme();
}
