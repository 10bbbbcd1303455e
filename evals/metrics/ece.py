"""Expected calibration error: how far confidence is from how often it is right, bin by bin.

    ECE = Σ |bin| / n · |mean confidence of the bin - share of right ones in it|,  ten bins of equal width

Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Confidences in ``[low, high)``, in the last bin ``[low, high]``: how many, their mean, the share of right ones."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def score(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """ECE in [0, 1], less is better; nan of nothing. ``confidence``: (n,) in [0, 1]; ``right``: (n,).

    >>> round(score([0.95, 0.95, 0.15], [1, 0, 0]), 2)
    0.35
    """
    found = bins(confidence, right)
    whole = sum(each.count for each in found)
    return sum(each.count * abs(each.confidence - each.right) for each in found) / whole if whole else float("nan")


def bins(confidence: npt.ArrayLike, right: npt.ArrayLike) -> list[Bin]:
    """The bins that hold something, from the lowest up: a reliability diagram."""
    sure, came = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    count = np.bincount(at, minlength=BINS)
    mean, share = (np.bincount(at, of, BINS) / np.maximum(count, 1) for of in (sure, came))
    return [
        Bin(number / BINS, (number + 1) / BINS, int(count[number]), float(mean[number]), float(share[number]))
        for number in range(BINS)
        if count[number]
    ]
