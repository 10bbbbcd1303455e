"""Other names learned from the material: an abbreviation and what it stands for, where the text gives both.

``PVC（聚氯乙烯）``, ``平台即服务（PaaS）``, ``CT即断层扫描``. Schwartz & Hearst, "A Simple Algorithm for Identifying
Abbreviation Definitions", 2003, is the model: a short and a long form, one of them in brackets right behind the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text.normalize import folded
from rag.text.words import Lexicon
from rag.types import Document

_LATIN = r"[a-z][a-z0-9+\-]{1,11}"
_HAN = r"[\u3400-\u9fff]"
_LATIN_FIRST = re.compile(rf"(?<![a-z0-9])({_LATIN})[^\S\n]?\(({_HAN}{{2,14}})\)")
_HAN_FIRST = re.compile(rf"({_HAN}{{2,14}})[^\S\n]?\(({_LATIN})\)")
_SHORT_FIRST = re.compile(rf"(?<!{_HAN})({_HAN}{{2,4}})\(({_HAN}{{3,10}})\)")
_THAT_IS = re.compile(
    rf"(?<![a-z0-9])({_LATIN})(?:芯片|电源|系统|技术)?[:,]?[^\S\n]?(?:即|全称是?|是指)({_HAN}{{3,14}}?)(?:[,。;]|芯片|电源|系统|技术|$)"
)

Aliases = frozenset[tuple[str, str]]


def learn_aliases(documents: Iterable[Document], lexicon: Lexicon) -> Aliases:
    """Pairs of names for one thing, folded, each pair in both orders."""
    pairs: set[tuple[str, str]] = set()
    for document in documents:
        for block in document.blocks:
            text = folded(document.text[block.start : block.end])
            pairs.update((match[1], match[2]) for match in _LATIN_FIRST.finditer(text))
            pairs.update((match[1], match[2]) for match in _THAT_IS.finditer(text))
            pairs.update((match.group(2), _last_words(match.group(1), lexicon)) for match in _HAN_FIRST.finditer(text))
            pairs.update((s, long) for s, long in _SHORT_FIRST.findall(text) if _abbreviates(s, long))
    return frozenset(pair for a, b in pairs if a and b for pair in ((a, b), (b, a)))


def _last_words(text: str, lexicon: Lexicon) -> str:
    """The name at the end of a run of Han characters: back to the word before it that no name holds."""
    begin = len(text)
    for word, start, _ in reversed(lexicon.words(text)):
        if lexicon.word_class(word) in ("p", "c", "u", "r", "d", "v") and (len(word) > 1 or word in "的是为有和与"):
            break
        begin = start
    name = text[begin:]
    return name if len(name) >= 2 else ""


def _abbreviates(short: str, long: str) -> bool:
    """Whether the characters of a short form stand in the long one in order."""
    rest = iter(long)
    return short != long and all(char in rest for char in short)
