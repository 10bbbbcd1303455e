import pytest

from rag.documents.script import columns, is_cjk, join


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("算", "力", "算力"),
        ("芯片，", "GPU", "芯片，GPU"),
        ("graphics", "card", "graphics card"),
        ("inter-", "connect", "interconnect"),
        ("GPU-", "Direct", "GPU- Direct"),
        ("", "card", "card"),
        ("end ", "start", "end start"),
    ],
)
def test_join(left: str, right: str, expected: str) -> None:
    assert join(left, right) == expected


def test_is_cjk_knows_rare_ideographs_and_full_width_punctuation() -> None:
    assert all(map(is_cjk, "算，：\U00020000"))
    assert not any(map(is_cjk, "a1,: “😀"))


def test_columns_count_wide_characters_twice() -> None:
    assert columns("显卡GPU") == 7
