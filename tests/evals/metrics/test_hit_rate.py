"""hit@k."""

from __future__ import annotations

import pytest

from evals.metrics import hit_rate


@pytest.mark.parametrize(
    ("ranked", "k", "expected"),
    [
        ([True], 1, 1.0),
        ([False, True], 1, 0.0),
        ([False, True, True], 5, 1.0),
        ([False] * 5 + [True], 5, 0.0),
        ([], 5, 0.0),
    ],
)
def test_counts_a_gold_passage_among_the_first_k(ranked: list[bool], k: int, expected: float) -> None:
    assert hit_rate.score(ranked, k) == expected
