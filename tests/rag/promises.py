"""What every answer keeps, whatever was asked: the promises of the reply."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

from rag import Answer, Assistant, Citation, Statement, events_of, source_list
from rag.retrieve.turns import said

# The reply of POST /v1/chat: fields may be added, none is renamed or removed.
REPLY = {
    "id", "created", "mode", "index", "version", "config", "question", "standalone_question", "answer", "refused",
    "missing", "incomplete", "confidence", "short_answer", "items", "statements", "citations", "timings",
}  # fmt: skip
CITATION = {"id", "document", "section", "page", "quote", "start", "end", "text", "score"}
DOCUMENT = {"id", "version", "title", "source", "derived_from", "published", "tags"}
RELATED = {"document", "section", "text", "start", "end", "score"}
TIMINGS = {"rewrite", "retrieve", "rerank", "answer", "total"}


def keep(answer: Answer, assistant: Assistant, *, mode: str = "extractive") -> None:
    """Assert all of them."""
    assert answer.text.strip()
    assert 0 <= answer.confidence <= 1
    assert answer.mode == mode
    assert mode == "llm" or not (answer.incomplete or answer.repairs)
    assert mode == "llm" or answer.fallback or not answer.usage
    assert mode == "extractive" or answer.fallback is None
    cited = {citation.id: citation for citation in answer.citations}
    _numbers(answer, cited)
    _quotes(answer, assistant)
    _statements(answer, cited)
    _items(answer, cited)
    _short_answer(answer, assistant, cited)
    _reply(answer)
    _told(answer)
    if answer.refused:
        assert not (answer.citations or answer.statements or answer.items or answer.short_answer)
        assert len(answer.related) <= 3
        assert all(term in answer.text for term in answer.missing)
    else:
        assert answer.citations and answer.statements


def _numbers(answer: Answer, cited: dict[int, Citation]) -> None:
    said = [] if answer.refused else [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]
    assert list(dict.fromkeys(said)) == list(cited) == list(range(1, len(cited) + 1))
    assert said == [number for statement in answer.statements for number in statement.citations]
    places = {(c.document.id, c.document.version, c.start, c.end) for c in answer.citations}
    assert len(places) == len(answer.citations)


def _quotes(answer: Answer, assistant: Assistant) -> None:
    for citation in answer.citations:
        stored = assistant.document(citation.document.id, citation.document.version).text
        assert stored[citation.start : citation.end] == citation.quote
        assert citation.quote.strip() and citation.quote in citation.text and citation.text in stored
    for related in answer.related:
        stored = assistant.document(related.document.id, related.document.version).text
        assert stored[related.start : related.end] == related.text


def _statements(answer: Answer, cited: dict[int, Citation]) -> None:
    for statement in answer.statements:
        if statement.kind == "derived":
            _derived(statement, answer, cited)
            continue
        last = cited[statement.citations[-1]]
        assert statement.text in answer.text
        if answer.mode == "llm":
            continue  # in the model's words, or the material's: tests.rag.test_language_model holds what they may say
        if " | " in last.quote:  # a table's row is said with the names of its columns
            assert any(cell.strip() in statement.text for cell in last.quote.split(" | "))
            continue
        said = statement.text
        if answer.disagreeing:  # each account stands under its document and date
            of = last.document
            account = f"《{of.title}》（{of.published}）：" if of.published else f"《{of.title}》："
            assert said.startswith(account)
            said = said.removeprefix(account)
        # What is said is a label (a heading, or a name of what is cited before) and words of the quote, in their order.
        named = [*last.section, *(cited[number].quote for number in statement.citations[:-1])]
        cuts = [at for at in range(len(said)) if any(said[:at] in name for name in named or [""])]
        assert any(within(said[at:].removeprefix("："), last.quote) for at in cuts)


def within(said: str, quote: str) -> bool:
    """Whether the characters of one text stand in another in their order."""
    left = iter(quote)
    return all(char in left for char in said)


def _derived(statement: Statement, answer: Answer, cited: dict[int, Citation]) -> None:
    """Its words stand in the text with a number behind each thing named, and each thing in the words of its citations, read
    with their headings and, in a table, the header row."""
    assert statement.citations
    plain = re.sub(r"\[\d+\]", "", answer.text)
    assert statement.text in plain
    for names, numbers in re.findall(r"([^\[\]]+)((?:\[\d+\])+)", answer.text):
        used = [int(number) for number in re.findall(r"\d+", numbers)]
        if not set(used) <= set(statement.citations):
            continue
        if "涉及" not in statement.text:
            continue  # what it lists are the answer's items, which are held to their quotes
        name = re.split("涉及|、|；", names)[-1]
        if name not in statement.text:
            continue  # of another statement that cites the same
        for number in used:
            told = " ".join((cited[number].text, *cited[number].section))
            assert all(part in told for part in re.split("[（）]", name))


def _items(answer: Answer, cited: dict[int, Citation]) -> None:
    assert len({item.text for item in answer.items}) == len(answer.items)
    for item in answer.items:
        assert item.text.strip() and item.citations
        assert all(item.text in cited[number].quote for number in item.citations)


def _short_answer(answer: Answer, assistant: Assistant, cited: dict[int, Citation]) -> None:
    short = answer.short_answer
    if short is not None:
        citation = cited[short.citation]
        stored = assistant.document(citation.document.id, citation.document.version).text
        assert short.text and stored[short.start : short.end] == short.text
        assert citation.start <= short.start < short.end <= citation.end


def _told(answer: Answer) -> None:
    """Streamed, it says the same; each citation comes once, before the first words that use it; and what a client gives back,
    with a list of sources, is heard as what was said."""
    events = list(events_of(answer))
    assert [event.name for event in events if event.name in ("meta", "done")] == ["meta", "done"]
    assert events[0].data == {"id": answer.id, "mode": answer.mode, "standalone_question": answer.standalone_question}
    assert events[-1].data == answer.as_dict() and events[-1].answer is answer
    assert "".join(event.data["text"] for event in events if event.name == "delta") == answer.text
    sent: list[dict[str, Any]] = []
    for before, event in pairwise(events):
        if event.name == "citations":
            sent += event.data["citations"]
        if event.name == "delta" and not answer.refused:
            used = {int(number) for number in re.findall(r"\[(\d+)\]", event.data["text"])}
            assert used <= {citation["id"] for citation in sent}
            if before.name == "citations":
                assert {citation["id"] for citation in before.data["citations"]} <= used
    assert tuple(sent) == answer.as_dict()["citations"]
    if not answer.refused:
        deltas = [event for event in events if event.name == "delta"]
        assert len(deltas) >= len([statement for statement in answer.statements if statement.citations])
    assert said(f"{answer.text}\n\n{source_list(answer)}") == said(answer.text)


def _reply(answer: Answer) -> None:
    reply: dict[str, Any] = json.loads(json.dumps(answer.as_dict(), ensure_ascii=False))
    assert set(reply) >= REPLY
    assert ("related" in reply) == answer.refused
    assert ("trace" in reply) == (answer.trace is not None)
    assert set(reply["index"]) == {"collection", "generation"}
    assert set(reply["timings"]) >= TIMINGS and all(ms >= 0 for ms in reply["timings"].values())
    assert reply["answer"] == answer.text
    for citation in reply["citations"]:
        assert set(citation) >= CITATION and set(citation["document"]) >= DOCUMENT
    for related in reply.get("related", []):
        assert set(related) >= RELATED
    assert all(set(statement) >= {"text", "kind", "citations"} for statement in reply["statements"])
    assert all(set(item) >= {"text", "citations"} for item in reply["items"])
    assert reply["short_answer"] is None or set(reply["short_answer"]) >= {"text", "citation", "start", "end"}
