"""What is said of a quote."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.compress import said
from rag.answer.pieces import piece_spans
from rag.answer.wants import numbers_in
from rag.retrieve.query import Query, read
from rag.text.normalize import folded
from rag.text.words import Lexicon
from tests.rag.promises import within

LEXICON = Lexicon(["松岭机械", "岩上科技", "揉捻机", "烘干机"])


def query(text: str) -> Query:
    """A question about material in which every word is rare."""
    return read(text, LEXICON, lambda _: 1.0, lambda _: 1)


def told(question: str, text: str, names: tuple[str, ...] = (), fact: str = "") -> str:
    """What is said of a text in answer to a question."""
    text = folded(text)
    place = (text.index(fact), text.index(fact) + len(fact)) if fact else None
    return "".join(text[s:e] for s, e in said(query(question), text, [folded(name) for name in names], place, LEXICON))


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        # A lead-in by whose account, and a tail about something else.
        ("哪家公司生产揉捻机", "据协会统计，松岭机械生产揉捻机，岩上科技位于石门", "松岭机械生产揉捻机"),
        # The other names of a list that names what is asked about.
        ("松岭机械做什么", "国内揉捻机厂商有绿洲股份、松岭机械、岩上科技等", "国内揉捻机厂商有松岭机械等"),
        ("松岭机械做什么", "前三名分别是绿洲股份、松岭机械、岩上科技", "前三名分别是绿洲股份、松岭机械、岩上科技"),
        ("松岭机械做什么", "绿洲股份、松岭机械和岩上科技占了一半市场", "绿洲股份、松岭机械和岩上科技占了一半市场"),
        # A limit, a condition and a claim stay.
        ("哪家公司生产揉捻机", "松岭机械生产揉捻机，但只供出口", "松岭机械生产揉捻机，但只供出口"),
        # All of a reason.
        ("为什么烘干机省燃料", "因为滚筒受热均匀，烘干机省燃料", "因为滚筒受热均匀，烘干机省燃料"),
        # A definition ends when enough is said.
        (
            "什么是烘干机",
            "烘干机是一种用热风把茶叶里多余的水分去掉的专门机器，岩上科技也有供应",
            "烘干机是一种用热风把茶叶里多余的水分去掉的专门机器",
        ),
    ],
)
def test_what_is_said(question: str, text: str, words: str) -> None:
    assert told(question, text) == folded(words)


def test_a_fact_is_said_with_its_subject() -> None:
    text = "松岭机械在云岭开了三家工厂，揉捻机年产量为8,200台，员工住在石门"
    assert told("松岭机械的揉捻机年产量是多少", text, fact="8,200台") == folded("松岭机械，揉捻机年产量为8,200台")
    other = "松岭机械未在云岭建厂，揉捻机年产量为8,200台"  # what turns the sense stays
    assert told("松岭机械的揉捻机年产量是多少", other, fact="8,200台") == folded(other)


def test_a_list_is_said_with_the_piece_that_holds_it() -> None:
    text = "展会在云岭举行，参展企业有松岭机械、岩上科技等，共接待一万人"
    assert told("参展企业有哪些", text, ("松岭机械", "岩上科技")) == folded("参展企业有松岭机械、岩上科技等")


def test_a_bracketed_addition_goes_unless_it_is_asked_for_or_takes_back() -> None:
    assert told("揉捻机年产量是多少", "揉捻机（用于制茶的机器）年产量为80台", fact="80台") == folded(
        "揉捻机（用于制茶的机器）年产量为80台"  # beside what is asked about
    )
    assert told("揉捻机年产量是多少", "揉捻机在云岭（省城）年产量为80台", fact="80台") == "揉捻机在云岭年产量为80台"
    assert "(不含出口)" in told("揉捻机年产量是多少", "揉捻机在云岭（不含出口）年产量为80台", fact="80台")


_PIECES = st.lists(
    st.sampled_from(
        [
            "松岭机械生产揉捻机", "据协会统计", "在云岭市场", "岩上科技不生产烘干机", "预计明年产量达8,200台", "如果滚筒过热",
            "除非已经冷却", "但只供出口", "并出口到石门", "其中", "绿洲股份、松岭机械等企业都有布局", "产量约为30%-40%",
            "协会认为", "该公司有望扩产", "仅有三家工厂", "（不含出口）共80台", "虽然机器很旧", "因此价格更高",
        ]
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip
_QUESTIONS = st.sampled_from(
    [
        "松岭机械做什么",
        "揉捻机产量是多少",
        "哪家公司生产揉捻机",
        "为什么价格更高",
        "什么是揉捻机",
        "揉捻机厂商有哪些",
        "岩上科技的烘干机",
    ]
)
_TURNS = re.compile(r"不|未|没|除非|如果|约|预计|有望|认为|仅|只|但")


@given(_PIECES, _QUESTIONS)
def test_what_is_said_is_words_of_the_quote_with_their_numbers_and_turns(parts: list[str], question: str) -> None:
    text = folded("，".join(parts) + "。")
    kept = said(query(question), text, [], None, LEXICON)
    words = "".join(text[s:e] for s, e in kept)
    assert words and within(words, text)
    assert all(e <= s for (_, e), (s, _) in pairwise(kept))
    for start, end in numbers_in(text):  # whole or not at all
        inside = [max(0, min(e, end) - max(s, start)) for s, e in kept]
        assert sum(inside) in (0, end - start)
    for start, end in piece_spans(text):  # no word of a piece that is said turns another way
        if any(s < end and start < e for s, e in kept):
            for match in _TURNS.finditer(text, start, end):
                assert any(s <= match.start() and match.end() <= e for s, e in kept)
    for one, other in pairwise(parts):  # a condition goes with what it is the condition of
        if one == "如果滚筒过热" and other != one and folded(other) in words and parts.count(other) == 1:
            assert one in words
