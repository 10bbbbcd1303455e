// The map as SVG elements. Every word is a text node.

import { s } from "../dom.js";
import { t } from "../i18n.js";

const title = (text) => s("title", {}, text);

const rect = ({ x, y, width, height }, properties = {}) => s("rect", { x, y, width, height, ...properties });

function band(one) {
  const middle = one.x + one.width / 2;
  const arrow = one.follows ? s("path", { class: "flow", d: `M${middle} ${one.y - 27}v18m-7 -7 7 7 7 -7` }) : null;
  const counts = t("mapCounts", { segments: one.segments, companies: one.companies });
  return [
    arrow,
    s(
      "g",
      { class: "band" },
      rect(one, { rx: 18 }),
      one.name ? s("text", { class: "band-name", x: one.x + 20, y: one.y + 27, lang: "zh-CN" }, one.name) : null,
      s("text", { class: "band-counts", x: one.x + one.width - 20, y: one.y + 27, "text-anchor": "end" }, counts),
    ),
  ];
}

/** A button of the map; `id` tells it apart when the map is drawn anew. */
const node = (id, classes, label, properties, ...children) =>
  s("g", { class: classes.filter(Boolean).join(" "), role: "button", tabindex: "-1", "data-id": id, "aria-label": label, ...properties }, ...children);

function row(one, { lit, dim }) {
  const { node: segment, count } = one;
  const middle = one.y + one.height / 2;
  const id = `segment:${segment.id}`;
  return node(
    id,
    ["row", one.depth ? "" : "head", one.open && "is-open", lit.has(segment.id) && "is-lit", dim && !lit.has(segment.id) && "is-dim"],
    count ? t("companiesOf", { name: segment.name, n: count }) : `${segment.name}，${t("noCompanies")}`,
    count ? { "aria-expanded": String(one.open) } : {},
    title(segment.name),
    rect({ x: one.x + 3, y: one.y + 2, width: one.width - 6, height: one.height - 4 }, { class: "hit", rx: 9 }),
    s("text", { class: "row-name", x: one.x + one.indent, y: middle + 5, lang: "zh-CN" }, one.label),
    count
      ? [
          rect({ x: one.x + one.width - 40, y: middle - 10, width: 30, height: 20 }, { class: "badge", rx: 10 }),
          s("text", { class: "badge-text", x: one.x + one.width - 25, y: middle + 4.5, "text-anchor": "middle" }, String(count)),
        ]
      : null,
  );
}

function pill(one, { lit, selected, dim }) {
  const { company, segment, label } = one;
  const id = company ? `company:${company.id}@${segment.id}` : `about:${segment.id}`;
  const chosen = company && company.id === selected;
  return node(
    id,
    ["pill", company ? "" : "about", chosen && "is-chosen", company && lit.has(company.id) && "is-lit", dim && !(company && lit.has(company.id)) && "is-dim"],
    company ? company.name : `${segment.name}：${t("aboutSegment")}`,
    {},
    company ? title(company.name) : null,
    rect(one, { class: "hit", rx: one.height / 2 }),
    s("text", { x: one.x + one.width / 2, y: one.y + one.height / 2 + 4.6, "text-anchor": "middle", lang: "zh-CN" }, label),
  );
}

const center = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** A line from one rectangle's side to another's. */
function link(from, to, relation) {
  const [one, other] = [center(from), center(to)];
  const right = other.x >= one.x;
  const [x1, x2] = [right ? from.x + from.width : from.x, right ? to.x : to.x + to.width];
  // Things that stand above one another are joined by a bow beside them.
  const beside = x1 > x2 === right;
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const d = beside
    ? `M${from.x} ${one.y}C${Math.min(from.x, to.x) - 40} ${one.y} ${Math.min(from.x, to.x) - 40} ${other.y} ${to.x} ${other.y}`
    : `M${x1} ${one.y}C${x1 + (right ? bend : -bend)} ${one.y} ${x2 - (right ? bend : -bend)} ${other.y} ${x2} ${other.y}`;
  return s("path", { class: `link is-${relation}`, d });
}

/** What of the layout belongs to a node: its pills, else its row. */
function places(placed, other) {
  const found = placed.pills.filter(({ company }) => company?.id === other.id);
  return found.length ? found : placed.rows.filter(({ node: segment }) => segment.id === other.id);
}

function links(placed, chosen, from) {
  const start = from ?? places(placed, chosen)[0];
  if (!start) return [];
  return chosen.edges.flatMap(({ other, relation }) => {
    // A company stands in its segment already: no line to the card that it is in.
    if (relation === "supplies" && start.segment?.id === other.id) return [];
    if (relation === "part_of") return [];
    const to = places(placed, other)[0];
    return to ? [link(start, to, relation)] : [];
  });
}

/**
 * The children of the scene. `chosen` is the node looked at, or null; `place` is the id of the pill or row that was clicked.
 */
export function draw(placed, chosen, place) {
  const lit = new Set(chosen ? [chosen.id, ...chosen.edges.filter(({ relation }) => relation !== "part_of").map(({ other }) => other.id)] : []);
  const state = { lit, selected: chosen?.id ?? null, dim: chosen?.kind === "company" };
  const from = placed.pills.find(({ company, segment }) => company && place === `company:${company.id}@${segment.id}`);
  return [
    ...placed.bands.flatMap(band),
    ...placed.cards.map((one) => rect(one, { class: "card", rx: 13 })),
    ...placed.rows.map((one) => row(one, state)),
    ...placed.pills.map((one) => pill(one, state)),
    ...(chosen?.kind === "company" ? links(placed, chosen, from) : []),
  ].filter(Boolean);
}
