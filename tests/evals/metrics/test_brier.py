"""Brier score, held against scikit-learn's."""

from __future__ import annotations

import math

import pytest
from sklearn.metrics import brier_score_loss

from evals.metrics import brier


def test_is_scikit_learn_s() -> None:
    confidence, right = [0.9, 0.2, 0.6, 1.0], [1, 0, 0, 1]
    assert brier.score(confidence, right) == pytest.approx(brier_score_loss(right, confidence))


def test_of_nothing() -> None:
    assert math.isnan(brier.score([], []))
