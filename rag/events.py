"""An answer told piece by piece: the events of a stream.

    meta       whose answer it is: leaves when the first piece has been checked, so that its ``mode`` is true
    citations  those that the deltas after it use for the first time
    delta      a piece of the text
    done       the whole answer

What has been sent is never taken back. The texts of the deltas, joined, are the answer's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rag.types import Answer, Citation

EventName = Literal["meta", "citations", "delta", "done"]

_MARK = re.compile(r"\[(\d+)\]")
_ENDS = ("；", "。", ";", ".")  # what follows a statement's marks and belongs to it


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a stream. ``data`` is ready for JSON:

    ``meta`` ``{"id", "mode", "standalone_question"}``; ``citations`` ``{"citations": [...]}``; ``delta`` ``{"text"}``;
    ``done`` what :meth:`rag.Answer.as_dict` gives. ``answer`` is there with ``done``: the same, for programs in Python.
    """

    name: EventName
    data: dict[str, Any]
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that have been checked and may leave, and the citations that they use."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What a stream says of its answer before the first words: fields of :class:`rag.Answer`."""

    id: str
    mode: Literal["extractive", "llm"]
    standalone_question: str


def tell(heading: Heading, pieces: Iterable[Piece], finish: Callable[[], Answer]) -> Iterator[Event]:
    """The events of an answer whose pieces may still be in the making.

    Args:
        pieces: in order; the first is waited for before anything leaves. finish: gives the whole answer once the last
            piece is out; its text is that of the pieces, and where the making broke off it is ``incomplete``.
    """
    sent: set[int] = set()
    begun = False
    for piece in pieces:
        if not begun:
            yield Event("meta", asdict(heading))
            begun = True
        new = tuple(citation for citation in piece.citations if citation.id not in sent)
        if new:
            sent.update(citation.id for citation in new)
            yield Event("citations", {"citations": [asdict(citation) for citation in new]})
        yield Event("delta", {"text": piece.text})
    if not begun:
        yield Event("meta", asdict(heading))
    answer = finish()
    yield Event("done", answer.as_dict(), answer)


def events_of(answer: Answer) -> Iterator[Event]:
    """The events of a finished answer, a statement a delta."""
    heading = Heading(answer.id, answer.mode, answer.standalone_question)
    return tell(heading, pieces_of(answer), lambda: answer)


def pieces_of(answer: Answer) -> Iterator[Piece]:
    """The text of an answer cut behind each statement; what follows the last one is a piece of its own.

    A statement ends behind its last ``[n]``: the numbers in the text are those of the statements in their order.
    """
    cited = {citation.id: citation for citation in answer.citations}
    marks = list(_MARK.finditer(answer.text))
    used = [number for statement in answer.statements for number in statement.citations]
    start = at = 0
    if used == [int(mark[1]) for mark in marks[: len(used)]]:  # else the text is not made of them, and left whole
        for statement in answer.statements:
            if not statement.citations:
                continue  # it is said together with the next
            at += len(statement.citations)
            end = marks[at - 1].end()
            if answer.text[end : end + 1] in _ENDS:
                end += 1
            yield Piece(answer.text[start:end], tuple(cited[number] for number in dict.fromkeys(statement.citations)))
            start = end
    if start < len(answer.text):
        left = tuple(citation for citation in answer.citations if f"[{citation.id}]" in answer.text[start:])
        yield Piece(answer.text[start:], left)
