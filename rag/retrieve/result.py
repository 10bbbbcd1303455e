"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.retrieve.query import Query
from rag.text.normalize import fold
from rag.types import DocumentRef, Hit


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A passage that a search found. ``start``/``end`` count in the stored text, ``highlights`` in ``text``."""

    document: DocumentRef
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    score: float
    highlights: tuple[tuple[int, int], ...]
    trace: dict[str, Any] | None = None


def result(hit: Hit, query: Query, *, explain: bool) -> SearchResult:
    """A hit as it is given back; with ``explain``, its score and rank in each search."""
    p = hit.passage
    trace = scores(hit) if explain else None
    return SearchResult(
        hit.document, p.section, p.text, p.start, p.end, round(hit.score, 4), _highlights(p.text, query), trace
    )


def scores(hit: Hit) -> dict[str, Any]:
    """Raw score and rank of a hit in each of the two searches, and the fused score."""
    return {
        "lexical": round(hit.lexical, 4),
        "lexical_rank": hit.lexical_rank,
        "dense": round(hit.dense, 4),
        "dense_rank": hit.dense_rank,
        "fused": round(hit.score, 4),
    }


def _highlights(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """Where the question's terms stand in a text."""
    folded = fold(text)
    marks = set()
    for term in query.terms:
        for word in (term.text, *term.others):
            at = folded.text.find(word)
            while at >= 0:
                marks.add(folded.span(at, at + len(word)))
                at = folded.text.find(word, at + len(word))
    return tuple(sorted(marks))
