"""The names and the bare fact of an extractive draft, found again in what a language model wrote about it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.draft import Draft, Quote
from rag.text.normalize import folded
from rag.types import Citation, Item, ShortAnswer, Statement


def item(name: str, quote: Quote, statements: Sequence[Statement], citations: Sequence[Citation]) -> Item | None:
    """A name that ``quote`` lists, with the citations of the statements that say it of that place; None where none does: that
    it is said of something else does not list it."""
    plain = folded(name)
    holding = {citation.id for citation in citations if plain in folded(citation.quote) and is_of(citation, quote)}
    numbers = [
        number
        for statement in statements
        if plain in folded(statement.text)
        for number in statement.citations
        if number in holding
    ]
    return Item(name, tuple(dict.fromkeys(numbers))) if numbers else None


def items(drafts: Sequence[Draft], statements: Sequence[Statement], citations: Sequence[Citation]) -> tuple[Item, ...]:
    """The list that was asked for, as far as it was said."""
    listed = ((name, draft.quotes[at]) for draft in drafts for name, at in draft.items)
    found = (item(name, quote, statements, citations) for name, quote in listed)
    return tuple({one.text: one for one in found if one is not None}.values())


def is_of(citation: Citation, quote: Quote) -> bool:
    """Whether a citation is of the place that a quote is of, or of a part of it."""
    there = citation.document.id == quote.evidence.hit.document.id
    return there and citation.start < quote.end and quote.start < citation.end


def short_answer(
    drafts: Sequence[Draft], statements: Sequence[Statement], citations: Sequence[Citation]
) -> ShortAnswer | None:
    """The bare fact of a single draft, where a statement says it and cites the place that it is read from."""
    if len(drafts) != 1 or drafts[0].short is None:
        return None
    start, end, at = drafts[0].short
    hit = drafts[0].quotes[at].evidence.hit
    words = hit.passage.words(start, end)
    here = {
        citation.id
        for citation in citations
        if citation.document.id == hit.document.id and citation.start <= start and end <= citation.end
    }
    for statement in statements:
        if folded(words) in folded(statement.text) and (numbers := here.intersection(statement.citations)):
            return ShortAnswer(words, min(numbers), start, end)
    return None
