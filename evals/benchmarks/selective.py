"""Does the confidence tell the question with its answer from the same one without: AUROC over pairs, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_SAMPLES = 2000


def paired_auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> tuple[float, float, float]:
    """The chance that an answerable question is surer than an unanswerable one, equals counting one half
    (Hanley & McNeil, "The meaning and use of the area under a ROC curve", 1982); and its 95 % interval.

    Both are of the same questions, in the same order, once with what answers them and once without: the bootstrap
    (Efron, 1979) draws questions, and with each its two confidences.

    >>> paired_auroc([0.9, 0.8], [0.1, 0.2])
    (1.0, 1.0, 1.0)
    """
    sure, unsure = np.asarray(answerable, dtype=np.float64), np.asarray(unanswerable, dtype=np.float64)
    wins = (sure[:, None] > unsure[None, :]) + 0.5 * (sure[:, None] == unsure[None, :])
    number = len(sure)
    drawn = np.random.default_rng(0).multinomial(number, np.full(number, 1 / number), size=_SAMPLES)
    sampled = np.einsum("si,ij,sj->s", drawn, wins, drawn, optimize=True) / number**2
    low, high = np.quantile(sampled, [0.025, 0.975])
    return round(float(wins.mean()), 4), round(float(low), 4), round(float(high), 4)
