"""nDCG@k: discounted cumulative gain over that of the best ranking there could be.

    DCG@k = Σ gold(i) / log2(i + 1) for the first k,  nDCG@k = DCG@k / (DCG@k with every gold passage first)

Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002; a passage is gold or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from ir_measures import nDCG

from evals.metrics.ranked import measured


def score(ranked: Sequence[bool], k: int, relevant: int) -> float:
    """``ranked`` says of each passage, best first, whether it is gold; ``relevant`` counts the gold ones there are.

    >>> score([True, False], 10, 1), round(score([True, False], 10, 2), 3)
    (1.0, 0.613)
    """
    return measured(nDCG @ k, ranked, relevant)
