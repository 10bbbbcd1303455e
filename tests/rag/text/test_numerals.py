"""Numerals as numbers."""

from __future__ import annotations

import pytest

from rag.text.numerals import amounts, whole_number


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("7", 7), ("两", 2), ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("一百零五", 105),
        ("三千二百", 3200), ("两万五千", 25_000), ("三亿二千万", 320_000_000), ("二〇二四", 2024), ("一百十", 110),
        ("零", 0), ("", 0), ("几", 0), ("3個", 0),
    ],
)  # fmt: skip
def test_a_numeral_is_a_number(numeral: str, number: int) -> None:
    assert whole_number(numeral) == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("约2,440亿美元", [244e9]),
        ("0.3万人", [3000]),
        ("三千二百亩", [3200]),
        ("20%-30%", [20, 30]),
        ("186 公里", [186]),
        ("5百万", [5e6]),
        ("没有", []),
    ],
)
def test_amounts_count_their_scale_in(text: str, numbers: list[float]) -> None:
    assert amounts(text) == pytest.approx(numbers)
