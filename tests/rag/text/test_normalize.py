import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.normalize import fold, folded, simplified

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("㎡ﬁ①…Ａａ１ｶﾞ｢｣，。“”—︱﹘･\u200b\u200d\ufeff\u00ad\n\t臺灣體龍薴㍿İß½甲乙𠮷😀\ud800\udfff"),
        st.characters(exclude_categories=()),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("面積３５㎡", "面积35m2"),
        ("ﬁne", "fine"),
        ("①號", "1号"),
        ("臺灣體育", "台湾体育"),
        ("零\u200b宽\ufeff字\u00ad符", "零宽字符"),
        ("“引”‘号’", "\"引\"'号'"),
        ("一—二–三−四︱五﹘六", "一-二-三-四-五-六"),
        ("甲・乙･丙•丁", "甲·乙·丙·丁"),
        ("全，角。；：？！（）", "全,角。;:?!()"),
        ("half\ud800pair", "halfpair"),
        ("行\n列\t格", "行 列 格"),
        ("等……", "等......"),
        ("薴苧", "苎苎"),
        ("𠮷野", "𠮷野"),
        ("", ""),
    ],
)
def test_what_is_written_differently_folds_to_one_form(text: str, expected: str) -> None:
    assert folded(text) == expected == fold(text).text


@given(TEXTS)
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    whole = fold(text)
    assert whole.length == len(text)
    assert len(whole.offsets) == len(whole.text)
    assert list(whole.offsets) == sorted(whole.offsets)
    for i, char in enumerate(whole.text):
        start, end = whole.span(i, i + 1)
        assert (start, end) == (whole.offsets[i], whole.offsets[i] + 1)
        assert char in folded(text[start:end])


@given(TEXTS, st.data())
def test_the_original_of_a_span_folds_to_what_the_span_holds(text: str, data: st.DataObject) -> None:
    whole = fold(text)
    start = data.draw(st.integers(0, len(whole.text)))
    end = data.draw(st.integers(start, len(whole.text)))
    first, last = whole.span(start, end)
    assert 0 <= first <= last <= len(text)
    assert whole.text[start:end] in folded(text[first:last])
    if start == end:
        assert first == last


@given(TEXTS, TEXTS)
def test_texts_fold_character_by_character(one: str, other: str) -> None:
    assert folded(one + other) == folded(one) + folded(other)


def test_folding_twice_is_folding_once() -> None:
    """For every character there is."""
    once = "".join(map(folded, map(chr, range(sys.maxunicode + 1))))
    assert folded(once) == once
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in once)


def test_simplified_changes_the_script_alone() -> None:
    assert simplified("ＧＰＵ伺服器，體積 3㎡\n①號薴") == "ＧＰＵ伺服器，体积 3㎡\n①号苎"


@given(TEXTS)
def test_simplified_keeps_every_place(text: str) -> None:
    assert len(simplified(text)) == len(text)
    assert folded(simplified(text)) == folded(text)
    assert simplified(simplified(text)) == simplified(text)
