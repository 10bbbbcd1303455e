"""How an answer was made, in words: by a language model and what was mended in it, or why not by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rag.types import Fallback


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence in two languages, without its full stop."""

    zh: str
    en: str


WRITTEN = Note("由语言模型撰写，逐句核对过", "Written by a language model, each statement checked against its quotes")
BROKE_OFF = Note(
    "回答没有写完，以上是已核对的部分，可以再问一次",
    "The answer was not finished; what stands above has been checked. Ask again for the whole of it",
)
# By kind; what was dropped for one of these reasons was not without support.
MENDED: dict[str, Note] = {
    "moved": Note("改引正确的出处 {n} 处", "{n} given the right source"),
    "replaced": Note("以原文替代 {n} 处", "{n} replaced by the quote"),
    "dropped": Note("删去无依据 {n} 处", "{n} without support dropped"),
    "repeated": Note("删去重复 {n} 处", "{n} said before dropped"),
    "unfinished": Note("删去未写完 {n} 处", "{n} unfinished dropped"),
    "added": Note("补上遗漏 {n} 处", "{n} left out and added"),
}
WHY: dict[Fallback, Note] = {
    "failed": Note(
        "语言模型没有答复，已改用原文语句", "The language model did not answer; this is the material's own statements"
    ),
    "late": Note("语言模型超时，已改用原文语句", "The language model was late; this is the material's own statements"),
    "paused": Note(
        "语言模型连续出错，暂不调用，已改用原文语句",
        "The language model has failed several times and is left alone for a while; this is the material's own statements",
    ),
    "unsupported": Note(
        "语言模型所写的未能核对成立，已改用原文语句",
        "What the language model wrote could not be confirmed; this is the material's own statements",
    ),
    "declined": Note(
        "语言模型没有写出答案，已改用原文语句", "The language model declined; this is the material's own statements"
    ),
    "computed": Note(
        "这类答案由资料直接推算或对照得出，不交给语言模型撰写",
        "An answer of this kind is worked out from the material itself and not given to a language model to write",
    ),
}


def how_made(reply: Mapping[str, Any]) -> tuple[Note, ...]:
    """What is to be said of how an answer was made: nothing of an extractive one that none was to write.

    Args:
        reply: what :meth:`rag.Answer.as_dict` gives; of it ``mode``, ``fallback``, ``repairs`` and ``incomplete``.

    >>> moved, dropped = {"kind": "moved", "reason": "misnamed"}, {"kind": "dropped", "reason": "word"}
    >>> reply = {"mode": "llm", "fallback": None, "repairs": [moved, dropped, moved], "incomplete": False}
    >>> [note.zh for note in how_made(reply)]
    ['由语言模型撰写，逐句核对过；改动 3 处：改引正确的出处 2 处、删去无依据 1 处']
    """
    notes: list[Note] = []
    if reply["mode"] == "llm":
        notes.append(_written(Counter(_group(repair) for repair in reply["repairs"])))
    elif reply["fallback"] in WHY:
        notes.append(WHY[reply["fallback"]])
    if reply["incomplete"]:
        notes.append(BROKE_OFF)
    return tuple(notes)


def _group(repair: Mapping[str, Any]) -> str:
    return str(repair["reason"] if repair["kind"] == "dropped" and repair["reason"] in MENDED else repair["kind"])


def _written(repairs: Counter[str]) -> Note:
    if not repairs:
        return WRITTEN
    told = [(note, repairs[kind]) for kind, note in MENDED.items() if repairs[kind]]
    zh = "、".join(note.zh.format(n=n) for note, n in told)
    en = ", ".join(note.en.format(n=n) for note, n in told)
    total = repairs.total()
    return Note(f"{WRITTEN.zh}；改动 {total} 处：{zh}", f"{WRITTEN.en}; {total} mended: {en}")
