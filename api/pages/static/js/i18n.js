// The page's words, Chinese first.

import { remember } from "./storage.js";
import en from "./words/en.js";
import zh from "./words/zh.js";

const WORDS = { zh, en };

let current = document.documentElement.lang === "en" ? "en" : "zh";

export const language = () => current;

/** The word for `key`, with `{name}` filled in. */
export function t(key, values = {}) {
  return WORDS[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Puts the words into everything that stands in index.html. */
export function translatePage() {
  document.documentElement.lang = current === "en" ? "en" : "zh-CN";
  for (const element of document.querySelectorAll("[data-i18n]")) element.textContent = t(element.dataset.i18n);
  for (const [data, attribute] of [["i18nPlaceholder", "placeholder"], ["i18nLabel", "aria-label"], ["i18nTitle", "title"]]) {
    const selector = `[data-${data.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}]`;
    for (const element of document.querySelectorAll(selector)) element.setAttribute(attribute, t(element.dataset[data]));
  }
}

export function switchLanguage() {
  current = current === "en" ? "zh" : "en";
  remember("language", current);
  translatePage();
}
