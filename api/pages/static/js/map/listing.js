// The map as a list, for screen readers and narrow screens.

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { rows } from "./model.js";

function companies(node, look) {
  return h(
    "ul",
    { class: "listed-companies", lang: "zh-CN" },
    node.companies.map((company) => h("li", {}, h("button", { class: "listed-company", type: "button", onclick: (event) => look(company, event.currentTarget) }, company.name))),
  );
}

function segment({ node, depth }, look) {
  const count = node.companies.length;
  const name = [h("span", { lang: "zh-CN" }, node.name), count ? h("span", { class: "listed-count" }, String(count)) : null];
  const about = node.kind === "loose" ? null : h("button", { class: "quiet", type: "button", "aria-label": `${node.name}：${t("aboutSegment")}`, onclick: (event) => look(node, event.currentTarget) }, t("aboutSegment"));
  const content = count ? h("details", { "data-id": node.id }, h("summary", {}, name), companies(node, look)) : h("p", { class: "listed-empty" }, name);
  const item = h("li", { class: depth ? "listed is-part" : "listed" }, content, about);
  item.style.setProperty("--depth", String(depth));
  return item;
}

/** The elements of the list; `look(node, from)` opens one in the panel. */
export function listing(model, look) {
  return model.bands.map((band) =>
    h(
      "section",
      { class: "listed-band" },
      band.name ? h("h2", { lang: "zh-CN" }, band.name) : null,
      h("ul", { class: "listed-segments" }, band.cards.flatMap((card) => rows(card).map((row) => segment(row, look)))),
    ),
  );
}
