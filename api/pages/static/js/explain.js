// How an answer came about: the passages that were considered, their ranks, and why the others were left out.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { openPanel } from "./panel.js";
import { openReader } from "./reader.js";
import { explain } from "./service.js";

// Those beyond are told by their number: what was ranked fiftieth explains nothing.
const SHOWN = 20;

const REASONS = {
  below_top_k: "whyBelow",
  no_clause: "whyNoClause",
  missing_terms: "whyMissing",
  wrong_kind: "whyKind",
  lower_score: "whyLower",
  below_threshold: "whyThreshold",
};

function ranks(row) {
  const places = [["rankLexical", row.lexical_rank], ["rankDense", row.dense_rank], ["rankFused", row.fused_rank], ["rankRerank", row.rerank_rank]];
  return places.filter(([, place]) => place).map(([name, place]) => `${t(name)} ${place}`).join(" · ");
}

function candidate(row, collection) {
  const evidence = { document: { id: row.document, title: row.title }, start: row.start, end: row.end };
  return h(
    "li",
    { class: row.dropped ? "candidate" : "candidate is-used" },
    h("button", { class: "edge-name", type: "button", lang: "zh-CN", onclick: () => openReader(evidence, collection) }, [row.title, ...(row.section ?? []).slice(-1)].filter(Boolean).join(" › ")),
    h("span", { class: "candidate-fate" }, t(row.dropped ? REASONS[row.reason] ?? "whyLeft" : "whyUsed")),
    h("span", { class: "candidate-ranks" }, ranks(row)),
    row.clause ? h("p", { class: "edge-quote", lang: "zh-CN" }, row.clause.text) : null,
  );
}

function shown(trace, collection) {
  // A question of several parts has the candidates of each.
  const questions = [...new Set(trace.map(({ question }) => question))];
  return questions.map((question) => {
    const rows = trace.filter((row) => row.question === question);
    const best = rows.filter((row, place) => place < SHOWN || !row.dropped);
    return h(
      "section",
      {},
      questions.length > 1 ? h("h3", { lang: "zh-CN" }, question) : null,
      h("ol", { class: "candidates" }, best.map((row) => candidate(row, collection))),
      rows.length > best.length ? h("p", { class: "note" }, t("whyMore", { n: rows.length - best.length })) : null,
    );
  });
}

/** Opens the panel on what was considered for the question `{messages, collection, filter}`. */
export function openExplanation(question, from) {
  return openPanel(
    {
      title: () => t("why"),
      body: async () => {
        try {
          const { trace } = await explain(question);
          return [h("p", { class: "note" }, t("whyText")), ...(trace?.length ? shown(trace, question.collection) : [h("p", {}, t("whyNothing"))])];
        } catch (error) {
          return [h("p", { class: "problem", role: "alert" }, error.message)];
        }
      },
    },
    from,
  );
}
