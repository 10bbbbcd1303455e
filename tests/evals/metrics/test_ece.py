"""Expected calibration error."""

from __future__ import annotations

import math

import pytest

from evals.metrics import ece


def test_a_bin_is_a_tenth_and_the_last_holds_1() -> None:
    found = ece.bins([0.0, 0.05, 0.1, 0.95, 1.0], [0, 1, 1, 1, 0])
    assert [(b.low, b.high, b.count) for b in found] == [(0.0, 0.1, 2), (0.1, 0.2, 1), (0.9, 1.0, 2)]
    assert (found[0].confidence, found[0].right) == (pytest.approx(0.025), 0.5)


def test_is_the_mean_gap_weighted_by_the_bins_sizes() -> None:
    # Three of four in one bin: |.8 - 2/3| · 3/4; one alone: |.3 - 0| · 1/4.
    assert ece.score([0.8, 0.8, 0.8, 0.3], [1, 1, 0, 0]) == pytest.approx((0.8 - 2 / 3) * 0.75 + 0.3 * 0.25)


def test_confidence_that_is_as_often_right_as_it_says_has_none() -> None:
    assert ece.score([0.75] * 4, [1, 1, 1, 0]) == pytest.approx(0.0)


def test_of_nothing() -> None:
    assert math.isnan(ece.score([], []))
