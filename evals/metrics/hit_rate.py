"""hit@k: 1 where a gold passage is among the first k, else 0 (trec_eval's ``success``)."""

from __future__ import annotations

from collections.abc import Sequence

from ir_measures import Success

from evals.metrics.ranked import measured


def score(ranked: Sequence[bool], k: int) -> float:
    """``ranked`` says of each passage, best first, whether it is gold.

    >>> score([False, True], 1), score([False, True], 5)
    (0.0, 1.0)
    """
    return measured(Success @ k, ranked)
