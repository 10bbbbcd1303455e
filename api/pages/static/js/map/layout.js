// Where everything stands on the map, in its own units (a unit is a CSS pixel at scale 1).

import { companiesBelow, rows } from "./model.js";
import { arrange, shares } from "./pack.js";

const NARROWEST = 200;
const WIDEST = 280;
const GAP = 14;
const PAD = 12;
const ROW = 31;
const HEAD = 38;
const INDENT = 13;
const PILL = 26;
const PILL_GAP = 6;
const BAND_PAD = 18;
const BAND_HEAD = 40;
const BAND_GAP = 34;

const widthOf = (unit, span) => span * unit + (span - 1) * GAP;

const FONT = { row: "500 14px", head: "650 15px", pill: "13px", band: "650 17px" };

const context = document.createElement("canvas").getContext("2d");

/** The width of `text`, and `text` cut to `most` units with an ellipsis. */
function measure(text, font) {
  context.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return context.measureText(text).width;
}

export function fit(text, font, most) {
  if (measure(text, FONT[font]) <= most) return text;
  const characters = Array.from(text);
  while (characters.length > 1 && measure(`${characters.join("")}…`, FONT[font]) > most) characters.pop();
  return `${characters.join("")}…`;
}

/** The companies of a segment as rows of pills below it; the last pill tells more of the segment. */
function pills(node, x, y, most, more) {
  const found = [];
  let [left, top] = [x, y];
  for (const company of node.kind === "loose" ? node.companies : [...node.companies, null]) {
    const full = company ? company.name : more;
    const label = fit(full, "pill", most - 18);
    const width = Math.min(most, measure(label, FONT.pill) + 18);
    if (left > x && left + width > x + most) [left, top] = [x, top + PILL + PILL_GAP];
    found.push({ company, segment: node, label, x: left, y: top, width, height: PILL });
    left += width + PILL_GAP;
  }
  return { found, bottom: top + PILL + 10 };
}

/** One segment's row at (`x`, `y`), and below it, where it is open, its companies. */
function line({ node, depth }, x, y, wide, open, more) {
  const height = depth ? ROW : HEAD;
  const indent = PAD + Math.max(0, depth - 1) * INDENT;
  const count = node.companies.length;
  const label = fit(node.name, depth ? "row" : "head", wide - indent - PAD - (count ? 34 : 0));
  const row = { node, depth, label, count, x, y, width: wide, height, indent, open: open.has(node.id) };
  if (!row.open) return { row, pills: [], bottom: y + height };
  const { found, bottom } = pills(node, x + PAD, y + height + 4, wide - 2 * PAD, more);
  return { row, pills: found, bottom };
}

/** A segment and all below it, in `span` columns `unit` wide; what stands below one part stays with it in its column. */
function card(node, x, y, unit, span, open, more) {
  const placed = { node, x, y, width: widthOf(unit, span), rows: [], pills: [] };
  const put = (one, left, top, wide) => {
    const { row, pills: found, bottom } = line(one, left, top, wide, open, more);
    placed.rows.push({ ...row, card: placed });
    placed.pills.push(...found.map((pill) => ({ ...pill, card: placed })));
    return bottom;
  };
  const [head, ...below] = rows(node);
  const top = put(head, x, y, placed.width);
  const groups = [];
  for (const one of below) {
    if (one.depth === 1) groups.push({ members: [], height: 0 });
    groups.at(-1).members.push(one);
    groups.at(-1).height += line(one, 0, 0, unit, open, more).bottom;
  }
  const tops = new Array(span).fill(top);
  shares(groups.map(({ height }) => height), span).forEach((column, at) => {
    for (const one of groups[at].members) tops[column] = put(one, x + column * (unit + GAP), tops[column], unit);
  });
  const bottom = Math.max(...tops);
  return Object.assign(placed, { height: bottom - y + (placed.rows.length > 1 || placed.pills.length ? 6 : 0) });
}

/**
 * The map of `model` for a window `width` units wide, with the segments in `open` (a Set of ids) opened.
 * `{width, height, bands, cards, rows, pills}`, each with its rectangle; rows and pills also with their `card`.
 */
export function layout(model, open, width, more) {
  const inside = width - 2 * BAND_PAD + GAP;
  const count = Math.max(1, Math.min(14, Math.floor(inside / (NARROWEST + GAP))));
  const unit = Math.max(NARROWEST, Math.min(WIDEST, inside / count - GAP));
  const whole = 2 * BAND_PAD + widthOf(unit, count);
  const placed = { width: whole, height: 0, bands: [], cards: [], rows: [], pills: [] };
  const heightWith = (opened) => (node, span) => card(node, 0, 0, unit, span, opened, more).height + GAP;
  let top = 0;
  for (const band of model.bands) {
    const head = band.name ? BAND_HEAD : BAND_PAD;
    const { places, height } = arrange(band.cards, count, heightWith(new Set()), heightWith(open));
    band.cards.forEach((node, position) => {
      const { column, span, y } = places[position];
      const one = card(node, BAND_PAD + column * (unit + GAP), top + head + y, unit, span, open, more);
      placed.cards.push(one);
      placed.rows.push(...one.rows);
      placed.pills.push(...one.pills);
    });
    const bottom = top + head + height - GAP + BAND_PAD;
    const companies = new Set(band.cards.flatMap((node) => [...companiesBelow(node)])).size;
    const segments = band.cards.reduce((sum, node) => sum + rows(node).length, 0);
    placed.bands.push({ name: band.name, follows: band.follows, segments, companies, x: 0, y: top, width: whole, height: bottom - top });
    top = bottom + BAND_GAP;
  }
  placed.height = Math.max(0, top - BAND_GAP);
  return placed;
}
