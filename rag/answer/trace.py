"""How an answer came about: how the question was read, and of each candidate passage what became of it.

The stages are those of the flow: the two searches, their fusion (the best ``top_k`` go on), the evidence (a passage's
best clause is its score), and the confidence (a draft that is not sure enough is not said).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from rag.answer.draft import Draft, Quote
from rag.answer.evidence import Evidence
from rag.retrieve.query import Query
from rag.retrieve.result import scores
from rag.types import Hit

Stage = Literal["fused", "evidence", "confidence"]
Reason = Literal["below_top_k", "no_clause", "missing_terms", "wrong_kind", "lower_score", "below_threshold"]

_WANTING = 0.3  # a clause of this fitness does not have the shape of the answer


def understanding(query: Query, sure: float, refuse_below: float) -> dict[str, Any]:
    """How a question (or a part of one) was read: its kind, its terms with their weights, and how sure its answer is."""
    return {
        "question": query.text,
        "kind": query.kind,
        "unit": query.unit,
        "wanted": query.wanted,
        "excepted": query.excepted,
        "terms": [
            {
                "text": term.text,
                "weight": round(term.weight, 4),
                "known": term.known,
                "name": term.name,
                "others": sorted(term.others),
            }
            for term in query.terms
        ],
        "confidence": round(sure, 4),
        "refuse_below": refuse_below,
    }


def rows(
    query: Query,
    hits: Sequence[Hit],
    beyond: Sequence[Hit],
    evidence: Sequence[Evidence],
    draft: Draft | None,
    said: bool,
) -> tuple[dict[str, Any], ...]:
    """A row for each candidate passage, by fused rank: its score and rank at each stage, and where it was dropped and why.

    Args:
        hits: those that evidence was picked from. beyond: the candidates ranked below them. said: whether the draft is.
    """
    best: dict[int, Evidence] = {}
    for e in evidence:
        best.setdefault(e.hit.number, e)
    rank = {number: place for place, number in enumerate(best, 1)}
    quotes: dict[int, list[Quote]] = {}
    for quote in draft.quotes if draft else ():
        quotes.setdefault(quote.evidence.hit.number, []).append(quote)
    least = min((q.evidence.score for chosen in quotes.values() for q in chosen), default=0.0)
    found = []
    for place, hit in enumerate((*hits, *beyond), 1):
        chosen = quotes.get(hit.number, [])
        clause = best.get(hit.number)
        dropped, reason = _fate(query, place > len(hits), clause, bool(chosen), said, least)
        found.append(
            {
                "question": query.text,
                "document": hit.document.id,
                "title": hit.document.title,
                "section": hit.passage.section,
                "start": hit.passage.start,
                "end": hit.passage.end,
                **scores(hit),
                "fused_rank": place,
                "rerank": round(clause.score, 4) if clause else None,
                "rerank_rank": rank.get(hit.number),
                "dropped": dropped,
                "reason": reason,
                "chosen": [{"text": q.text, "start": q.start, "end": q.end} for q in chosen],
                **({"clause": _clause(clause)} if clause else {}),
            }
        )
    return tuple(found)


def _fate(
    query: Query, below: bool, clause: Evidence | None, chosen: bool, said: bool, least: float
) -> tuple[Stage | None, Reason | None]:
    """At which stage a passage was dropped, and why; neither where the answer quotes it."""
    if below:
        return "fused", "below_top_k"
    if chosen:
        return (None, None) if said else ("confidence", "below_threshold")
    if clause is None:
        return "evidence", "no_clause"
    if any(term in query.heavy for term in clause.missing):
        return "evidence", "missing_terms"
    return "evidence", "wrong_kind" if clause.kind < _WANTING and clause.score >= least else "lower_score"


def _clause(e: Evidence) -> dict[str, Any]:
    return {
        "text": e.text,
        "start": e.start,
        "end": e.end,
        "score": round(e.score, 4),
        "coverage": round(e.coverage, 4),
        "own": round(e.own, 4),
        "cosine": round(e.cosine, 4),
        "kind": round(e.kind, 4),
        "missing": [term.text for term in e.missing],
    }
