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
    """The clause, for a question that no bare fact answers; what of it is said, and how much is quoted, is decided once
    for every kind of question (:mod:`rag.answer.compress`)."""
    return Quote(e, e.start, e.end)


def up_to(query: Query, e: Evidence, fact: tuple[int, int]) -> Quote:
    """The clause that holds a fact."""
    return Quote(e, e.start, e.end)
