"""Does the confidence deserve its name: AUROC with its interval, and the area under the risk–coverage curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_SAMPLES = 2000


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> tuple[float, float, float]:
    """The chance that an answerable question is surer than an unanswerable one, equals counting one half
    (Hanley & McNeil, "The meaning and use of the area under a ROC curve", 1982); and its 95 % interval.

    Both are of the same questions, in the same order, once with what answers them and once without: the bootstrap
    (Efron, 1979) draws questions, and with each its two confidences.

    >>> auroc([0.9, 0.8], [0.1, 0.2])
    (1.0, 1.0, 1.0)
    """
    sure, unsure = np.asarray(answerable, dtype=np.float64), np.asarray(unanswerable, dtype=np.float64)
    wins = (sure[:, None] > unsure[None, :]) + 0.5 * (sure[:, None] == unsure[None, :])
    number = len(sure)
    drawn = np.random.default_rng(0).multinomial(number, np.full(number, 1 / number), size=_SAMPLES)
    sampled = np.einsum("si,ij,sj->s", drawn, wins, drawn, optimize=True) / number**2
    low, high = np.quantile(sampled, [0.025, 0.975])
    return round(float(wins.mean()), 4), round(float(low), 4), round(float(high), 4)


def aurc(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Area under the risk–coverage curve: the mean, over every n, of the share of errors among the n surest answers
    (Geifman & El-Yaniv, "Selective classification for deep neural networks", 2017). Of equally sure answers each
    counts with their common share of errors, so that their order does not matter.

    >>> aurc([0.9, 0.5], [True, False]), aurc([0.5, 0.9], [True, False])
    (0.25, 0.75)
    """
    sure, errors = np.asarray(confidences, dtype=np.float64), 1.0 - np.asarray(right, dtype=np.float64)
    for value in np.unique(sure):
        errors[sure == value] = errors[sure == value].mean()
    ordered = errors[np.argsort(-sure, kind="stable")]
    return round(float((np.cumsum(ordered) / np.arange(1, len(ordered) + 1)).mean()), 4)
