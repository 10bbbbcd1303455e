"""How much each word of a question counts."""

from __future__ import annotations

import pytest

from rag.retrieve.glue import GLUE, NARROWING, RELATIONS, SIDES
from rag.retrieve.weights import FAINT, weight
from rag.text.normalize import folded
from rag.text.words import Lexicon

LEXICON = Lexicon(["揉捻机"])


def weighed(
    word: str,
    *,
    share: float = 1.0,
    known: bool = True,
    english: bool = False,
    verbal: bool = False,
    proper: bool = False,
) -> float:
    return weight(word, LEXICON, share, known, english=english, verbal=verbal, proper=lambda _: proper)


def test_the_rarer_the_heavier() -> None:
    assert weighed("揉捻机", share=0.4) < weighed("揉捻机", share=0.9)


@pytest.mark.parametrize("word", ["的", "请问", "也", "什么"])
def test_glue_hardly_counts(word: str) -> None:
    assert weighed(word) == FAINT


@pytest.mark.parametrize("light", ["生产", "厂商", "主要", "公司"])
def test_what_every_text_says_counts_less_than_a_name(light: str) -> None:
    assert weighed(light) < weighed("揉捻机", share=0.5)


@pytest.mark.parametrize("word", ["第三", "第3", "前五", "第十二名"])
def test_an_ordinal_counts_in_full(word: str) -> None:
    assert weighed(word, share=0.1) == 1.0


def test_a_figure_counts_in_full() -> None:
    assert weighed("1936", share=0.1) == weighed("nx7", share=0.1) == 1.0


def test_an_event_counts_although_it_is_a_verb() -> None:
    assert weighed("收购", known=False) > weighed("观赏", known=False)


def test_an_english_word_counts_only_as_a_name() -> None:
    assert weighed("founded", known=False, english=True) == FAINT
    assert weighed("zebulon", known=False, english=True, proper=True) > FAINT


def test_the_word_lists_are_folded() -> None:
    for words in (GLUE, RELATIONS, NARROWING, *SIDES):
        assert all(word == folded(word) for word in words)
    assert SIDES[0].isdisjoint(SIDES[1])
