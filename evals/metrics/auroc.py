"""AUROC: the chance that a confidence of the right ones is above one of the wrong ones, a tie counting half.

AUROC = U / (|right| · |wrong|),  U of Mann and Whitney (Fawcett, "An introduction to ROC analysis", 2006)
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata


def score(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """``confidence``: (n,) numbers; ``right``: (n,) whether the event came. nan where all or none came.

    >>> score([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])
    0.875
    """
    came = np.asarray(right, dtype=bool)
    some, others = int(came.sum()), int((~came).sum())
    if not some or not others:
        return float("nan")
    above = float(rankdata(np.asarray(confidence, dtype=float))[came].sum()) - some * (some + 1) / 2
    return above / (some * others)
