"""How an answer was made, in words."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from rag import how_made
from rag.text.made import BROKE_OFF, MENDED, WHY, WRITTEN
from rag.types import Fallback, RepairKind


def reply(
    mode: str, *repairs: tuple[str, str], fallback: str | None = None, incomplete: bool = False
) -> dict[str, Any]:
    mended = [{"kind": kind, "reason": reason, "statement": None} for kind, reason in repairs]
    return {"mode": mode, "fallback": fallback, "repairs": mended, "incomplete": incomplete}


def test_every_repair_and_every_fallback_has_its_words() -> None:
    assert set(get_args(RepairKind)) <= set(MENDED)
    assert set(get_args(Fallback)) == set(WHY)
    assert all(
        note.zh and note.en and note.zh[-1] != "。" and note.en[-1] != "." for note in (*MENDED.values(), *WHY.values())
    )


def test_what_was_mended_is_counted_by_how() -> None:
    (note,) = how_made(
        reply("llm", ("dropped", "word"), ("replaced", "number"), ("moved", "misnamed"), ("replaced", "unit"))
    )
    assert note.zh == "由语言模型撰写，逐句核对过；改动 4 处：改引正确的出处 1 处、以原文替代 2 处、删去无依据 1 处"
    assert note.en.endswith("; 4 mended: 1 given the right source, 2 replaced by the quote, 1 without support dropped")


def test_what_was_said_twice_or_cut_off_is_not_called_unsupported() -> None:
    (note,) = how_made(reply("llm", ("dropped", "repeated"), ("dropped", "unfinished"), ("dropped", "name")))
    assert note.zh.endswith("改动 3 处：删去无依据 1 处、删去重复 1 处、删去未写完 1 处")


@pytest.mark.parametrize("fallback", get_args(Fallback))
def test_a_fallback_is_one_sentence(fallback: Fallback) -> None:
    assert how_made(reply("extractive", fallback=fallback)) == (WHY[fallback],)


def test_an_answer_that_broke_off_says_so_behind_how_it_was_made() -> None:
    assert how_made(reply("llm", incomplete=True)) == (WRITTEN, BROKE_OFF)


def test_an_answer_without_a_language_model_has_nothing_to_tell() -> None:
    assert how_made(reply("extractive")) == ()
