"""Quotes → numbered citations and written statements. The assistant checks each against the stored text before it leaves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft, Quote
from rag.answer.evidence import LEANS
from rag.answer.rows import said_row
from rag.types import Citation, Item, ShortAnswer, Statement

_MARK = re.compile(r"[\[［]\d{1,4}[\]］]")  # a footnote mark of the material would pass for one of ours
_PREDICATE = re.compile(r"是(?!否)|即|指(?!出)|也称|又称")
_END = "。；;.！!，,、：: "


class Citations:
    """Citations numbered from 1 in order of first use; one number for one (document, version, start, end)."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, int, int], Citation] = {}

    def cite(self, quote: Quote, start: int, end: int) -> int:
        """The number of the citation of ``[start, end)`` of the quote's document."""
        hit = quote.evidence.hit
        key = (hit.document.id, hit.document.version, start, end)
        if key not in self._made:
            words = hit.passage.words(start, end)
            number = len(self._made) + 1
            self._made[key] = Citation(
                number,
                hit.document,
                hit.passage.section,
                hit.passage.page_at(start),
                words,
                start,
                end,
                hit.passage.text,
                round(hit.score, 4),
            )
        return self._made[key].id

    def all(self) -> tuple[Citation, ...]:
        """The citations in order."""
        return tuple(self._made.values())


def write(
    draft: Draft,
) -> tuple[str, tuple[Statement, ...], tuple[Item, ...], ShortAnswer | None, tuple[Citation, ...]]:
    """The answer's text with ``[n]`` behind each statement, and the parts it is made of."""
    citations = Citations()
    statements: list[Statement] = []
    marked: list[str] = []  # each statement as it stands in the text
    items: list[Item] = []

    def number_of(at: int) -> int:
        quote = draft.quotes[at]
        return citations.cite(quote, quote.start, quote.end)

    for summary in draft.summaries:
        pieces = [(words, tuple(dict.fromkeys(number_of(at) for at in behind))) for words, behind in summary.pieces]
        shown = [_marks_shown(pieces, at) for at in range(len(pieces))]
        used = tuple(number for numbers in shown for number in numbers)
        statements.append(Statement("".join(words for words, _ in pieces), "derived", used))
        marked.append("".join(words + _marks(numbers) for (words, _), numbers in zip(pieces, shown, strict=True)))
        items += [Item(words, numbers) for at, (words, numbers) in enumerate(pieces) if at in summary.items]
    for at, quote in enumerate(draft.quotes):
        if at in draft.silent:
            continue
        behind = _antecedent(quote, citations)
        said = said_row(quote) if quote.evidence.unit.kind == "row" else quote.said_text
        said = _MARK.sub("", said).strip().rstrip(_END)
        said = f"{quote.account}：" * bool(quote.account) + _under(quote.label, said)
        statement = Statement(said, "quoted", (*behind, number_of(at)))
        statements.append(statement)
        marked.append(statement.text + _marks(statement.citations))
    items += [Item(name, (number_of(at),)) for name, at in draft.items]
    short = None
    if draft.short is not None:
        start, end, at = draft.short
        words = draft.quotes[at].evidence.hit.passage.words(start, end)
        short = ShortAnswer(words, number_of(at), start, end)
    text = "；".join(marked) + "。" if marked else ""
    return text, tuple(statements), tuple(items), short, citations.all()


def _under(label: str, said: str) -> str:
    """What is said, under its label; as one sentence where it only lacks its subject (是一种…)."""
    if not label:
        return said
    return f"{label}{'' if _PREDICATE.match(said) else '：'}{said}"


def _antecedent(quote: Quote, citations: Citations) -> tuple[int, ...]:
    before = quote.evidence.before
    leans = LEANS.match(quote.evidence.fold.text) and quote.start == quote.evidence.start
    return (citations.cite(quote, *before),) if leans and before else ()


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _marks_shown(pieces: Sequence[tuple[str, tuple[int, ...]]], at: int) -> tuple[int, ...]:
    """The numbers behind a piece; none where the next piece with numbers has the same, which then stand there once."""
    after = next((numbers for _, numbers in pieces[at + 1 :] if numbers), ())
    return () if pieces[at][1] == after else pieces[at][1]
