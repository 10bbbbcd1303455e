// Where everything stands on the map, in its own units (a unit is a CSS pixel at scale 1).

import { companiesBelow, rows } from "./model.js";

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

function card(node, x, y, wide, open, more) {
  const placed = { node, x, y, width: wide, rows: [], pills: [] };
  let top = y;
  for (const { node: segment, depth } of rows(node)) {
    const height = depth ? ROW : HEAD;
    const indent = PAD + Math.max(0, depth - 1) * INDENT;
    const count = segment.companies.length;
    const label = fit(segment.name, depth ? "row" : "head", wide - indent - PAD - (count ? 34 : 0));
    placed.rows.push({ node: segment, depth, label, count, x, y: top, width: wide, height, indent, open: open.has(segment.id) });
    top += height;
    if (open.has(segment.id)) {
      const { found, bottom } = pills(segment, x + PAD, top + 4, wide - 2 * PAD, more);
      placed.pills.push(...found);
      top = bottom;
    }
  }
  return { ...placed, height: top - y + (placed.rows.length > 1 || placed.pills.length ? 6 : 0) };
}

/**
 * Which column each card stands in: the tallest are placed first, so that the columns come out even. It is decided with
 * every card closed, so that opening one moves no other sideways. Columns and their cards keep the document's order.
 */
function columns(cards, count) {
  const tall = cards.map((node) => HEAD + (rows(node).length - 1) * ROW + GAP);
  const heights = new Array(count).fill(0);
  const members = heights.map(() => []);
  for (const position of cards.map((_, at) => at).sort((one, other) => tall[other] - tall[one] || one - other)) {
    const column = heights.indexOf(Math.min(...heights));
    heights[column] += tall[position];
    members[column].push(position);
  }
  members.forEach((positions) => positions.sort((one, other) => one - other));
  members.sort((one, other) => (one[0] ?? Infinity) - (other[0] ?? Infinity));
  const at = [];
  members.forEach((positions, column) => positions.forEach((position) => (at[position] = column)));
  return at;
}

/**
 * The map of `model` for a window `width` units wide, with the segments in `open` (a Set of ids) opened.
 * `{width, height, bands, cards, rows, pills}`, each with its rectangle.
 */
export function layout(model, open, width, more) {
  const inside = width - 2 * BAND_PAD + GAP;
  const count = Math.max(2, Math.min(7, Math.floor(inside / (NARROWEST + GAP))));
  const wide = Math.max(NARROWEST, Math.min(WIDEST, inside / count - GAP));
  const whole = 2 * BAND_PAD + count * wide + (count - 1) * GAP;
  const placed = { width: whole, height: 0, bands: [], cards: [], rows: [], pills: [] };
  let top = 0;
  for (const band of model.bands) {
    const head = band.name ? BAND_HEAD : BAND_PAD;
    const heights = new Array(count).fill(top + head);
    const at = columns(band.cards, count);
    band.cards.forEach((node, position) => {
      const column = at[position];
      const one = card(node, BAND_PAD + column * (wide + GAP), heights[column], wide, open, more);
      heights[column] += one.height + GAP;
      placed.cards.push(one);
      placed.rows.push(...one.rows);
      placed.pills.push(...one.pills);
    });
    const bottom = Math.max(...heights) - GAP + BAND_PAD;
    const companies = new Set(band.cards.flatMap((node) => [...companiesBelow(node)])).size;
    const segments = band.cards.reduce((sum, node) => sum + rows(node).length, 0);
    placed.bands.push({ name: band.name, follows: band.follows, segments, companies, x: 0, y: top, width: whole, height: bottom - top });
    top = bottom + BAND_GAP;
  }
  placed.height = Math.max(0, top - BAND_GAP);
  return placed;
}
