"""A tool's reply as text, for a client that shows its model no structured content. Numbers are those of the reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rag import how_made

OUTLINE = 60  # headings shown with the beginning of a document

Reply = Mapping[str, Any]


def ask_text(reply: Reply) -> str:
    """The answer with its ``[n]``, the list, what is missing, and the sources."""
    return "\n".join(_ask_lines(reply))


def _ask_lines(reply: Reply) -> Iterator[str]:
    yield reply["answer"]
    if reply["short_answer"]:
        fact = reply["short_answer"]
        yield f"\n要点 Fact: {fact['text']} [{fact['citation']}]"
    if reply["items"]:
        yield "\n名单 List:"
        for item in reply["items"]:
            yield f"- {item['text']} {''.join(f'[{n}]' for n in item['citations'])}"
    if reply["refused"]:
        yield "\n资料里没有答案，请不要自行补充。 The material does not say; do not fill it in."
    for note in how_made(reply):
        yield f"\n{note.zh}。 {note.en}."
    if reply["missing"]:
        yield f"\n资料里没有的 Not in the material: {'；'.join(reply['missing'])}"
    if reply["citations"]:
        yield "\n来源 Sources:"
        for citation in reply["citations"]:
            yield f"[{citation['id']}] {_place(citation)}"
            yield f"    “{citation['quote']}”"
    if reply.get("related"):
        yield "\n最接近的段落（不是答案） Nearest passages (not an answer):"
        for near in reply["related"]:
            yield f"- {_place(near)}"
            yield f"    {near['text']}"


def search_text(reply: Reply) -> str:
    """The passages, best first, each with its place."""
    if not reply["results"]:
        return "没有找到段落。 No passage was found."
    found = (
        f"{number}. {_place(result)}\n{result['text']}\n" for number, result in enumerate(reply["results"], start=1)
    )
    return "\n".join(found).rstrip()


def document_text(reply: Reply) -> str:
    """A part of a document: what it is, its headings where the part is the first, its text, and how to read on."""
    return "\n".join(_document_lines(reply))


def _document_lines(reply: Reply) -> Iterator[str]:
    yield f"# {reply['title']}"
    known = (reply["publisher"], reply["published"], reply["source"], reply["derived_from"])
    yield " · ".join((f"{reply['id']} v{reply['version']}", *filter(None, known)))
    headings = [section for section in reply["sections"] if section["path"]]
    if reply["start"] == 0 and headings:
        yield "\n章节 Sections (start):"
        for section in headings[:OUTLINE]:
            yield f"- {' › '.join(section['path'])} ({section['start']})"
        if len(headings) > OUTLINE:
            yield f"- … {len(headings) - OUTLINE} more"
    yield f"\n[{reply['start']}, {reply['end']}) / {reply['characters']}\n"
    yield reply["text"]
    if reply["next_start"] is not None:
        yield f"\n未完，用 start={reply['next_start']} 继续读。 There is more: read on with start={reply['next_start']}."


def _place(evidence: Reply) -> str:
    document = evidence["document"]
    page = f"p.{evidence['page']}" if evidence.get("page") else ""
    where = " › ".join((document["title"], *evidence["section"]))
    at = f"{document['id']} v{document['version']} [{evidence['start']}, {evidence['end']})"
    return " · ".join(filter(None, (where, page, document["published"], at)))
