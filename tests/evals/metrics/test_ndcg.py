"""nDCG@k."""

from __future__ import annotations

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import ndcg


@given(st.lists(st.booleans(), max_size=15), st.integers(0, 4), st.integers(1, 12))
def test_is_the_textbook_s(ranked: list[bool], missed: int, k: int) -> None:
    relevant = sum(ranked) + missed
    gained = sum(1 / log2(rank + 1) for rank, gold in enumerate(ranked[:k], 1) if gold)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(k, relevant) + 1))
    assert ndcg.score(ranked, k, relevant) == pytest.approx(gained / best if relevant and ranked else 0.0)


def test_a_gold_passage_that_is_not_found_counts() -> None:
    assert ndcg.score([True, False], 10, 1) == 1.0
    assert ndcg.score([True, False], 10, 2) < 1.0
    assert ndcg.score([], 10, 1) == 0.0
