"""Reciprocal rank."""

from __future__ import annotations

import pytest

from evals.metrics import reciprocal_rank


@pytest.mark.parametrize(
    ("ranked", "expected"),
    [([True, True], 1.0), ([False, False, True], 1 / 3), ([False] * 9 + [True], 0.1), ([False] * 10 + [True], 0.0)],
)
def test_is_one_over_the_rank_of_the_first_gold_passage_within_k(ranked: list[bool], expected: float) -> None:
    assert reciprocal_rank.score(ranked, 10) == pytest.approx(expected)
