"""A clause cut to what is asked: the pieces between its commas that are needed, never in the middle of one."""

from __future__ import annotations

import re

from rag.answer.draft import Quote
from rag.answer.evidence import Evidence
from rag.answer.pieces import spans
from rag.retrieve.query import Query, Term

TRIM_OVER = 40  # characters: a shorter clause is quoted whole
FAINT = 0.15
EACH = re.compile(r"各|分别|和|与|跟|及|以及|同时|又")


def pieces_of(text: str) -> list[tuple[int, int]]:
    """The spans between the commas of a folded clause; a comma among digits, in brackets or in quotation marks parts
    nothing."""
    return spans(text)


def spans_of(term: Term, text: str) -> list[tuple[int, int]]:
    """Where a term, or what stands for it, is in a folded text."""
    return [match.span() for word in (term.text, *term.others) for match in re.finditer(re.escape(word), text)]


def around_terms(query: Query, e: Evidence) -> Quote:
    """The clause from the first piece that speaks of the question to the one after the last."""
    text = e.fold.text
    pieces = pieces_of(text)
    speaking = [
        at
        for at, (start, end) in enumerate(pieces)
        if any(term.weight > FAINT and spans_of(term, text[start:end]) for term in query.terms)
    ]
    if len(text) <= TRIM_OVER or not speaking or EACH.search(query.folded):
        return Quote(e, e.start, e.end)
    first, last = speaking[0], min(speaking[-1] + 1, len(pieces) - 1)
    start, end = e.fold.span(pieces[first][0], pieces[last][1])
    return Quote(e, e.start + start, e.start + end)


def up_to(query: Query, e: Evidence, fact: tuple[int, int]) -> Quote:
    """The clause from the nearest pieces that name what is asked up to the one that holds the fact."""
    text = e.fold.text
    if len(text) <= TRIM_OVER or EACH.search(query.folded):
        return Quote(e, e.start, e.end)
    pieces = pieces_of(text)
    first = last = next(i for i, (start, end) in enumerate(pieces) if start <= fact[0] < end)
    wanted = [term for term in query.terms if term.weight > FAINT and spans_of(term, text)]

    def lacking() -> list[Term]:
        piece = text[pieces[first][0] : pieces[last][1]]
        return [term for term in wanted if not spans_of(term, piece)]

    while left := lacking():
        # Names mostly stand before their number: go back first, and on only for what stands nowhere before.
        if first > 0 and any(spans_of(term, text[: pieces[first][0]]) for term in left):
            first -= 1
        else:
            last += 1
    start, end = e.fold.span(pieces[first][0], pieces[last][1])
    return Quote(e, e.start + start, e.start + end)
