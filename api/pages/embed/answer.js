// An answer: its text with numbered marks, the bare fact, the list, what is missing, the sources; or a refusal.

/** A numbered mark that opens its citation. */
const mark = (citation, open) =>
  h(
    "button",
    {
      class: "mark",
      type: "button",
      "aria-label": t("citation", { n: citation.id, title: citation.document.title }),
      title: citation.document.title,
      onclick: (event) => open(citation, event.currentTarget),
    },
    String(citation.id),
  );

/** Paragraphs of `text`, each `[n]` of a known citation as a mark. */
function prose(text, citations, open) {
  const lines = text.split(/\n+/).filter((line) => line.trim());
  return lines.map((line) =>
    h(
      "p",
      {},
      line.split(/(\[\d+\])/).map((part) => {
        const citation = /^\[\d+\]$/.test(part) ? citations.get(Number(part.slice(1, -1))) : undefined;
        return citation ? mark(citation, open) : part;
      }),
    ),
  );
}

function source(evidence, number, open) {
  const { document, section } = evidence;
  const below = [document.published, section.join(" › ")].filter(Boolean).join(" · ");
  return h(
    "li",
    {},
    h(
      "button",
      { class: "source", type: "button", onclick: (event) => open(evidence, event.currentTarget) },
      number === null ? null : h("span", { class: "number" }, String(number)),
      h("span", {}, h("span", { class: "source-title" }, document.title), below ? h("span", { class: "below" }, below) : null),
    ),
  );
}

const group = (title, ...content) => h("section", { class: "group" }, h("h3", {}, title), content);
const plainList = (texts) => h("ul", { class: "plain" }, texts.map((text) => h("li", {}, text)));

function refusal(reply, open) {
  const related = reply.related ?? [];
  return [
    h("p", { class: "tag" }, t("refused")),
    prose(reply.answer, new Map(), open),
    reply.missing.length ? group(t("missing"), plainList(reply.missing)) : null,
    related.length ? group(t("nearby"), h("ul", { class: "sources" }, related.map((near) => source(near, null, open)))) : null,
  ];
}

/** How the answer was made, in a line; null where there is nothing to say. */
function made(reply) {
  const mended = reply.repairs?.length ?? 0;
  const word = reply.mode === "llm" ? (mended ? "mended" : "made") : `fallback_${reply.fallback}`;
  return WORDS[settings.lang][word] ? h("p", { class: "note" }, t(word, { n: mended })) : null;
}

function found(reply, open) {
  const citations = new Map(reply.citations.map((citation) => [citation.id, citation]));
  const marks = (ids) => ids.filter((id) => citations.has(id)).map((id) => mark(citations.get(id), open));
  const fact = reply.short_answer;
  return [
    fact ? h("p", { class: "fact" }, h("strong", {}, fact.text), marks([fact.citation])) : null,
    prose(reply.answer, citations, open),
    reply.items.length
      ? group(t("list", { n: reply.items.length }), h("ol", { class: "items" }, reply.items.map((item) => h("li", {}, item.text, marks(item.citations)))))
      : null,
    reply.missing.length ? group(t("partly"), plainList(reply.missing)) : null,
    reply.incomplete ? h("p", { class: "note" }, t("incomplete")) : null,
    reply.statements.some((statement) => statement.kind === "derived") ? h("p", { class: "note" }, t("computed")) : null,
    reply.citations.length
      ? group(t("sources"), h("ol", { class: "sources" }, reply.citations.map((citation) => source(citation, citation.id, open))))
      : null,
    made(reply),
  ];
}

/** The whole reply; `open(evidence, opener)` shows a citation or a passage. */
const renderReply = (reply, open) => (reply.refused ? refusal(reply, open) : found(reply, open));

/** A citation, or a passage that comes near: the words, and where they stand. */
function renderEvidence(evidence) {
  const { document, section, page } = evidence;
  const known = [
    [t("section"), section.join(" › ")],
    ["", page ? t("page", { n: page }) : ""],
    [t("published"), document.published],
    [t("publisher"), document.publisher],
    [t("derived"), document.derived_from],
    [t("source"), document.source ? link(document.source) : ""],
  ].filter(([, value]) => value);
  const quote = evidence.quote ?? evidence.text;
  return [
    h("h3", { class: "document" }, document.title),
    h("blockquote", {}, quote),
    h("dl", {}, known.map(([name, value]) => h("div", {}, name ? h("dt", {}, name) : null, h("dd", {}, value)))),
    evidence.text.trim() === quote.trim() ? null : h("details", {}, h("summary", {}, t("passage")), h("p", { class: "passage" }, evidence.text)),
  ];
}
