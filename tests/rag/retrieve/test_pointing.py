"""Words that point back, and the names they mean."""

from __future__ import annotations

import pytest

from rag.retrieve.pointing import answered, names_in, ordinal, several, spoken
from rag.text.words import Lexicon

LEXICON = Lexicon(["松岭机械", "岩上科技", "绿洲股份", "揉捻机", "烘干机"])
LIST = "国内厂商有松岭机械、岩上科技、绿洲股份等。"
WHICH = "揉捻机和烘干机哪个贵"


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (LIST, ["松岭机械", "岩上科技", "绿洲股份"]),
        ("主要是松岭机械和岩上科技。", ["松岭机械", "岩上科技"]),
        ("松岭机械生产揉捻机。", []),
        ("", []),
    ],
)
def test_the_names_of_an_answer(answer: str, names: list[str]) -> None:
    assert names_in(answer, LEXICON) == names


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("第二个是做什么的", "岩上科技是做什么的"),
        ("最后一家的总部在哪", "绿洲股份的总部在哪"),
        ("the last one is where", "绿洲股份 is where"),
        ("第九家呢", None),  # there are three
        ("它呢", None),
    ],
)
def test_a_place_in_the_list_just_given(text: str, meant: str | None) -> None:
    assert ordinal(text, LIST, LEXICON) == meant
    assert ordinal(text, "", LEXICON) is None


@pytest.mark.parametrize(
    ("text", "answer", "meant"),
    [
        ("他们的客户", LIST, "松岭机械、岩上科技和绿洲股份的客户"),
        ("这两家的份额", LIST, "松岭机械和岩上科技的份额"),
        ("前两家呢", LIST, "松岭机械和岩上科技呢"),
        ("后者呢", "", "烘干机呢"),  # of the two that the question named
        ("他们的客户", "", None),  # nothing tells who
    ],
)
def test_several_are_said_by_name(text: str, answer: str, meant: str | None) -> None:
    assert several(text, WHICH, answer, LEXICON) == meant


def test_the_one_name_that_answered() -> None:
    assert answered("揉捻机由谁生产", "揉捻机由松岭机械生产。", LEXICON) == "松岭机械"
    assert answered("揉捻机由谁生产", LIST, LEXICON) is None  # three did
    assert answered("揉捻机有多重", "松岭机械的重300公斤。", LEXICON) is None  # no name was asked for


def test_names_in_a_row() -> None:
    assert [spoken(names) for names in ([], ["甲"], ["甲", "乙", "丙"])] == ["", "甲", "甲、乙和丙"]
