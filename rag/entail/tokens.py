"""The tokens of a folded text: figures, words, names, joints and marks, each with what it is compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rag.entail import wordlists as w
from rag.entail.numbers import figures
from rag.text.enumerations import enumerations
from rag.text.inflect import forms
from rag.text.words import Lexicon

Kind = Literal["figure", "date", "word", "name", "joint", "mark"]

_TITLE = re.compile(r"《[^《》\n]{1,60}》|〈[^〈〉\n]{1,60}〉")
_MARKS = re.compile(r"[,;。!?:\n、()\[\]【】\"「」『』|…/&-]|\.(?=\s|$)|'(?![a-z])")
_LATIN = re.compile(r"[a-z]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Token:
    """``[start, end)`` of a folded text; ``key`` is equal for what is the same, ``text`` as written."""

    text: str
    kind: Kind
    start: int
    end: int
    key: object

    @property
    def content(self) -> bool:
        """Whether it is more than a mark."""
        return self.kind != "mark"


def tokens(text: str, lexicon: Lexicon) -> tuple[Token, ...]:
    """The tokens of a folded text, in order, without overlap."""
    return lexicon.once(_tokens, text)


def _tokens(text: str, lexicon: Lexicon) -> tuple[Token, ...]:
    found: list[Token] = []
    english = len(_LATIN.findall(text)) > len(_HAN.findall(text))
    taken = bytearray(len(text) + 1)

    def take(start: int, end: int) -> None:
        taken[start:end] = b"\x01" * (end - start)

    for match in _TITLE.finditer(text):
        found.append(Token(match.group(), "name", *match.span(), match.group()))
        take(*match.span())
    # A figure that is only a part of a longer code (rj45, v2.0) is none; the words know codes.
    edges = _edges(text, lexicon)
    words = _firms(_cut_at(edges, lexicon.words(text)), edges, lexicon)
    codes = [(s, e) for word, s, e in words if _is_code(word)]
    for figure in figures(text):
        if any(taken[figure.start : figure.end]) or any(
            s < figure.end and figure.start < e and not _covers(text, figure.start, figure.end, s, e) for s, e in codes
        ):
            continue
        if figure.one:
            take(figure.start, figure.end)
            continue
        kind: Kind = "date" if figure.date else "figure"
        found.append(Token(text[figure.start : figure.end], kind, figure.start, figure.end, figure.key))
        take(figure.start, figure.end)
    for word, start, end in _whole(words, text):
        if word.endswith("n't"):  # not is a word of its own
            found.append(_word(word[:-3], start, end - 3, english, lexicon))
            found.append(Token("not", "word", end - 3, end, "not"))
            take(start, end)
        left = start
        while left < end:  # what figures leave of a word
            if taken[left]:
                left += 1
                continue
            right = left
            while right < end and not taken[right]:
                right += 1
            found.append(
                _word(text[left:right] if (left, right) != (start, end) else word, left, right, english, lexicon)
            )
            take(left, right)
            left = right
    for at, char in enumerate(text):  # ≥, →, ×: whatever a sign says, it is not left unread
        if not taken[at] and unicodedata.category(char) in ("Sm", "So", "Sc") and char != "|":
            found.append(Token(char, "word", at, at + 1, char))
            take(at, at + 1)
    for match in _MARKS.finditer(text):
        if not taken[match.start()]:
            mark = match.group()
            kind = "joint" if mark in ("、", "&") else "mark"
            found.append(Token(mark, kind, *match.span(), "&" if kind == "joint" else mark))
    return tuple(sorted(found, key=lambda token: token.start))


def _edges(text: str, lexicon: Lexicon) -> frozenset[int]:
    """Where the names of lists begin and end, which no word goes over (英飞|特等)."""
    if "、" not in text:
        return frozenset()
    return frozenset(
        at for one in enumerations(text, lexicon) for at in (one.end, *(at for item in one.items for at in item))
    )


def _cut_at(edges: frozenset[int], words: Iterable[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for word, start, end in words:
        cuts = [start, *sorted(at for at in edges if start < at < end), end]
        found.extend((word[s - start : e - start], s, e) for s, e in pairwise(cuts))
    return found


def _firms(
    words: Sequence[tuple[str, int, int]], edges: frozenset[int], lexicon: Lexicon
) -> list[tuple[str, int, int]]:
    """The words, with the names that the dictionary cuts into characters put together (青|岑|电子): two or more characters
    that are no words of grammar, and what firms' names end in."""
    made: list[tuple[str, int, int]] = []
    for word, start, end in words:
        first = len(made)
        if word in w.FIRM_ENDS and start not in edges:
            while (
                first
                and _bit_of_name(made[first - 1], made[first:], start, lexicon)
                and made[first - 1][2] not in edges
            ):
                first -= 1
        before = made[first - 1] if first else None
        if before and before[0] == "中" and len(made) > first and (first < 2 or made[first - 2][2] < before[1]):
            first -= 1  # 中岑电子, and no 市场中岑电子
        if len(made) - first >= 2 and len(made) - first <= 4:
            start = made[first][1]
            word = "".join(part for part, _, _ in made[first:]) + word
            del made[first:]
        made.append((word, start, end))
    return made


