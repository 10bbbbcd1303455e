"""Whether a written statement says by itself what it is about, or is read together with the question alone.

``三成`` is carried by any sentence that says so, of whatever; only the question makes it an answer. Such a bare statement is held
against what the extractive answer says, which was read with the question.
"""

from __future__ import annotations

import re

from rag.answer.cite import said_of
from rag.answer.numbered import Numbered
from rag.text.match import coverage
from rag.text.normalize import folded
from rag.text.words import Lexicon, is_verbal

_SPOKEN = 0.8
_COPULAS = frozenset("是 为 有 即 属 占 达 is are was were has have had".split())
_BETWEEN = re.compile(r"(?:[、,;/]|(?<=[\w)])(?:和|与|及|以及)(?=[^\W\d_])|\band\b)(?![^()]*\))")  # not in brackets
_ASIDE = re.compile(r"\([^()]*\)")
_AROUND = re.compile(r"^(?:有|包括|即)|(?:等|等等|等公司|等厂商|等企业|etc\.?)$")
_MORE = re.compile(r"(?:等|等等|等公司|等厂商|等企业|etc\.?)$")
_MORES = re.compile(r"等|如|包括|例如|etc|such as")


def is_bare(text: str, lexicon: Lexicon) -> bool:
    """Whether a statement has no predicate: a name, a list, a figure. A verb that is used as a noun, too, is one where words
    stand on both sides of it (甲生产乙, but not 甲设计、乙)."""
    plain = folded(text)
    words = lexicon.words(plain)
    if any(word in _COPULAS or (len(word) > 1 and lexicon.word_class(word) == "v") for word, _, _ in words):
        return False
    return not any(
        is_verbal(word) and _joins(plain[start - 1 : start]) and _joins(plain[end : end + 1])
        for word, start, end in words
        if start > 0 and len(word) > 1 and word not in lexicon.learned
    )


def _joins(char: str) -> bool:
    return char.isalnum()


def names_the_subject(text: str, sentences: Numbered) -> bool:
    """Whether a statement speaks of what was asked about above all."""
    plain = folded(text)
    return any(coverage(term.text, plain, term.others) >= _SPOKEN for term in sentences.about)


def holds_all(text: str, words: str) -> bool:
    """Whether each part of a bare statement stands in some words, with all that is bracketed behind it."""
    plain = folded(words)
    bare = _ASIDE.sub("", plain)
    parts = _parts(text)
    said = all(part in (plain if "(" in part else bare) or part in plain for part in parts)
    return bool(parts) and said and (not _MORE.search(folded(text)) or bool(_MORES.search(plain)))


def is_confirmed(text: str, sentences: Numbered) -> bool:
    """Whether the extractive answer gives a bare statement too: as the fact, each of its parts as an item of the list, or in so
    many words."""
    parts = {_ASIDE.sub("", part) for part in _parts(text)}
    given = {_ASIDE.sub("", folded(one)) for one in sentences.given}
    return (bool(parts) and parts <= given) or any(
        folded(text) == folded(said_of(quote)) for quote in sentences.drafted.values()
    )


def _parts(text: str) -> list[str]:
    """The names of a list, or the one thing that is said; folded, with what is bracketed behind them."""
    parts = (_AROUND.sub("", part.strip()).strip() for part in _BETWEEN.split(folded(text)))
    return [part for part in parts if part]
