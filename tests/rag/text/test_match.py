import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.match import coverage, synonyms
from rag.text.normalize import folded


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("折叠梯子", "本店售折叠梯子两架", 1.0),
        ("原因", "这是因为下雨", 0.95),
        ("折梯子", "本店售折叠梯子", 0.85),  # the text's name is longer
        ("折叠梯子", "本店售折梯子", 0.85),  # the text's name is shorter
        ("折叠梯子", "梯子可以折叠", 0.8),  # both halves, apart
        ("梯子", "本店售椅子", 0.0),
        ("梯", "本店售椅子", 0.0),
        # Latin words are whole words
        ("ups", "用ups供电", 1.0),
        ("ups", "groups", 0.0),
        ("ups", "ups2代", 1.0),  # a digit begins another word
        ("5g", "15g", 0.0),
        ("up", "groups up", 1.0),
        # ordinals
        ("第五", "位列第5", 0.95),
        ("第5名", "位列第五名", 0.95),
        ("第1", "位列第10", 0.0),
        ("第十", "位列第十五名", 0.0),
        ("第十", "位列第十名", 1.0),
        ("第二", "位列第二百名", 0.0),
        ("前三", "前三十名", 0.0),
        ("第三", "第三方机构", 0.0),
    ],
)
def test_how_far_a_text_speaks_of_a_term(term: str, text: str, expected: float) -> None:
    assert coverage(term, text) == expected


def test_a_share_of_the_pairs_is_held_down() -> None:
    assert 0 < coverage("防水折叠梯子", "折叠椅子") < 0.6


def test_regional_names_stand_for_one_another() -> None:
    assert "芯片" in synonyms("晶片")
    assert coverage("软件", folded("這是一套軟體")) == 0.95


def test_synonyms_go_both_ways_and_never_name_the_term() -> None:
    for term in ("原因", "优势", "国外", "芯片", "第七", "第7名"):
        others = synonyms(term)
        assert others
        assert term not in others
        assert all(term in synonyms(other) for other in others)


@given(st.text(alphabet="折叠梯子第一十5ups、 ", max_size=8), st.text(alphabet="折叠梯子第一十5ups、 ", max_size=20))
def test_it_is_a_share_and_the_term_itself_is_all_of_it(term: str, text: str) -> None:
    assert 0 <= coverage(term, text) <= 1
    assert coverage(term, f"。{term}。") == 1