def _bit_of_name(
    word: tuple[str, int, int], behind: Sequence[tuple[str, int, int]], start: int, lexicon: Lexicon
) -> bool:
    text, _, end = word
    beside = end == (behind[0][1] if behind else start)
    grammar = text in w.GRAMMAR or lexicon.word_class(text) in ("d", "p", "c", "u", "r", "m")
    return beside and len(text) == 1 and bool(_HAN.match(text)) and not grammar


def _is_code(word: str) -> bool:
    """Whether a Latin term holds letters and figures, so that no figure is read out of it: qm9700, rj45, 5+1."""
    return (
        word.isascii()
        and bool(re.search(r"\d", word))
        and (word[0].isalpha() or bool(re.search(r"\d[+/&'-]\w|[a-z]-?\d", word)))
    )


def _covers(text: str, start: int, end: int, s: int, e: int) -> bool:
    return start <= s and e <= end and text[s].isdigit() and not re.search(r"[a-z]-?\d", text[s:e])


def _whole(words: list[tuple[str, int, int]], text: str) -> list[tuple[str, int, int]]:
    """The words, with those that the dictionary cuts put together where their ends are ends of words."""
    starts = {start: at for at, (_, start, _) in enumerate(words)}
    ends = {end: at for at, (_, _, end) in enumerate(words)}
    gone: dict[int, tuple[int, str, int, int]] = {}
    for whole in w.WHOLE:
        at = text.find(whole)
        while at >= 0:
            end = at + len(whole)
            if at in starts and end in ends and ends[end] > starts[at]:
                gone[starts[at]] = (ends[end], whole, at, end)
            at = text.find(whole, at + 1)
    if not gone:
        return words
    made: list[tuple[str, int, int]] = []
    place = 0
    while place < len(words):
        if place in gone:
            last, whole, start, end = gone[place]
            made.append((whole, start, end))
            place = last + 1
        else:
            made.append(words[place])
            place += 1
    return made


def _word(word: str, start: int, end: int, english: bool, lexicon: Lexicon) -> Token:
    if word in w.JOINTS and (english or not word.isascii()):
        return Token(word, "joint", start, end, "&")
    if word.isascii():
        plain = word.removesuffix("'s")
        if not english:  # A厂, IT设备: names, and neither an article nor a pronoun; no list holds a capital
            return Token(word.upper(), "name", start, end, plain)
        return Token(word, "name" if not plain.isalpha() else "word", start, end, plain)
    named = (
        len(word) > 1
        and word not in w.NO_NAMES
        and _HAN.match(word)
        and (word in lexicon.learned or lexicon.word_class(word) == "N" or not lexicon.knows(word))
    )
    return Token(word, "name" if named else "word", start, end, word)


def is_english(word: str) -> bool:
    """Whether a word is of letters that English is written in, and may be inflected."""
    return word.isascii() and word.isalpha()


def inflections(word: str) -> frozenset[str]:
    """Other forms of an English word (:func:`rag.text.inflect.forms`)."""
    return forms(word)
