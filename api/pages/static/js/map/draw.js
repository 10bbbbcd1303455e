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

/** What a row or pill of the layout is told by, also when it is drawn anew. */
export function placeOf({ node: segment, company, segment: home }) {
  if (segment) return `segment:${segment.id}`;
  return company ? `company:${company.id}@${home.id}` : `about:${home.id}`;
}

/** A button of the map; `id` tells it apart when the map is drawn anew. */
const node = (id, classes, label, properties, ...children) =>
  s("g", { class: classes.filter(Boolean).join(" "), role: "button", tabindex: "-1", "data-id": id, "aria-label": label, ...properties }, ...children);

function row(one, { lit, dim }) {
  const { node: segment, count } = one;
  const middle = one.y + one.height / 2;
  return node(
    placeOf(one),
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
  const chosen = company && company.id === selected;
  return node(
    placeOf(one),
    ["pill", company ? "" : "about", chosen && "is-chosen", company && lit.has(company.id) && "is-lit", dim && !(company && lit.has(company.id)) && "is-dim"],
    company ? company.name : `${segment.name}：${t("aboutSegment")}`,
    {},
    company ? title(company.name) : null,
    rect(one, { class: "hit", rx: one.height / 2 }),
    s("text", { x: one.x + one.width / 2, y: one.y + one.height / 2 + 4.6, "text-anchor": "middle", lang: "zh-CN" }, label),
  );
}

const center = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** A line between the cards of what is joined, from above downwards or else sideways; it runs behind other cards. */
function link(from, to, relation) {
  const [one, other] = [from.card, to.card];
  const [start, end] = [center(from), center(to)];
  const below = other.y >= one.y + one.height;
  let d;
  if (below || one.y >= other.y + other.height) {
    const [y1, y2] = below ? [one.y + one.height, other.y] : [one.y, other.y + other.height];
    d = `M${start.x} ${y1}C${start.x} ${(y1 + y2) / 2} ${end.x} ${(y1 + y2) / 2} ${end.x} ${y2}`;
  } else {
    const [x1, x2] = other.x > one.x ? [one.x + one.width, other.x] : [one.x, other.x + other.width];
    d = `M${x1} ${start.y}C${(x1 + x2) / 2} ${start.y} ${(x1 + x2) / 2} ${end.y} ${x2} ${end.y}`;
  }
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
    // What stands in the same card is seen to be joined: it is lit.
    return to && to.card !== start.card ? [link(start, to, relation)] : [];
  });
}

/**
 * The children of the scene. `chosen` is the node looked at, or null; `place` is the id of the pill or row that was clicked.
 */
export function draw(placed, chosen, place) {
  const lit = new Set(chosen ? [chosen.id, ...chosen.edges.filter(({ relation }) => relation !== "part_of").map(({ other }) => other.id)] : []);
  const state = { lit, selected: chosen?.id ?? null, dim: chosen?.kind === "company" };
  const from = placed.pills.find((one) => one.company && place === placeOf(one));
  return [
    ...(chosen?.kind === "company" ? links(placed, chosen, from) : []),
    ...placed.bands.flatMap(band),
    ...placed.cards.map((one) => rect(one, { class: "card", rx: 13 })),
    ...placed.rows.map((one) => row(one, state)),
    ...placed.pills.map((one) => pill(one, state)),
  ].filter(Boolean);
}
