"""Intervals and the paired test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from evals.metrics import auroc
from evals.statistics import interval, paired_test, wilson


def test_an_interval_of_a_share_is_about_what_theory_says() -> None:
    low, high = interval([1.0] * 80 + [0.0] * 20) or (0, 0)
    margin = 1.96 * math.sqrt(0.8 * 0.2 / 100)
    assert low == pytest.approx(0.8 - margin, abs=0.015)
    assert high == pytest.approx(0.8 + margin, abs=0.015)


def test_an_interval_is_the_same_each_time() -> None:
    values = list(np.random.default_rng(1).normal(size=50))
    assert interval(values) == interval(values)
    assert interval(values, statistic=np.median) != interval(values)


def test_questions_that_do_not_differ_leave_no_doubt_and_one_leaves_no_interval() -> None:
    assert interval([1.0] * 5) == (1.0, 1.0)
    assert interval([1.0]) is None
    assert interval([]) is None


def test_samples_that_belong_together_are_drawn_together() -> None:
    confidence = np.linspace(0, 1, 40)
    low, high = interval(confidence, confidence > 0.5, statistic=auroc.score, vectorized=False) or (0, 0)
    assert (low, high) == (1.0, 1.0)  # drawn apart, it would be about .5


def test_a_resample_without_the_event_is_passed_over() -> None:
    found = interval([0.9, 0.2, 0.1], [1.0, 0.0, 0.0], statistic=auroc.score, vectorized=False)
    assert found == (1.0, 1.0)


@settings(max_examples=30)
@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 50), st.sampled_from(["two-sided", "less", "greater"]))
def test_of_wins_and_losses_it_is_the_sign_test(wins: int, losses: int, ties: int, way: str) -> None:
    found = paired_test([1.0] * wins + [-1.0] * losses + [0.0] * ties, way)  # type: ignore[arg-type]
    expected = binomtest(wins, wins + losses, 0.5, way).pvalue if wins + losses else 1.0
    assert found == pytest.approx(expected)


def test_how_much_a_score_changed_counts() -> None:
    assert paired_test([-0.9, -0.8, -0.9, -0.7, 0.1, 0.1]) < paired_test([-1, -1, -1, -1, 1, 1])


def test_many_differences_are_drawn_by_lot_and_come_close() -> None:
    found = paired_test([-1.0] * 40 + [1.0] * 20)
    assert found == pytest.approx(binomtest(20, 60).pvalue, abs=0.003)
    assert found == paired_test([-1.0] * 40 + [1.0] * 20)


def test_wilson_holds_where_a_share_is_whole() -> None:
    low, high = wilson(100, 100) or (0, 0)
    z = 1.959964
    assert (low, high) == (pytest.approx(100 / (100 + z * z), abs=1e-4), 1.0)
    assert wilson(0, 3) == (0.0, pytest.approx(z * z / (3 + z * z), abs=1e-4))
    assert wilson(0, 0) is None
