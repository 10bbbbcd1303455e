"""What a question asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import QuestionError
from rag.retrieve.kinds import Kind
from rag.retrieve.query import HEAVY, Query, check_question, read
from rag.text.words import Lexicon
from tests.rag.conftest import Reads

PLAIN = Lexicon()


def asked(text: str) -> Query:
    """A question to material that holds every word, each as often."""
    return read(text, PLAIN, lambda word: 1.0, lambda word: 1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("谁生产揉捻机", "list"),
        ("谁家在做烘干机？", "list"),
        ("青河铁路沿线有哪些隧道", "list"),
        ("誰生產揉捻機", "list"),
        ("哪三大类茶叶最常见", "list"),
        ("Which companies make rollers?", "list"),
        ("青河铁路全长多少公里", "number"),
        ("望月隧道有多长", "number"),
        ("舒宁片的有效期是多久", "number"),
        ("客运量排名第几", "number"),
        ("How many stations are there?", "number"),
        ("青河铁路哪一年动工", "date"),
        ("青河铁路什么时候通车", "date"),
        ("When did it open?", "date"),
        ("什么是白毫银针", "definition"),
        ("白毫银针是什么", "definition"),
        ("What is a cold frame?", "definition"),
        ("为什么热风烘干更省燃料", "reason"),
        ("Why is it cheaper?", "reason"),
        ("蒸汽机车和内燃机车有什么区别", "compare"),
        ("松岭机械是做什么的", "profile"),
        ("市场份额第一的是哪家", "name"),
        ("鐵路的總工程師是誰", "name"),
        ("舒宁片怎么贮藏", "open"),
    ],
)
def test_the_kind_of_answer_wanted(text: str, kind: Kind) -> None:
    assert asked(text).kind == kind


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("客运量位居全省第几", "第"),
        ("雾尖每斤多少钱", "元"),
        ("舒宁片的价格是多少", "元"),
        ("松岭机械占百分之几", "%"),
        ("揉捻机的市占率是多少", "%"),
        ("铁路设几个车站", "个"),
        ("每次服用多少种药", "种"),
        ("客运量是多少", ""),
    ],
)
def test_the_unit_that_is_named(text: str, unit: str) -> None:
    assert asked(text).unit == unit


def test_the_asking_words_are_no_terms() -> None:
    terms = {term.text for term in asked("请问一下，谁知道望月隧道有多长呢？").terms}
    assert not terms & {"请问", "谁", "多长", "呢"}
    assert any("隧道" in term for term in terms)


def test_names_weigh_more_than_what_glues_them(reads: Reads) -> None:
    weights = {term.text: term.weight for term in reads("现在的揉捻机和烘干机主要是谁生产的").terms}
    assert weights["揉捻机"] >= HEAVY
    assert all(weights[word] < HEAVY for word in weights if word in ("现在", "的", "和", "主要", "是", "生产"))


def test_what_the_material_does_not_hold_is_unknown(reads: Reads) -> None:
    query = reads("揉捻机的专利数量是多少")
    known = {term.text: term.known for term in query.terms}
    assert not known["专利"] and known["揉捻机"]


def test_an_ordinal_is_a_term_that_must_be_spoken_of(reads: Reads) -> None:
    assert {term.text: term.weight for term in reads("排名第七的揉捻机厂商").terms}["第七"] >= HEAVY


def test_a_name_that_the_dictionary_does_not_know_is_one_term() -> None:
    assert "栾郗阕" in {term.text for term in asked("栾郗阕的产品有哪些").terms}


def test_an_english_question_without_a_name_is_blind(reads: Reads) -> None:
    assert reads("Which zorbs are there?").blind
    assert not reads("How much does the Norvik NX7 weigh?").blind
    assert not reads("谁生产揉捻机").blind


def test_the_question_is_given_back_without_space_around_it() -> None:
    assert check_question("  茶\n", 10) == "茶"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "question_empty"),
        ("　 \n", "question_empty"),
        ("……？！", "question_wordless"),
        ("茶" * 11, "question_too_long"),
    ],
)
def test_what_is_no_question(text: str, code: str) -> None:
    with pytest.raises(QuestionError) as error:
        check_question(text, 10)
    assert error.value.code == code and error.value.zh != error.value.en


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    query = asked(text)
    assert all(0 < term.weight <= 1 for term in query.terms)
    assert len({term.text for term in query.terms}) == len(query.terms)
