"""BM25 over the search terms of the live passages (bm25s, the "lucene" variant).

Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009. Built when a generation is
opened, from the term counts that its segments hold, so that document frequencies are those of what is live.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import bm25s
import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


class Bm25:
    """Scores of every passage for a query.

    Args:
        passages: the search terms of each passage, as ids into ``vocabulary``.
        vocabulary: term → id.
        k1: saturation of repeated terms; b: how much a long passage is held back.
    """

    def __init__(self, passages: Sequence[Sequence[int]], vocabulary: dict[str, int], *, k1: float, b: float) -> None:
        self.count = len(passages)
        self._vocabulary = vocabulary
        frequency = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        for terms in passages:
            frequency[np.unique(np.asarray(terms, dtype=np.int64))] += 1
        self._frequency = frequency
        self._index: bm25s.BM25 | None = None
        if any(len(terms) for terms in passages):
            self._index = bm25s.BM25(k1=k1, b=b, method="lucene")
            self._index.index(([list(terms) for terms in passages], dict(vocabulary)), show_progress=False)

    def scores(self, terms: Sequence[str]) -> Scores:
        """BM25 of each passage, ``(count,) float32``; a term counts as often as the query holds it."""
        known = [term for term in terms if self.frequency(term)]
        if self._index is None or not known:
            return np.zeros(self.count, dtype=np.float32)
        return np.asarray(self._index.get_scores(known), dtype=np.float32)

    def frequency(self, term: str) -> int:
        """Number of live passages that hold ``term``."""
        place = self._vocabulary.get(term)
        return 0 if place is None else int(self._frequency[place])

    def idf(self, term: str) -> float:
        """``ln(1 + (N - n + 0.5) / (n + 0.5))``: the weight of a term by how few passages hold it."""
        n = self.frequency(term)
        return math.log(1 + (self.count - n + 0.5) / (n + 0.5))
