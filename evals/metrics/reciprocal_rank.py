"""Reciprocal rank at k: 1 / rank of the first gold passage among the first k, else 0. Its mean is MRR@k.

Voorhees, "The TREC-8 Question Answering Track Report", 1999.
"""

from __future__ import annotations

from collections.abc import Sequence

from ir_measures import RR

from evals.metrics.ranked import measured


def score(ranked: Sequence[bool], k: int) -> float:
    """``ranked`` says of each passage, best first, whether it is gold.

    >>> score([False, True, True], 10)
    0.5
    """
    return measured(RR @ k, ranked)
