// The graph as a map: bands of the chain, in each the segments as cards, in each card the segments below it.
//
//     chain › band (upstream, …) › card › rows            from `part_of`
//     company → segment or product                        from `supplies`

import { t } from "../i18n.js";

// The words for the order of a chain; bands that use none keep the service's order, after these.
const ORDER = [/^上游|^upstream/i, /^中游|^midstream/i, /^下游|^downstream/i];

const rank = ({ name }) => {
  const at = ORDER.findIndex((word) => word.test(name));
  return at < 0 ? ORDER.length : at;
};

/** How many levels stand below a segment. */
const height = (node) => node.parts.reduce((most, part) => Math.max(most, 1 + height(part)), 0);

function above(node, other) {
  for (let at = node; at; at = at.parent) if (at === other) return true;
  return false;
}

function join(graph) {
  const nodes = new Map(graph.nodes.map((node) => [node.id, { ...node, parent: null, parts: [], companies: [], edges: [] }]));
  for (const edge of graph.edges) {
    const [source, target] = [nodes.get(edge.source), nodes.get(edge.target)];
    if (!source || !target || source === target) continue;
    source.edges.push({ ...edge, other: target, outward: true });
    target.edges.push({ ...edge, other: source, outward: false });
    if (edge.relation === "part_of" && source.kind !== "company" && target.kind !== "company") {
      // What is said to be part of two things stands in the first; nothing stands in itself.
      if (source.parent || above(target, source)) continue;
      source.parent = target;
      target.parts.push(source);
    } else if (edge.relation === "supplies" && source.kind === "company" && !target.companies.includes(source)) {
      target.companies.push(source);
    }
  }
  return nodes;
}

/** `{nodes, bands: [{name, cards, follows}], counts}`; `nodes` is a Map by id, each with its parts, companies and edges. */
export function build(graph) {
  const nodes = join(graph);
  const segments = [...nodes.values()].filter(({ kind }) => kind !== "company");
  const companies = [...nodes.values()].filter(({ kind }) => kind === "company");
  const bands = [];
  const others = [];
  const band = (node) => bands.push({ name: node.name, cards: node.parts.length ? node.parts : [node] });
  for (const root of segments.filter(({ parent }) => !parent)) {
    const levels = height(root);
    if (levels >= 3) {
      root.parts.forEach((part) => (part.parts.length ? band(part) : others.push(part)));
      if (root.companies.length) others.push({ ...root, parts: [] });
    } else if (levels === 2 || (levels === 1 && rank(root) < ORDER.length)) band(root);
    else if (root.companies.length || levels || root.edges.length) others.push(root);
  }
  const loose = companies.filter((company) => !company.edges.some(({ relation, outward }) => relation === "supplies" && outward));
  if (loose.length) {
    others.push({ id: "loose", name: t("otherCompanies"), kind: "loose", aliases: [], parent: null, parts: [], companies: loose, edges: [] });
  }
  bands.sort((one, other) => rank(one) - rank(other));
  // Only where both names say their place in the chain does one follow from the other.
  bands.forEach((one, at) => (one.follows = at > 0 && rank(one) < ORDER.length));
  if (others.length) bands.push({ follows: false, name: bands.length ? t("otherBand") : "", cards: others });
  return { nodes, bands, counts: { segments: segments.length, companies: companies.length } };
}

/** The rows of a card: `{node, depth}` of the segment itself and all below it. */
export function rows(card) {
  return [{ node: card, depth: 0 }, ...card.parts.flatMap((part) => rows(part).map(({ node, depth }) => ({ node, depth: depth + 1 })))];
}

/** Every company of a card, once. */
export const companiesBelow = (card) => new Set(rows(card).flatMap(({ node }) => node.companies));

/** The segments above a node, outermost first. */
export function pathOf(node) {
  const path = [];
  for (let at = node.parent; at; at = at.parent) path.unshift(at);
  return path;
}
