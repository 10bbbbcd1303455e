// The view of the map: read once for a collection, drawn as a picture or a list, searched, and asked about.

import { chosen, onCollection } from "../collections.js";
import { byId, h, icon, s, say } from "../dom.js";
import { t } from "../i18n.js";
import { graph } from "../service.js";
import { remember, remembered } from "../storage.js";
import { onView, view } from "../views.js";
import { camera } from "./camera.js";
import { openNode } from "./details.js";
import { draw } from "./draw.js";
import { installKeys, stopAt } from "./keys.js";
import { layout } from "./layout.js";
import { listing } from "./listing.js";
import { build } from "./model.js";

// The smallest scale at which the map is still read (its words are 13 units high).
const LEAST = 0.62;

const scene = s("g");
const open = new Set();
let eye = null;
let read = null; // the service's graph
let model = null;
let placed = null;
let citations = new Map();
let collection = null;
let looked = null; // {node, place}
let page = {};
let width = 0; // that the layout is for

const chart = () => byId("chart");
const asList = () => (remembered("map") ?? (window.innerWidth < 700 ? "list" : "picture")) === "list";
const withCompanies = () => [...model.nodes.values()].filter((node) => node.kind !== "company" && node.companies.length);
const fit = (options) => placed && eye.show(placed.width, placed.height, options);
const element = (place) => scene.querySelector(`[data-id="${CSS.escape(place)}"]`);

/** Draws the picture anew; what had the focus has it still. */
function redraw() {
  const focused = scene.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const stop = scene.querySelector('[tabindex="0"]')?.dataset.id;
  placed = layout(model, open, width, `${t("aboutSegment")} ›`);
  scene.replaceChildren(...draw(placed, looked?.node ?? null, looked?.place));
  const again = (focused && element(focused)) || (stop && element(stop)) || scene.querySelector('[role="button"]');
  stopAt(scene, again);
  if (focused) element(focused)?.focus({ preventScroll: true });
  const all = withCompanies().every(({ id }) => open.has(id));
  byId("map-all").textContent = t(all ? "closeAll" : "openAll");
}

function note(text, retry) {
  byId("map-note").replaceChildren(text, retry ? h("button", { class: "button", type: "button", onclick: load }, icon("retry"), t("retry")) : "");
  byId("map-note").hidden = !text;
}

function showShape() {
  const list = asList();
  const there = model !== null && model.nodes.size > 0;
  byId("map-frame").hidden = list || !there;
  byId("map-listing").hidden = !list || !there;
  byId("map-as-list").setAttribute("aria-pressed", String(list));
  byId("map-as-picture").setAttribute("aria-pressed", String(!list));
}

/** Everything that the model decides, in the page's language. */
function render() {
  chart().setAttribute("aria-label", t("mapLabel"));
  if (!read) return;
  model = build(read);
  if (looked) looked = { ...looked, node: model.nodes.get(looked.node.id) };
  citations = new Map(read.citations.map((citation) => [citation.id, citation]));
  byId("map-counts").textContent = [t("mapText"), t("mapCounts", model.counts)].join(" ");
  byId("map-names").replaceChildren(...[...model.nodes.values()].map(({ name }) => h("option", { value: name })));
  byId("map-listing").replaceChildren(...listing(model, lookFromList));
  if (!model.nodes.size) note(t("mapEmpty"));
  else note(read.total_edges > read.edges.length ? t("mapPart", { shown: read.edges.length, total: read.total_edges }) : "");
  showShape();
  if (width) redraw();
}

async function load() {
  collection = chosen();
  note(t("mapLoading"));
  try {
    const reply = await graph(collection);
    if (collection !== chosen()) return;
    read = reply;
    note("");
    render();
    resize(true);
  } catch (error) {
    note(`${t("mapFailed")}：${error.message}`, error.passing);
    if (error.status === 401) page.locked(load);
  }
}

/** The window's size decides the number of columns. */
function resize(fresh) {
  const box = chart().getBoundingClientRect();
  if (!box.width || !model) return;
  const wide = Math.max(box.width, 440);
  // The panel beside it takes room: the map stays as it is, or everything would move under the pointer.
  if (!fresh && width && looked) return;
  if (!fresh && Math.abs(wide - width) < 40) return;
  width = wide;
  redraw();
  fit({ readable: true, smoothly: false });
}

const context = (place) => ({
  citations,
  collection,
  ask: page.ask,
  go: (node, from) => look(node, place, from),
  home: () => (asList() ? null : element(place) ?? chart()),
  closed: () => {
    looked = null;
    if (model) redraw();
  },
});

/** Opens `node` in the panel; `place` is where on the map it was looked at. */
async function look(node, place, from) {
  looked = { node, place };
  redraw();
  await openNode(node, context(place), from);
  // The panel takes room from the map: what was looked at stays in sight, with what it is joined to if that fits.
  if (!asList()) revealLooked();
}

function union(rectangles) {
  const x = Math.min(...rectangles.map((one) => one.x));
  const y = Math.min(...rectangles.map((one) => one.y));
  const width = Math.max(...rectangles.map((one) => one.x + one.width)) - x;
  return { x, y, width, height: Math.max(...rectangles.map((one) => one.y + one.height)) - y };
}

