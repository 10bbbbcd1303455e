// A node of the map in the panel: what it is, what it is joined with and by which words, and a way to ask about it.

import { chip } from "../chip.js";
import { h, icon } from "../dom.js";
import { openEvidence } from "../evidence.js";
import { t } from "../i18n.js";
import { openPanel } from "../panel.js";
import { pathOf } from "./model.js";

const KINDS = { company: "kindCompany", segment: "kindSegment", product: "kindProduct" };

// [relation, outward] → the words above the nodes at the other end, in the order shown.
const GROUPS = [
  ["supplies", true, "relSupplies"],
  ["supplies", false, "relSuppliedBy"],
  ["part_of", true, "relPartOf"],
  ["part_of", false, "relParts"],
  ["customer_of", true, "relCustomerOf"],
  ["customer_of", false, "relCustomers"],
  ["subsidiary_of", true, "relSubsidiaryOf"],
  ["subsidiary_of", false, "relSubsidiaries"],
];

function group(node, [relation, outward, word], { citations, collection, go }) {
  const edges = node.edges.filter((edge) => edge.relation === relation && edge.outward === outward);
  if (!edges.length) return null;
  const open = (citation, from) => openEvidence(citation, collection, from);
  const line = ({ other, citations: ids }) => {
    const places = ids.map((id) => citations.get(id)).filter(Boolean);
    return h(
      "li",
      { class: "edge", lang: "zh-CN" },
      h("button", { class: "edge-name", type: "button", onclick: (event) => go(other, event.currentTarget) }, other.name),
      h("span", { class: "edge-marks" }, places.map((citation) => chip(citation, open))),
      // Of a segment's many companies the words are mostly the same sentence; a company's own differ.
      node.kind === "company" && places.length ? h("p", { class: "edge-quote" }, places[0].quote) : null,
    );
  };
  return h("section", {}, h("h3", {}, t(word), h("span", { class: "count" }, String(edges.length))), h("ul", { class: "edges" }, edges.map(line)));
}

/** The question that a node suggests: what a company does, who supplies a segment, or what the segment is. */
function questionAbout(node) {
  if (node.kind === "company") return t("askCompany", { name: node.name });
  return t(node.companies.length ? "askSegment" : "askMeaning", { name: node.name });
}

/** Opens the panel about `node`. `context`: `citations` (a Map), `collection`, `go(node, from)`, `ask(question)`, `closed()`. */
export function openNode(node, context, from) {
  const path = pathOf(node);
  return openPanel(
    {
      title: () => node.name,
      home: context.home,
      closed: context.closed,
      body: () => [
        h("p", { class: "note" }, [t(KINDS[node.kind]), node.aliases.length ? `${t("aliases")} ${node.aliases.join("、")}` : ""].filter(Boolean).join(" · ")),
        path.length ? h("ol", { class: "path", lang: "zh-CN" }, path.map(({ name }) => h("li", {}, name))) : null,
        h(
          "button",
          { class: "button wide", type: "button", id: "map-ask", onclick: () => context.ask(questionAbout(node)) },
          icon("send"), t("askAbout"),
        ),
        ...GROUPS.map((one) => group(node, one, context)),
      ],
    },
    from,
  );
}
