"""Lexical and dense search, fused.

Both scores are scaled to [0, 1] over the union of the two candidate lists (min–max) and added with a weight. On the
tuning halves of CMRC2018 and DRCD the best weight is one half for both, and .4 to .6 do about as well; scaling by mean
and deviation is no better; reciprocal-rank fusion loses three to five points of hit@1, by how its many ties are broken,
since it throws away how far apart the scores are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.index.store import Candidate, Filter, View
from rag.retrieve.query import Query
from rag.types import Hit


def search(
    view: View,
    query: Query,
    vector: npt.NDArray[np.float32],
    *,
    top_k: int,
    candidates: int,
    dense_weight: float,
    filter: Filter | None = None,
) -> list[Hit]:
    """The ``top_k`` best passages, best first.

    Args:
        vector: the question's unit vector, ``(d,) float32``. candidates: how many each search contributes.
        dense_weight: the share of the vector score in the fused one, in [0, 1].
    """
    found = view.candidates(query.search, vector, candidates, filter)
    if not found:
        return []
    lexical = _scaled([c.lexical for c in found])
    dense = _scaled([c.dense for c in found])
    fused = dense_weight * dense + (1 - dense_weight) * lexical
    lexical_rank, dense_rank = _ranks([c.lexical for c in found]), _ranks([c.dense for c in found])
    order = np.argsort(-fused, kind="stable")[:top_k]
    return [_hit(view, found[i], float(fused[i]), lexical_rank[i], dense_rank[i]) for i in order]


def _scaled(scores: Sequence[float]) -> npt.NDArray[np.float64]:
    values = np.asarray(scores, dtype=np.float64)
    low, high = values.min(), values.max()
    return np.zeros_like(values) if high == low else (values - low) / (high - low)


def _ranks(scores: Sequence[float]) -> list[int]:
    order = np.argsort(-np.asarray(scores), kind="stable")
    ranks = np.empty(len(scores), dtype=int)
    ranks[order] = np.arange(1, len(scores) + 1)
    return [int(rank) for rank in ranks]


def _hit(view: View, candidate: Candidate, score: float, lexical_rank: int, dense_rank: int) -> Hit:
    passage, vectors = view.passage(candidate.number)
    first = view.neighbours(passage.document_id)[0]
    opening = view.passage(first)[0].text if first != candidate.number else ""
    return Hit(
        passage,
        view.ref(passage.document_id),
        score,
        candidate.number,
        vectors,
        candidate.lexical,
        candidate.dense,
        lexical_rank,
        dense_rank,
        opening,
    )
