"""Figures, dates and ordinals: what says the same and what does not."""

import pytest

from rag.entail.numbers import figures
from rag.text.normalize import folded


def keys(text: str) -> list[object]:
    return [figure.key for figure in figures(folded(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2440亿美元", "2,440亿美元"),
        ("三千二百亩", "3200亩"),
        ("1.5万吨", "15000吨"),
        ("20%～30%", "20%-30%"),
        ("20%至30%", "20-30%"),
        ("20万-30万吨", "20-30万吨"),
        ("约三成", "约30%"),
        ("百分之三十", "30%"),
        ("超过30家", "30多家"),
        ("约30吨", "30吨左右"),
        ("第三", "第3名"),
        ("2024年5月", "2024-05"),
        ("二〇二四年", "2024年"),
        ("30千瓦", "30kW"),
        ("3公里", "3千米"),
        ("$30", "30美元"),
    ],
)
def test_one_value_in_two_writings(one: str, other: str) -> None:
    assert keys(one) == keys(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2440亿元", "2440亿美元"),
        ("30%", "30个百分点"),
        ("约30吨", "30吨"),
        ("超过30吨", "不足30吨"),
        ("至少30吨", "30吨"),
        ("近30吨", "约30吨"),
        ("-5℃", "5℃"),
        ("≥30吨", "30吨"),
        ("2024年", "2024年底"),
        ("2024年前", "2024年"),
        ("截至2024年", "2024年"),
        ("第三", "前三"),
        ("30家", "30种"),
        ("30吨/天", "30吨"),
        ("20%-30%", "20%"),
    ],
)
def test_what_differs(one: str, other: str) -> None:
    assert keys(one) != keys(other)
