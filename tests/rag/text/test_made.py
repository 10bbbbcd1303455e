"""How an answer was made, in words."""

from __future__ import annotations

from typing import get_args

import pytest

from rag import how_made
from rag.text.made import MENDED, WHY
from rag.types import Fallback, RepairKind


def test_every_repair_and_every_fallback_has_its_words() -> None:
    assert set(MENDED) == set(get_args(RepairKind))
    assert set(WHY) == set(get_args(Fallback))
    assert all(note.zh and note.en and note.zh[-1] != "。" != note.en[-1] for note in (*MENDED.values(), *WHY.values()))


def test_what_was_mended_is_counted_by_how() -> None:
    (note,) = how_made("llm", None, ["dropped", "replaced", "moved", "replaced"], False)
    assert note.zh == "由语言模型撰写，逐句核对过；改动 4 处：改引正确的出处 1 处、以原文替代 2 处、删去无依据 1 处"
    assert note.en.endswith("; 4 mended: 1 given the right source, 2 replaced by the quote, 1 without support dropped")


@pytest.mark.parametrize("fallback", get_args(Fallback))
def test_a_fallback_is_one_sentence(fallback: str) -> None:
    (note,) = how_made("extractive", fallback, ["dropped"], False)
    assert note == WHY[fallback]  # type: ignore[index]


def test_an_answer_that_broke_off_says_so_behind_how_it_was_made() -> None:
    written, broken = how_made("llm", None, [], True)
    assert written.zh == "由语言模型撰写，逐句核对过"
    assert "中途断开" in broken.zh and "broke off" in broken.en


def test_an_answer_without_a_language_model_has_nothing_to_tell() -> None:
    assert how_made("extractive", None, [], False) == ()
