"""Of a list that names what is asked about, that name alone."""

from __future__ import annotations

import pytest

from rag.answer.pick_out import noted_for, other_names
from rag.retrieve.query import read
from rag.text.enumerations import enumerations
from rag.text.normalize import folded
from rag.text.words import Lexicon
from tests.rag.conftest import Reads

LEXICON = Lexicon(["松岭机械", "岩上科技", "绿洲股份", "揉捻机"])


@pytest.mark.parametrize(
    ("question", "text", "gone"),
    [
        ("松岭机械做什么", "国内揉捻机厂商有绿洲股份、松岭机械、岩上科技等", ["绿洲股份、", "、岩上科技"]),
        ("松岭机械做什么", "前三名分别是绿洲股份、松岭机械、岩上科技", []),  # a place goes with each name
        ("谁生产揉捻机", "揉捻机厂商有绿洲股份、松岭机械、岩上科技等", []),  # no name of the list is asked about
    ],
)
def test_the_other_names(question: str, text: str, gone: list[str]) -> None:
    text = folded(text)
    query = read(question, LEXICON, lambda _: 1.0, lambda _: 1)
    assert [text[start:end] for start, end in other_names(query, text, None, LEXICON)] == gone


PLAIN = Lexicon(["青松队", "白鹭队", "云海队"])


@pytest.mark.parametrize(
    ("question", "text", "place"),
    [
        ("谁排名第三", "青松队（排名第1）、白鹭队（排名第3）、云海队（排名第7）", 1),
        ("谁排第7", "青松队（排名第1）、白鹭队（排名第3）、云海队（排名第7）", 2),
        ("谁排名第二", "青松队（排名第1）、白鹭队（排名第3）、云海队（排名第7）", None),
        ("谁排名第三", "青松队、白鹭队（排名第3）、云海队", None),
    ],
)
def test_the_name_whose_own_addition_is_asked_for(reads: Reads, question: str, text: str, place: int | None) -> None:
    text = folded(text)
    (listed,) = enumerations(text, PLAIN)
    assert noted_for(reads(question), text, listed) == place


def test_the_other_names_go_where_each_has_its_own_addition(reads: Reads) -> None:
    text = folded("青松队（排名第1）、白鹭队（排名第3）、云海队（排名第7）。")
    gone = other_names(reads("谁排名第三"), text, None, PLAIN)
    kept = "".join(char for at, char in enumerate(text) if not any(start <= at < end for start, end in gone))
    assert kept == "白鹭队(排名第3)。"
