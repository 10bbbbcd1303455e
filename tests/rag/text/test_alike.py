"""Characters that are typed for one another."""

from __future__ import annotations

import pytest

from rag.text.alike import likeness, near, shaped_like, sounds


@pytest.mark.parametrize(
    ("typed", "meant", "at", "how"),
    [
        ("夜", "液", 0, "sound"),
        ("薄", "博创", 0, "sound"),  # 薄 is read bó in many words
        ("恒", "行为", 0, None),  # 行 is read xíng here
        ("新", "星", 0, "near"),
        ("是", "四", 0, "near"),
        ("冷", "能", 0, "near"),
        ("灰", "飞", 0, "near"),
        ("钱", "线", 0, "shape"),
        ("水", "火", 0, None),
        ("水", "水", 0, None),
        ("a", "阿", 0, None),
    ],
)
def test_how_one_is_typed_for_another(typed: str, meant: str, at: int, how: str | None) -> None:
    assert likeness(typed, meant, at) == how


def test_sounds_without_tones() -> None:
    assert sounds("液") == {"ye"} and sounds("x") == frozenset()
    assert {"hang", "xing"} <= sounds("行")


def test_near_sounds_fall_together() -> None:
    assert near("zhong") == near("zong") and near("lin") == near("ning") and near("huang") == near("fang")
    assert near("ma") != near("na")


def test_shapes_go_both_ways() -> None:
    assert "线" in shaped_like("钱") and "钱" in shaped_like("线") and not shaped_like("龘")
