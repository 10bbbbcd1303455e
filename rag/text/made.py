"""How an answer was made, in words: by a language model and what was mended in it, or why not by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rag.types import Fallback, RepairKind


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence in two languages, without its full stop."""

    zh: str
    en: str


WRITTEN = Note("由语言模型撰写，逐句核对过", "Written by a language model, each statement checked against its quotes")
BROKE_OFF = Note(
    "回答在中途断开，以上是已核对的部分", "The answer broke off; what stands above is the part that has been checked"
)
MENDED: dict[RepairKind, Note] = {
    "moved": Note("改引正确的出处 {n} 处", "{n} given the right source"),
    "replaced": Note("以原文替代 {n} 处", "{n} replaced by the quote"),
    "dropped": Note("删去无依据 {n} 处", "{n} without support dropped"),
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
        "语言模型所写的在资料中没有依据，已改用原文语句",
        "What the language model wrote has no support in the material; this is the material's own statements",
    ),
    "declined": Note(
        "语言模型没有写出答案，已改用原文语句", "The language model declined; this is the material's own statements"
    ),
    "computed": Note(
        "这类答案由资料直接推算或对照得出，不交给语言模型撰写",
        "An answer of this kind is worked out from the material itself and not given to a language model to write",
    ),
}


def how_made(mode: str, fallback: str | None, repairs: Iterable[str], incomplete: bool) -> tuple[Note, ...]:
    """What is to be said of how an answer was made: nothing of an extractive one that none was to write.

    Args:
        mode, fallback, incomplete: as in :class:`rag.Answer`. repairs: the ``kind`` of each.

    >>> [note.zh for note in how_made("llm", None, ["moved", "dropped", "moved"], False)]
    ['由语言模型撰写，逐句核对过；改动 3 处：改引正确的出处 2 处、删去无依据 1 处']
    """
    notes: list[Note] = []
    if mode == "llm":
        notes.append(_written(Counter(repairs)))
    elif fallback in WHY:
        notes.append(WHY[fallback])
    if incomplete:
        notes.append(BROKE_OFF)
    return tuple(notes)


def _written(repairs: Counter[str]) -> Note:
    if not repairs:
        return WRITTEN
    told = [(note, repairs[kind]) for kind, note in MENDED.items() if repairs[kind]]
    zh = "、".join(note.zh.format(n=n) for note, n in told)
    en = ", ".join(note.en.format(n=n) for note, n in told)
    total = repairs.total()
    return Note(f"{WRITTEN.zh}；改动 {total} 处：{zh}", f"{WRITTEN.en}; {total} mended: {en}")
