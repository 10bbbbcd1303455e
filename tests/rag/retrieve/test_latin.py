"""Latin words of a question, as the material writes them."""

from __future__ import annotations

import pytest

from rag.retrieve.latin import LatinSpeller

HELD = {"norvik": 3, "nx200": 4, "hvac": 2, "tessen": 2, "stäubig": 1}
SPELLER = LatinSpeller([*HELD, "材料"])


def mended(question: str) -> str:
    return SPELLER.mended(question, lambda word: HELD.get(word, 0))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nrovik生产什么", "Norvik生产什么"),  # two letters changed places
        ("TESSSEN的总部", "TESSEN的总部"),  # one typed twice; the case stays
        ("NX20O是什么", "NX200是什么"),  # a letter for a figure
        ("nx-200是什么", "nx200是什么"),  # a joint that the material does not write
        ("Staubig在哪", "Stäubig在哪"),
    ],
)
def test_what_was_meant_is_clear(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "NX300是什么",  # another model
        "Norvig是谁",  # another name: one letter for another is no typing error
        "who is nrovik",  # a word in small letters is English
        "norvik是谁",  # it is held
        "谁生产材料",
    ],
)
def test_the_rest_stays_as_typed(question: str) -> None:
    assert mended(question) == question


def test_without_latin_words_nothing_is_mended() -> None:
    assert LatinSpeller(["材料"]).mended("Nrovik是谁", lambda _: 0) == "Nrovik是谁"
