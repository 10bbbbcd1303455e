"""Where the first and the last name of a list begin and end."""

from __future__ import annotations

import pytest

from rag.text.boundaries import first_name, joined_names, last_names, shared_ending
from rag.text.words import Lexicon

LEXICON = Lexicon(["松岭机械", "岩上科技", "绿洲股份"])


@pytest.mark.parametrize("text", ["国内厂商有松岭机械", "2024年松岭机械", "主要包括松岭机械"])
def test_a_first_name_begins_after_what_introduces_it(text: str) -> None:
    assert [text[s:e] for s, e in first_name(text, text, 0, len(text), LEXICON)] == ["松岭机械"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("岩上科技在国内", ["岩上科技"]),
        ("岩上科技和绿洲股份主导市场", ["岩上科技", "绿洲股份"]),
        ("北风主导", ["北风"]),
    ],
)
def test_a_last_name_ends_before_what_is_said_of_it(text: str, names: list[str]) -> None:
    assert [text[s:e] for s, e in last_names(text, text, 0, len(text), LEXICON)] == names


def test_names_that_end_alike_keep_their_ending() -> None:
    text = "甲主导、乙主导、丙主导模式"
    ending = shared_ending(text, (0, 3), [(4, 7)], (8, 13))
    assert ending == "主导"
    (start, end), *_ = last_names(text, text, 8, 13, LEXICON, ending)
    assert text[start:end].startswith("丙主导")
    assert shared_ending("松岭、岩上", (0, 2), [], (3, 5)) == ""


def test_joined_names() -> None:
    assert joined_names("松岭机械和岩上科技", 0, 9, LEXICON) == [(0, 4), (5, 9)]
    assert joined_names("松岭机械", 0, 4, LEXICON) == [(0, 4)]
