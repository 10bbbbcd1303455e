"""Enumerations: where a sentence lists names (A、B、C等), and where each name begins and ends.

The separators fix the inner names; where the first begins and the last ends, :mod:`rag.text.boundaries` finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text.boundaries import JOINTS, TITLES, Span, first_name, joined_names, last_names, shared_ending
from rag.text.words import Lexicon

_BRACKETS = {"(": ")", "《": "》", "「": "」", "『": "』", "【": "】", "[": "]", "〈": "〉"}
_CHUNK = re.compile(r"[^。!?;:,\n]+(?:(?<=\d),(?=\d{3})[^。!?;:,\n]+)*")
_ETC = re.compile(r"等(?![级于待离价值同候边])")
# Words that end in 等 without ending a list (高等, 平等); 华中等 is a list's end, 中等规模 is not.
_NOT_ETC = re.compile(r"[高初平同对优劣均相不头次何]等|中等(?=[规水收教职专程长强偏以])")
MAKING = frozenset(
    "生产 制造 供应 提供 研发 开发 销售 采购 投资 收购 管理".split()
)  # verbs that are nouns to the dictionary
_SAYS = re.compile(r"(?:最|更|较|很|非常|十分|越来越)[好大高多强快低小少广深远新优佳]$")
_MAX_NAME = 30


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Names listed in one breath. Spans count in the folded text that was given.

    ``items`` are the names without bracketed additions; ``open_ended`` where 等 follows. ``end`` includes it.
    """

    items: tuple[tuple[int, int], ...]
    start: int
    end: int
    open_ended: bool


def enumerations(text: str, lexicon: Lexicon) -> tuple[Enumeration, ...]:
    """Every enumeration of two or more names in a folded text, in order.

    >>> found = enumerations("主要厂商包括甲乙科技、丙丁股份和戊己集团等企业", Lexicon())
    >>> ["主要厂商包括甲乙科技、丙丁股份和戊己集团等企业"[s:e] for s, e in found[0].items]
    ['甲乙科技', '丙丁股份', '戊己集团']
    """
    return lexicon.once(_enumerations, text)  # the same passages are weighed for many questions


def _enumerations(text: str, lexicon: Lexicon) -> tuple[Enumeration, ...]:
    masked = _mask(text)
    found: list[Enumeration] = []
    for chunk in _CHUNK.finditer(masked):
        if "、" in chunk.group():
            found.extend(_in_chunk(text, masked, chunk.start(), chunk.end(), lexicon))
    return tuple(found)


def _mask(text: str) -> str:
    """The text with what stands in brackets blanked, so that it is not cut there; a title in its marks becomes one
    word of x's, for it is a name."""
    out: list[str] = []
    closing: list[str] = []
    for char in text:
        blank = "x" if closing and closing[0] in TITLES.values() else "\x00"
        if closing and char == closing[-1]:
            closing.pop()
            out.append(blank)
        elif char in _BRACKETS:
            closing.append(_BRACKETS[char])
            out.append("x" if closing[0] in TITLES.values() else "\x00")
        else:
            out.append(blank if closing else char)
    return text if closing else "".join(out)  # an unclosed bracket masks nothing


def _in_chunk(text: str, masked: str, start: int, end: int, lexicon: Lexicon) -> list[Enumeration]:
    """The enumerations of one stretch between commas and stops. ``等`` ends one; what follows may begin another."""
    found: list[Enumeration] = []
    stretches: list[Span] = []  # of the list that is open: each holds a name

    def close(end_at: int, open_ended: bool) -> None:
        names = _names(text, masked, stretches, open_ended, lexicon) if len(stretches) > 1 else []
        trimmed = (_trim(text, masked, s, e) for s, e in names)
        spans = tuple(span for span in trimmed if span and text[slice(*span)] not in JOINTS)
        if any(_SAYS.search(text[slice(*span)]) for span in spans):
            spans = ()  # 模式最好、空间也大 says two things of one
        if len(spans) >= 2:
            found.append(Enumeration(spans, spans[0][0], end_at if open_ended else spans[-1][1], open_ended))
        stretches.clear()

    for s, e in _parts(masked, start, end):
        while etc := _etc(masked, s, e):
            stretches.append((s, etc.start()))
            close(etc.end(), True)
            s = etc.end()
        if stretches and e < end and (verb := _verb_inside(masked, s, e, lexicon)):
            stretches.append((s, verb[0]))
            close(verb[0], False)
            s = verb[1]
        stretches.append((s, e))
    close(end, False)
    return found


def _parts(masked: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between the separators 、."""
    for piece in masked[start:end].split("、"):
        yield start, start + len(piece)
        start += len(piece) + 1


def _names(
    text: str, masked: str, stretches: Sequence[Span], open_ended: bool, lexicon: Lexicon
) -> list[tuple[int, int]]:
    """The names in the stretches of a list, one each, and more where known ones are joined."""
    first, inner, last = stretches[0], stretches[1:-1], stretches[-1]
    ending = shared_ending(masked, first, inner, last)
    names = first_name(text, masked, *first, lexicon, ending)[-1:]
    for s, e in inner:
        names.extend(joined_names(masked, s, e, lexicon) if _both_learned(masked, s, e, lexicon) else [(s, e)])
    if open_ended:
        return names + joined_names(masked, *last, lexicon)
    ranging = bool(names) and masked[: names[0][0]].endswith("从")
    return names + last_names(text, masked, *last, lexicon, ending, ranging=ranging)


def _verb_inside(masked: str, start: int, end: int, lexicon: Lexicon) -> Span | None:
    """The verb at which a list ends inside a stretch that goes on to another (为A、**B和C生产D**、E)."""
    joint = False
    for at, (word, s, e) in enumerate(words := lexicon.words(masked[start:end])):
        verb = len(word) > 1 and (lexicon.word_class(word) == "v" or word in MAKING)
        if joint and verb and at + 1 < len(words):
            return (start + s, start + e) if words[at - 1][0] not in JOINTS else None
        joint = joint or (at > 0 and word in JOINTS)
    return None


def _etc(masked: str, start: int, end: int) -> re.Match[str] | None:
    """The first 等 between ``start`` and ``end`` that ends a list."""
    others = {found.start() + 1 for found in _NOT_ETC.finditer(masked, max(0, start - 1), end)}
    return next((found for found in _ETC.finditer(masked, start, end) if found.start() not in others), None)


def _both_learned(masked: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether an inner name is really two known ones (``A与B`` where A and B are learned terms)."""
    return all(masked[s:e].strip(" \x00") in lexicon.learned for s, e in joined_names(masked, start, end, lexicon))


def _trim(text: str, masked: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without surrounding space and without a bracketed addition at its end; None where none is left."""
    while end > start and ((masked[end - 1] == "\x00" and text[end - 1] in ")]】") or text[end - 1] in " '\""):
        if masked[end - 1] == "\x00":
            while end > start and masked[end - 1] == "\x00":
                end -= 1
        else:
            end -= 1
    while start < end and text[start] in " '\"":
        start += 1
    return (start, end) if 0 < end - start <= _MAX_NAME else None
