"""The names and the bare fact of an extractive draft, found again in what a language model wrote about it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.draft import Draft
from rag.text.normalize import folded
from rag.types import Citation, Item, ShortAnswer, Statement


def item(name: str, statements: Sequence[Statement], citations: Sequence[Citation]) -> Item | None:
    """A listed name with the citations of the statements that say it and whose quotes do; None where no statement does."""
    plain = folded(name)
    holding = {citation.id for citation in citations if plain in folded(citation.quote)}
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
    names = dict.fromkeys(name for draft in drafts for name, _ in draft.items)
    found = (item(name, statements, citations) for name in names)
    return tuple(one for one in found if one is not None)


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
