// One citation (or near passage) in the panel, with where it stands.

import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { openPanel } from "./panel.js";
import { openReader, wholeText } from "./reader.js";
import { locate } from "./text.js";

function sourceValue(source) {
  // Only a web address becomes a link; anything else a document may claim stays text.
  const address = /^https?:\/\//i.test(source) ? source : null;
  return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, source) : source;
}

function facts(evidence) {
  const { document } = evidence;
  const rows = [
    ["publisher", document.publisher],
    ["published", document.published],
    ["derivedFrom", document.derived_from],
    ["source", document.source && sourceValue(document.source)],
    ["page", evidence.page ? String(evidence.page) : ""],
    ["version", document.version > 1 ? String(document.version) : ""],
  ].filter(([, value]) => value);
  return h("dl", { class: "facts-list" }, rows.map(([name, value]) => [h("dt", {}, t(name)), h("dd", { lang: "zh-CN" }, value)]));
}

function path(section) {
  if (!section.length) return null;
  return h("ol", { class: "path", lang: "zh-CN", "aria-label": t("section") }, section.map((heading) => h("li", {}, heading)));
}

async function passage(evidence, collection) {
  const { text, quote, start, document } = evidence;
  const block = h("blockquote", { class: "passage", lang: "zh-CN" });
  const whole = () => wholeText(document.id, document.version, collection);
  const at = quote ? await locate(text, quote, start, whole).catch(() => text.indexOf(quote)) : -1;
  if (at < 0) block.append(text);
  else block.append(text.slice(0, at), h("mark", {}, quote), text.slice(at + quote.length));
  // Words that stand outside the passage as it is indexed (a table's header, say) are still shown.
  if (quote && at < 0) block.prepend(h("p", {}, h("mark", {}, quote)));
  return block;
}

/** Opens a citation or a near passage of `collection` in the panel. */
export function openEvidence(evidence, collection, from) {
  const read = () => {
    const button = h("button", { class: "button wide", type: "button", id: "panel-read" }, icon("book"), t("showInDocument"));
    button.addEventListener("click", () => openReader(evidence, collection));
    return button;
  };
  return openPanel(
    {
      number: evidence.id,
      title: () => evidence.document.title,
      body: async () => [
        facts(evidence), path(evidence.section), h("h3", {}, t("passage")), await passage(evidence, collection), read(),
      ],
    },
    from,
  );
}
