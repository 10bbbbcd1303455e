// The view of the map: read once for a collection, drawn as a picture or a list, searched, and asked about.

import { chosen, onCollection } from "../collections.js";
import { byId, h, icon, s, say } from "../dom.js";
import { t } from "../i18n.js";
import { graph } from "../service.js";
import { remember, remembered } from "../storage.js";
import { onView, view } from "../views.js";
import { camera, MARGIN, READABLE } from "./camera.js";
import { openNode } from "./details.js";
import { draw, placeOf } from "./draw.js";
import { installKeys, stopAt } from "./keys.js";
import { layout } from "./layout.js";
import { listing } from "./listing.js";
import { build } from "./model.js";

// The smallest scale at which the map is still read (its words are 13 units high).
const LEAST = 0.62;

// Where the whole chain can be shown and still be read, it is laid out for that: at the first of these scales.
const SCALES = [1, 0.93, 0.86, 0.79, READABLE];
// Where all of it is asked for, read or not, at the first of these.
const SMALLER = [0.65, 0.58, 0.52, 0.46, 0.4, 0.35, 0.3];

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
let drawnFor = 0; // the window's width then

const chart = () => byId("chart");
const asList = () => (remembered("map") ?? (window.innerWidth < 700 ? "list" : "picture")) === "list";
const withCompanies = () => [...model.nodes.values()].filter((node) => node.kind !== "company" && node.companies.length);
const fit = (options) => placed && eye.show(options);
const element = (place) => scene.querySelector(`[data-id="${CSS.escape(place)}"]`);

/** Draws the picture anew; what had the focus has it still. */
function redraw() {
  const focused = scene.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const stop = scene.querySelector('[tabindex="0"]')?.dataset.id;
  placed = layout(model, open, width, `${t("aboutSegment")} ›`);
  eye.holds(placed.width, placed.height);
  scene.replaceChildren(...draw(placed, looked?.node ?? null, looked?.place));
  const again = (focused && element(focused)) || (stop && element(stop)) || scene.querySelector('[role="button"]');
  stopAt(scene, again);
  if (focused) element(focused)?.focus({ preventScroll: true });
  const all = withCompanies().every(({ id }) => open.has(id));
  byId("map-all").textContent = t(all ? "closeAll" : "openAll");
}

function note(text, retry, link) {
  byId("map-note").replaceChildren(text, link ?? "", retry ? h("button", { class: "button", type: "button", onclick: load }, icon("retry"), t("retry")) : "");
  byId("map-note").hidden = !text;
}

function showShape() {
  const list = asList();
  const there = model !== null && model.nodes.size > 0;
  byId("view-map").classList.toggle("is-empty", model !== null && !there);
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
  byId("map-counts").textContent = [t("mapText"), model.nodes.size ? t("mapCounts", model.counts) : ""].join(" ");
  byId("map-names").replaceChildren(...[...model.nodes.values()].map(({ name }) => h("option", { value: name })));
  byId("map-listing").replaceChildren(...listing(model, lookFromList));
  if (!model.nodes.size) note(t("mapEmpty"), null, h("a", { class: "button", href: "#/documents" }, t("mapToDocuments")));
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

/** Lays the map out for the first of `scales` at which it fits into the window, or else as it is read. */
function drawFor(scales) {
  const box = chart().getBoundingClientRect();
  const [across, down] = [box.width - 2 * MARGIN, box.height - 2 * MARGIN];
  width = across / (scales.find((one) => layout(model, open, across / one, "").height * one <= down) ?? 1);
  redraw();
}

/** Shows all of it. */
function showAll() {
  if (!model) return;
  drawFor([...SCALES, ...SMALLER]);
  fit();
}

/** The window's size decides the number of columns. */
function resize(fresh) {
  const box = chart().getBoundingClientRect();
  if (!box.width || !model) return;
  // The panel beside it takes room: the map stays as it is, or everything would move under the pointer.
  if (!fresh && width && looked) return;
  if (!fresh && Math.abs(box.width - drawnFor) < 40) {
    eye.settle(); // the panel has given back its room
    return;
  }
  drawnFor = box.width;
  drawFor(SCALES);
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
  const box = looked && [...placed.pills, ...placed.rows].find((one) => placeOf(one) === looked.place);
  if (!box) return;
  const { card } = box;
  const own = { x: card.x, y: box.y, width: card.width, height: box.height };
  const joined = looked.node.kind === "company" ? placed.rows.filter(({ node }) => node.companies.includes(looked.node)) : [];
  const within = joined.filter((row) => row.card === card);
  const best = [joined, within, []].map((rows) => union([own, ...rows])).find((one) => eye.scaleOf(one) >= LEAST);
  eye.reveal(best ?? own, LEAST);
}

function revealElement(target) {
  const { x, y, width, height } = target.getBBox();
  eye.reveal({ x, y, width, height });
}

const lookFromList = (node, from) => look(node, `${node.kind}:${node.id}`, from);

function toggle(segment) {
  const rowOf = () => placed.rows.find(({ node }) => node === segment);
  const before = rowOf();
  if (open.has(segment.id)) open.delete(segment.id);
  else open.add(segment.id);
  redraw();
  eye.keep(before, rowOf()); // what was clicked stays under the pointer
  if (open.has(segment.id)) eye.reveal(opened(segment));
}

/** The rectangle of a segment with its companies. */
function opened(segment) {
  const row = placed.rows.find(({ node }) => node === segment);
  const last = placed.pills.filter((pill) => pill.segment === segment).at(-1);
  return { ...row, height: (last ? last.y + last.height : row.y + row.height) - row.y };
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
  const together = homes.map((home) => homes.filter(({ card }) => card === home.card).length);
  return homes[together.indexOf(Math.max(...together))]?.node;
}

/** Shows the node that is called `text`, or begins with or contains it. */
async function find(text) {
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
  await look(node, place, byId("map-find"));
  // Nothing stands under a pointer that it should stay under: the map takes the room that the panel leaves.
  resize(true);
  revealLooked();
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
    fit: showAll,
    reveal: revealElement,
  });
  chart().addEventListener("click", clicked);
  byId("map-in").addEventListener("click", () => eye.zoom(1.25));
  byId("map-out").addEventListener("click", () => eye.zoom(0.8));
  byId("map-fit").addEventListener("click", showAll);
  byId("map-all").addEventListener("click", () => {
    const segments = withCompanies();
    const all = segments.every(({ id }) => open.has(id));
    open.clear();
    if (!all) segments.forEach(({ id }) => open.add(id));
    drawFor(SCALES);
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
