"""AUROC over pairs, held against other ways of computing them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from evals.benchmarks.selective import paired_auroc


def test_auroc_is_what_scikit_learn_says() -> None:
    random = np.random.default_rng(3)
    sure, unsure = random.random(40).round(1), (random.random(40) * 0.8).round(1)
    middle, low, high = paired_auroc(sure.tolist(), unsure.tolist())
    labels = [1] * 40 + [0] * 40
    assert middle == pytest.approx(roc_auc_score(labels, np.concatenate([sure, unsure])), abs=1e-4)
    assert low < middle < high


def test_the_interval_keeps_a_question_s_two_confidences_together() -> None:
    # Every question is surer with its answer than without, by little: drawn apart, the interval would be no narrower.
    level = np.linspace(0, 1, 50)
    middle, low, high = paired_auroc((level + 0.001).tolist(), level.tolist())
    assert middle == pytest.approx(0.51, abs=0.02)
    assert high - low < 0.05
