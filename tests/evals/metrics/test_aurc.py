"""Risk–coverage curve and its area."""

from __future__ import annotations

import math
from itertools import permutations
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import aurc


def by_hand(confidence: list[float], right: list[bool]) -> float:
    """The mean over every order of the questions, sorted by confidence."""
    areas = []
    for order in permutations(range(len(right))):
        ranked = sorted(order, key=lambda at: -confidence[at])
        areas.append(fmean(sum(not right[at] for at in ranked[:k]) / k for k in range(1, len(ranked) + 1)))
    return fmean(areas)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.booleans()), min_size=1, max_size=5))
def test_equal_confidences_count_as_any_order_of_them(forecasts: list[tuple[float, bool]]) -> None:
    confidence, right = map(list, zip(*forecasts, strict=True))
    assert aurc.score(confidence, right) == pytest.approx(by_hand(confidence, right))


def test_the_curve_has_a_point_for_each_confidence() -> None:
    points = aurc.curve([0.2, 0.9, 0.9, 0.5], [0, 1, 0, 1])
    assert [(p.confidence, p.coverage) for p in points] == [(0.9, 0.5), (0.5, 0.75), (0.2, 1.0)]
    assert [p.risk for p in points] == pytest.approx([1 / 2, 1 / 3, 1 / 2])


def test_putting_the_wrong_ones_last_is_best() -> None:
    assert aurc.score([0.9, 0.8, 0.1], [1, 1, 0]) < aurc.score([0.1, 0.8, 0.9], [1, 1, 0])


def test_of_nothing() -> None:
    assert math.isnan(aurc.score([], []))
    assert aurc.curve([], []) == []
