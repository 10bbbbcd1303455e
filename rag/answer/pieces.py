"""A clause with several lists: which of them its words around give to the question (引领者有A、B，跟进者有C、D)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.evidence import Evidence
from rag.retrieve.glue import SIDES
from rag.retrieve.query import Query
from rag.text.enumerations import Enumeration
from rag.text.match import coverage
from rag.text.normalize import folded

_SPOKEN = 0.8
_CARRIES_OVER = frozenset().union(*SIDES)
_JOINT = re.compile(r"以及|及|和|与|;")
# What joins the names that a question leaves out, and what says nothing of them.
_IDLE = re.compile(r"[、和与及的,]|[那这][些几两]?[家个种款]?|以及|厂商|公司|企业|前面|上面|刚才|提到")


def of_the_piece(query: Query, e: Evidence) -> Sequence[Enumeration]:
    """The lists of a clause that its words around give to the question.

    Where the question leaves something out, those of the pieces that do not speak of it. Else, where some pieces speak
    of a word of the question that the others leave out, those. A name does not tell pieces apart, nor does a side of
    the border: it is said once and carries over (**国内**厂商甲、乙引领**阀门**国产化，布局者还有丙、丁).
    """
    if len(e.lists) < 2:
        return e.lists
    pieces = _pieces(e)
    if query.excepted:
        left = [listed for listed, piece in zip(e.lists, pieces, strict=True) if not _left_out(query, piece)]
        return left or e.lists
    spoken = [
        {t.text for t in query.terms if not (t.name or t.text in _CARRIES_OVER) and coverage(t.text, piece) >= _SPOKEN}
        for piece in pieces
    ]
    everywhere = set.intersection(*spoken)
    telling = [listed for listed, words in zip(e.lists, spoken, strict=True) if words - everywhere]
    return telling or e.lists


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


def _left_out(query: Query, piece: str) -> bool:
    """Whether a piece speaks of what the question leaves out (除了那些**引领**的, 除了**甲、乙**)."""
    words = [word for word in _IDLE.split(folded(query.excepted)) if len(word) > 1]
    return any(word in piece for word in words)
