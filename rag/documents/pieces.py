"""What a parser hands on: the pieces of a document in order, before cleaning and before offsets exist.

A parser turns bytes into a ``Draft``; ``clean`` drops what is not content; ``assemble`` makes the ``Document``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rag.types import BlockKind

Span = tuple[int, int]

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One future block. ``bold`` and ``links`` are spans of ``text`` that the author set so.

    ``group`` numbers the list or table that an item or row belongs to, ``header`` marks a table's header
    row, ``image`` says that a picture stood here (a caption may follow it). ``turns`` are the places in ``text`` where
    another page begins, each with its number.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    bold: tuple[Span, ...] = ()
    links: tuple[Span, ...] = ()
    group: int = 0
    header: bool = False
    image: bool = False
    turns: tuple[tuple[int, int], ...] = ()

    def without(self, spans: Iterable[Span]) -> Piece:
        """The piece with these spans of its text cut out, its bold and link spans moved along."""
        gone = bytearray(len(self.text))
        for start, end in spans:
            gone[start:end] = b"\1" * (min(end, len(self.text)) - start)
        if not any(gone):
            return self
        place, places = 0, [0]
        for flag in gone:
            place += not flag
            places.append(place)

        def moved(old: tuple[Span, ...]) -> tuple[Span, ...]:
            return tuple((places[a], places[b]) for a, b in old if places[a] < places[b])

        text = "".join(character for character, flag in zip(self.text, gone, strict=True) if not flag)
        turns = tuple((places[at], page) for at, page in self.turns)
        first = next((page for at, page in reversed(turns) if at == 0), self.page)  # what stood before is gone
        turns = tuple({at: page for at, page in turns if 0 < at < len(text)}.items())
        return replace(self, text=text, page=first, bold=moved(self.bold), links=moved(self.links), turns=turns)

    def part(self, start: int, end: int) -> Piece:
        """Only this span of the piece, white space at its ends removed."""
        piece = self.without([(0, start), (end, len(self.text))])
        left = len(piece.text) - len(piece.text.lstrip())
        right = len(piece.text.rstrip())
        return piece.without([(0, left), (max(left, right), len(piece.text))])

    def joined(self, more: Piece) -> Piece:
        """The piece with another's text on a new line of it (of the same page)."""
        shift = len(self.text) + 1
        bold = tuple((start + shift, end + shift) for start, end in more.bold)
        links = tuple((start + shift, end + shift) for start, end in more.links)
        text = f"{self.text}\n{more.text}"
        return replace(self, text=text, bold=self.bold + bold, links=self.links + links)


@dataclass(slots=True)
class Draft:
    """A parsed document: its pieces, the title its file states (not its headings), and its metadata."""

    pieces: list[Piece] = field(default_factory=list)
    title: str = ""
    source: str = ""
    publisher: str = ""
    published: str = ""
    derived_from: str = ""
    tags: tuple[str, ...] = ()
    stated_title: str = ""


class Writer:
    """Collects running text with its bold and linked stretches, then gives it as a piece."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._bold: list[Span] = []
        self._links: list[Span] = []
        self.image = False

    def add(self, text: str, *, bold: bool = False, link: bool = False) -> None:
        """Append ``text``; touching stretches of one kind become one."""
        start, self._length = self._length, self._length + len(text)
        self._parts.append(text)
        for wanted, spans in ((bold, self._bold), (link, self._links)):
            if not wanted or not text:
                continue
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], self._length)
            else:
                spans.append((start, self._length))

    @property
    def last(self) -> str:
        """The last character written, or ""."""
        return next((part[-1] for part in reversed(self._parts) if part), "")

    def take(
        self, kind: BlockKind, *, level: int = 0, group: int = 0, header: bool = False, page: int | None = None
    ) -> Piece | None:
        """The piece collected so far (None if there was neither text nor picture); starts anew."""
        text = "".join(self._parts)
        piece = Piece(kind, text, level, page, tuple(self._bold), tuple(self._links), group, header, self.image)
        self.__init__()  # type: ignore[misc]
        piece = piece.part(0, len(piece.text))
        return piece if piece.text or piece.image else None


def flat(text: str) -> str:
    """Text on one line: every run of white space is one space."""
    return _SPACES.sub(" ", text).strip()
