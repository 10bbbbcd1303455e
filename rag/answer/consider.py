"""One question, considered: its evidence, what would be said, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.answer.compress import compressed
from rag.answer.draft import Draft
from rag.answer.evidence import Evidence, gather
from rag.answer.extract import extract
from rag.answer.refuse import confidence, missing_terms
from rag.retrieve.query import Query
from rag.retrieve.result import scores
from rag.text.words import Lexicon
from rag.types import Hit, Related

_RELATED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Considered:
    """``draft`` is what would be said (None without any evidence), ``sure`` the confidence in it, in [0, 1]; ``missing``
    what the material does not speak of."""

    query: Query
    hits: Sequence[Hit]
    evidence: Sequence[Evidence]
    draft: Draft | None
    sure: float

    @property
    def missing(self) -> tuple[str, ...]:
        """What the material does not speak of, of what was asked."""
        return missing_terms(self.query, self.evidence)

    def related(self) -> tuple[Related, ...]:
        """The passages that come nearest."""
        return tuple(
            Related(h.document, h.passage.section, h.passage.text, h.passage.start, h.passage.end, round(h.score, 4))
            for h in self.hits[:_RELATED]
        )

    def trace(self) -> tuple[dict[str, Any], ...]:
        """For each passage its ranks and scores, and those of its best clause."""
        best: dict[int, Evidence] = {}
        for e in self.evidence:
            best.setdefault(e.hit.number, e)
        return tuple(_row(rank, hit, best.get(hit.number)) for rank, hit in enumerate(self.hits, 1))


def consider(query: Query, vector: npt.NDArray[np.float32], hits: Sequence[Hit], lexicon: Lexicon) -> Considered:
    """Weigh every clause of the hits and draft an answer."""
    evidence = gather(query, vector, hits, lexicon)
    draft = extract(query, evidence, lexicon)
    sure = confidence(query, evidence, draft)
    return Considered(query, hits, evidence, compressed(query, draft, lexicon) if draft else None, sure)


def _row(rank: int, hit: Hit, best: Evidence | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "document": hit.document.id,
        "section": hit.passage.section,
        "start": hit.passage.start,
        "end": hit.passage.end,
        **scores(hit),
        "fused_rank": rank,
    }
    if best is not None:
        row["clause"] = {
            "text": best.text,
            "score": round(best.score, 4),
            "coverage": round(best.coverage, 4),
            "own": round(best.own, 4),
            "cosine": round(best.cosine, 4),
            "kind": round(best.kind, 4),
            "missing": [term.text for term in best.missing],
        }
    return row
