"""The risk–coverage curve and the area under it (AURC): what is gained by answering only where confidence is high.

    risk(k) = share of wrong ones among the k most confident,  AURC = Σ risk(k) / n,  k = 1 … n

Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017. Questions of one confidence
cannot be told apart, so each counts as their mean: the figures do not depend on the order of the questions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class RiskAt:
    """Where every question of at least ``confidence`` is answered: their share, and the share of wrong ones."""

    confidence: float
    coverage: float
    risk: float


def score(confidence: npt.ArrayLike, right: npt.ArrayLike) -> float:
    """AURC in [0, 1], less is better; nan of nothing. ``confidence`` and ``right``: (n,).

    >>> score([0.9, 0.8], [1, 0]), score([0.9, 0.8], [0, 1])
    (0.25, 0.75)
    """
    _, risk = _curve(confidence, right)
    return float(risk.mean()) if len(risk) else float("nan")


def curve(confidence: npt.ArrayLike, right: npt.ArrayLike) -> list[RiskAt]:
    """A point for each confidence there is, from the highest down.

    >>> curve([0.9, 0.8, 0.8], [1, 0, 1])[-1]
    RiskAt(confidence=0.8, coverage=1.0, risk=0.3333333333333333)
    """
    level, risk = _curve(confidence, right)
    last = np.flatnonzero(np.append(level[1:] != level[:-1], len(level) > 0))
    return [RiskAt(float(level[at]), float((at + 1) / len(level)), float(risk[at])) for at in last]


def _curve(confidence: npt.ArrayLike, right: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Confidences from the highest down, and the risk at each rank; both (n,)."""
    sure = np.asarray(confidence, dtype=float)
    wrong = 1 - np.asarray(right, dtype=float)
    _, group, size = np.unique(-sure, return_inverse=True, return_counts=True)
    shared = np.bincount(group, wrong, len(size)) / size
    each = np.sort(group)
    return np.sort(sure)[::-1], np.cumsum(shared[each]) / np.arange(1, len(sure) + 1)
