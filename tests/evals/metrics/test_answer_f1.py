"""Answer F1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import answer_f1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("水泵造于1952年。", ["水", "泵", "造", "于", "1952", "年"]),
        ("Nexon的3.14", ["nexon", "的", "3.14"]),
        ("10-20、30", ["10", "20", "30"]),
        ("", []),
    ],
)
def test_segments_are_han_characters_words_and_numbers(text: str, expected: list[str]) -> None:
    assert answer_f1.segments(text) == expected


@pytest.mark.parametrize(
    ("answer", "golds", "expected"),
    [
        ("水泵", ["水泵"], 1.0),
        ("铸铁水泵", ["水泵"], 2 * 2 / (4 + 2)),
        ("水木泵", ["水泵"], 2 * 1 / (3 + 2)),  # only the longest run counts, not every shared character
        ("泵水", ["水泵"], 2 * 1 / (2 + 2)),
        ("木头", ["水泵", "木头做的"], 2 * 2 / (2 + 4)),  # the best gold
        ("", ["水泵"], 0.0),
        ("水泵", [], 0.0),
    ],
)
def test_counts_the_longest_common_run(answer: str, golds: list[str], expected: float) -> None:
    assert answer_f1.score(answer, golds) == pytest.approx(expected)


@given(st.text("水泵木头ab1 。", max_size=12), st.text("水泵木头ab1 。", max_size=12))
def test_is_a_share_and_knows_no_order_of_its_sides(one: str, other: str) -> None:
    found = answer_f1.score(one, [other])
    assert 0 <= found <= 1
    assert found == answer_f1.score(other, [one])
    assert (found == 1) == (answer_f1.segments(one) == answer_f1.segments(other) != [])
