"""Typing errors."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.retrieve.spell import Speller, corrected
from rag.text.words import Lexicon

WORDS = ["揉捻机", "烘干机", "松岭机械", "望月隧道", "材料", "norvik"]
SPELLER = Speller(WORDS)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("柔捻机", "揉捻机"),  # the same sound
        ("才料", "材料"),
        ("松领机械", "松岭机械"),
        ("望日隧道", "望月隧道"),  # one character of four
        ("揉捻机", None),  # it is there
        ("揉面机", None),  # one of three could be another thing
        ("火星", None),
        ("norvig", None),
        ("材", None),
        ("", None),
    ],
)
def test_the_word_that_was_meant(word: str, meant: str | None) -> None:
    assert SPELLER.nearest(word) == meant


def test_of_words_that_sound_alike_the_one_written_most_alike() -> None:
    assert Speller(["石门镇", "十门阵"]).nearest("石门阵") in ("石门镇", "十门阵")
    assert Speller(["青岚谷", "轻蓝鼓"]).nearest("青岚鼓") == "青岚谷"


def test_where_two_are_as_near_none_is_chosen() -> None:
    assert Speller(["望月隧道", "望星隧道"]).nearest("望日隧道") is None


def test_only_the_unknown_words_of_a_question_are_replaced() -> None:
    assert corrected("谁生产柔捻机和才料", ["柔捻机"], SPELLER, Lexicon()) == "谁生产揉捻机和才料"


def test_a_longer_word_of_the_dictionary_was_meant_as_it_stands() -> None:
    speller = Speller(["运动源"])
    assert speller.nearest("运动员") == "运动源"
    assert corrected("运动员有多少", ["运动员"], speller, Lexicon()) == "运动员有多少"


def test_the_answer_says_how_the_question_was_read(assistant: Assistant) -> None:
    answer = assistant.ask("谁生产柔捻机")
    assert answer.question == "谁生产柔捻机" and answer.standalone_question == "谁生产揉捻机"
    assert "松岭机械" in {item.text for item in answer.items}
