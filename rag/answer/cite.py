"""Quotes → numbered citations and written statements. The assistant checks each against the stored text before it leaves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft, Quote, Summary
from rag.answer.evidence import LEANS, from_its_sentence
from rag.answer.rows import said_row
from rag.text.marks import without_marks
from rag.types import Citation, Item, ShortAnswer, Statement

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


class Writer:
    """Statements, each with ``[n]`` behind it, and the citations that they use, numbered as they come."""

    def __init__(self) -> None:
        self.citations = Citations()
        self.statements: list[Statement] = []
        self.marked: list[str] = []  # each statement as it stands in the text

    def number_of(self, quote: Quote) -> int:
        """The number of a quote's citation."""
        return self.citations.cite(quote, quote.start, quote.end)

    def say(self, quote: Quote) -> None:
        """A quote's words as a statement."""
        behind = (*_antecedent(quote, self.citations), self.number_of(quote))
        self._add(Statement(said_of(quote), "quoted", behind))

    def say_of(self, words: str, quotes: Sequence[Quote]) -> None:
        """Other words that quotes carry as a statement."""
        numbers: list[int] = []
        for quote in quotes:
            numbers += (*_antecedent(quote, self.citations), self.number_of(quote))
        self._add(Statement(without_marks(words), "quoted", tuple(dict.fromkeys(numbers))))

    def say_computed(self, summary: Summary, quotes: Sequence[Quote]) -> list[Item]:
        """What no single quote says; gives the items in it."""
        pieces = [
            (words, tuple(dict.fromkeys(self.number_of(quotes[at]) for at in behind)))
            for words, behind in summary.pieces
        ]
        shown = [_marks_shown(pieces, at) for at in range(len(pieces))]
        used = tuple(number for numbers in shown for number in numbers)
        self.statements.append(Statement("".join(words for words, _ in pieces), "derived", used))
        self.marked.append("".join(words + _marks(numbers) for (words, _), numbers in zip(pieces, shown, strict=True)))
        return [Item(words, numbers) for at, (words, numbers) in enumerate(pieces) if at in summary.items]

    def _add(self, statement: Statement) -> None:
        self.statements.append(statement)
        self.marked.append(statement.text + _marks(statement.citations))


def write(
    draft: Draft,
) -> tuple[str, tuple[Statement, ...], tuple[Item, ...], ShortAnswer | None, tuple[Citation, ...]]:
    """The answer's text with ``[n]`` behind each statement, and the parts it is made of."""
    writer = Writer()
    items: list[Item] = []
    for summary in draft.summaries:
        items += writer.say_computed(summary, draft.quotes)
    for at, quote in enumerate(draft.quotes):
        if at not in draft.silent:
            writer.say(quote)
    items += [Item(name, (writer.number_of(draft.quotes[at]),)) for name, at in draft.items]
    short = None
    if draft.short is not None:
        start, end, at = draft.short
        words = draft.quotes[at].evidence.hit.passage.words(start, end)
        short = ShortAnswer(words, writer.number_of(draft.quotes[at]), start, end)
    text = "；".join(writer.marked) + "。" if writer.marked else ""
    return text, tuple(writer.statements), tuple(items), short, writer.citations.all()


def said_of(quote: Quote) -> str:
    """What is said of a quote as a statement: its words or some of them, under its label, without marks of its own."""
    said = said_row(quote) if quote.evidence.unit.kind == "row" else quote.said_text
    said = without_marks(said).strip().rstrip(_END)
    return f"{quote.account}：" * bool(quote.account) + _under(quote.label, said)


def _under(label: str, said: str) -> str:
    """What is said, under its label; as one sentence where it only lacks its subject (是一种…)."""
    if not label:
        return said
    return f"{label}{'' if _PREDICATE.match(said) else '：'}{said}"


def _antecedent(quote: Quote, citations: Citations) -> tuple[int, ...]:
    before = quote.evidence.before
    leans = quote.evidence.goes_on or (LEANS.match(quote.evidence.fold.text) and quote.start == quote.evidence.start)
    return (citations.cite(quote, *from_its_sentence(quote.evidence)),) if leans and before else ()


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _marks_shown(pieces: Sequence[tuple[str, tuple[int, ...]]], at: int) -> tuple[int, ...]:
    """The numbers behind a piece; none where the next piece with numbers has the same, which then stand there once."""
    after = next((numbers for _, numbers in pieces[at + 1 :] if numbers), ())
    return () if pieces[at][1] == after else pieces[at][1]
