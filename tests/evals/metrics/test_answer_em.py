"""Exact match."""

from __future__ import annotations

import pytest

from evals.metrics import answer_em


@pytest.mark.parametrize(
    ("answer", "golds", "expected"),
    [
        ("1952年", ["1952年"], 1.0),
        ("“铸铁”。", ["铸铁"], 1.0),
        ("DNA", ["dna"], 1.0),
        ("铸铁", ["木头", "铸铁"], 1.0),
        ("铸铁制成", ["铸铁"], 0.0),
        ("", ["铸铁"], 0.0),
    ],
)
def test_is_one_where_a_gold_is_met_whole(answer: str, golds: list[str], expected: float) -> None:
    assert answer_em.score(answer, golds) == expected
