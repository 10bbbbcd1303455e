"""A clause with several lists: which of them its words around give to the question (引领者有A、B，跟进者有C、D)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Evidence
from rag.retrieve.glue import SIDES
from rag.retrieve.query import Query
from rag.text.boundaries import GENERIC
from rag.text.enumerations import Enumeration
from rag.text.match import coverage
from rag.text.normalize import folded
from rag.text.words import dictionary_class, is_verbal

_SPOKEN = 0.8
_TELLS_APART = GENERIC - frozenset().union(*SIDES)  # 头部; 国内 holds for all that follows
_JOINT = re.compile(r"以及|及|和|与|;")
# What joins the names that a question leaves out, and what says nothing of them.
_IDLE = re.compile(r"[、和与及的,]|[那这][些几两]?[家个种款]?|以及|厂商|公司|企业|前面|上面|刚才|提到")


def of_the_piece(query: Query, e: Evidence) -> Sequence[Enumeration]:
    """The lists of a clause that its words around give to the question.

    Where the question leaves something out, those of the pieces that do not speak of it. Else, where some pieces speak
    of a word of the question that the others leave out, those. What a piece names carries over to the ones after it,
    what it says of that does not (甲、乙**引领**阀门国产化，布局者还有丙、丁).
    """
    if len(e.lists) < 2:
        return e.lists
    pieces = _pieces(e)
    if query.excepted:
        left = [listed for listed, piece in zip(e.lists, pieces, strict=True) if not speaks_of_left_out(query, piece)]
        return left or e.lists
    own = [{t.text for t in query.terms if coverage(t.text, piece, t.others) >= _SPOKEN} for piece in pieces]
    carrying = [{word for word in words if not _says(word) and word not in _TELLS_APART} for words in own]
    shared, named = set(own[0]), set[str]()
    for words, nouns in zip(own, carrying, strict=True):
        shared &= words | named
        named |= nouns
    telling = [at for at, words in enumerate(own) if words - shared]
    if any(nouns - carrying[at] for nouns in carrying for at in telling if own[at] - shared <= carrying[at]):
        return e.lists  # each of two pieces names something that the question does
    return [e.lists[at] for at in telling] or e.lists


def _pieces(e: Evidence) -> list[str]:
    """The clause, cut between its lists at the last comma there is, else at a word that joins, else where the earlier
    list ends."""
    text = e.fold.text
    cuts = [0]
    for listed, following in zip(e.lists, e.lists[1:], strict=False):
        comma = text.rfind(",", listed.end, following.start)
        joint = _JOINT.search(text, listed.end, following.start)
        cuts.append(comma + 1 if comma >= 0 else joint.start() if joint else listed.end)
    return [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def speaks_of_left_out(query: Query, piece: str) -> bool:
    """Whether a piece speaks of what the question leaves out (除了那些**引领**的, 除了**甲、乙**)."""
    words = [word for word in _IDLE.split(folded(query.excepted)) if len(word) > 1]
    return any(word in piece for word in words)


def _says(word: str) -> bool:
    """Whether a word says something of a thing, and does not name it."""
    return is_verbal(word) or dictionary_class(word) in ("d", "a")