function revealLooked() {
  const target = looked && element(looked.place);
  if (!target) return;
  const box = target.getBBox();
  const card = placed.cards.find((one) => box.x >= one.x && box.x < one.x + one.width && box.y >= one.y && box.y < one.y + one.height);
  const own = { x: card?.x ?? box.x, y: box.y, width: card?.width ?? box.width, height: box.height };
  const joined = looked.node.kind === "company" ? placed.rows.filter(({ node }) => node.companies.includes(looked.node)) : [];
  const within = joined.filter((row) => row.x === card?.x && row.y >= card.y && row.y < card.y + card.height);
  const best = [joined, within, []].map((rows) => union([own, ...rows])).find((one) => eye.scaleOf(one) >= LEAST);
  eye.reveal(best ?? own, LEAST);
}

function revealElement(target) {
  const { x, y, width, height } = target.getBBox();
  eye.reveal({ x, y, width, height });
}

const lookFromList = (node, from) => look(node, `${node.kind}:${node.id}`, from);

function toggle(segment) {
  if (open.has(segment.id)) open.delete(segment.id);
  else open.add(segment.id);
  redraw();
  const card = placed.cards.find(({ rows }) => rows.some(({ node }) => node === segment));
  if (open.has(segment.id) && card) eye.reveal(opened(segment) ?? card);
}

/** The rectangle of a segment with its companies. */
function opened(segment) {
  const row = placed.rows.find(({ node }) => node === segment);
  const last = placed.pills.filter((pill) => pill.segment === segment).at(-1);
  return row && { ...row, height: (last ? last.y + last.height : row.y + row.height) - row.y };
}

function clicked(event) {
  const target = event.target.closest('[role="button"]');
  if (!target) return;
  const place = target.dataset.id;
  const [kind, rest] = [place.slice(0, place.indexOf(":")), place.slice(place.indexOf(":") + 1)];
  const id = kind === "company" ? rest.slice(0, rest.lastIndexOf("@")) : rest;
  const node = placed.rows.find(({ node: segment }) => segment.id === id)?.node ?? model.nodes.get(id);
  stopAt(scene, target);
  if (kind === "segment" && node.companies.length) toggle(node);
  else if (node.kind !== "loose") look(node, place, element(place));
}

/** The segment to show a company in: of the card that has most of its segments, the first. */
function homeOf(company) {
  const homes = placed.rows.filter(({ node }) => node.companies.includes(company));
  const card = ({ x, y }) => placed.cards.find((one) => one.x === x && y >= one.y && y < one.y + one.height);
  const together = homes.map((home) => homes.filter((other) => card(other) === card(home)).length);
  return homes[together.indexOf(Math.max(...together))]?.node;
}

/** Shows the node that is called `text`, or begins with or contains it. */
function find(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted || !model) return;
  const names = [...model.nodes.values()].map((node) => [node, [node.name, ...node.aliases].map((name) => name.toLowerCase())]);
  const by = (fits) => names.find(([, all]) => all.some(fits))?.[0];
  const node = by((name) => name === wanted) ?? by((name) => name.startsWith(wanted)) ?? by((name) => name.includes(wanted));
  if (!node) {
    note(t("mapNotFound", { text: text.trim() }));
    say(t("mapNotFound", { text: text.trim() }));
    return;
  }
  note("");
  if (asList()) {
    lookFromList(node, byId("map-find"));
    return;
  }
  const segment = node.kind === "company" ? homeOf(node) : node;
  if (segment?.companies.length) open.add(segment.id);
  redraw();
  const place = node.kind === "company" ? `company:${node.id}@${segment?.id ?? "loose"}` : `segment:${node.id}`;
  look(node, place, byId("map-find"));
}

/** The service is there again: what could not be read is read. */
export function recoverMap() {
  if (view() === "map" && !read) load();
}

export function redrawMap() {
  if (!eye) return;
  render();
}

/** `ask(question)` asks in the chat; `locked(again)` asks for a key. */
export function installMap(does) {
  page = does;
  chart().append(scene);
  eye = camera(chart(), scene);
  installKeys(chart(), {
    camera: eye,
    fit: () => fit(),
    reveal: revealElement,
  });
  chart().addEventListener("click", clicked);
  byId("map-in").addEventListener("click", () => eye.zoom(1.25));
  byId("map-out").addEventListener("click", () => eye.zoom(0.8));
  byId("map-fit").addEventListener("click", () => fit());
  byId("map-all").addEventListener("click", () => {
    const segments = withCompanies();
    const all = segments.every(({ id }) => open.has(id));
    open.clear();
    if (!all) segments.forEach(({ id }) => open.add(id));
    redraw();
    fit({ readable: true });
  });
  for (const shape of ["picture", "list"]) {
    byId(`map-as-${shape}`).addEventListener("click", () => {
      remember("map", shape);
      showShape();
      resize(true);
    });
  }
  byId("map-search").addEventListener("submit", (event) => {
    event.preventDefault();
    find(byId("map-find").value);
  });
  // A name taken from the suggestions is looked up at once.
  byId("map-find").addEventListener("input", (event) => {
    if (event.inputType === "insertReplacementText" || !event.inputType) find(byId("map-find").value);
  });
  new ResizeObserver(() => resize(false)).observe(chart());
  onView("map", () => {
    showShape();
    load();
  });
  onCollection(() => {
    [read, model, looked] = [null, null, null];
    open.clear();
    if (view() === "map") load();
  });
}
