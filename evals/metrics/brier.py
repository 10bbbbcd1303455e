"""Brier score: the mean of (confidence - event)² (Brier, "Verification of forecasts", 1950). Less is better."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def score(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """In [0, 1]; nan of nothing. ``confidence`` and ``right``: (n,).

    >>> score([1.0, 0.5], [1, 0])
    0.125
    """
    gap = np.asarray(confidence, dtype=float) - np.asarray(right, dtype=float)
    return float(np.mean(gap**2)) if gap.size else float("nan")
