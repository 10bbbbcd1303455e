"""Reciprocal rank at k: 1 / rank of the first gold passage among the first k, else 0. Its mean is MRR@k."""

from __future__ import annotations

from collections.abc import Sequence


def score(ranked: Sequence[bool], k: int) -> float:
    """``ranked`` says of each passage, best first, whether it is gold.

    >>> score([False, True, True], 10)
    0.5
    """
    return next((1 / rank for rank, gold in enumerate(ranked[:k], 1) if gold), 0.0)
