"""Document → Passages: sections and units, never cut.

A unit is a sentence, a list item, a table row or a block of code. A passage is a stretch of consecutive units of one
section, as long as it may be; a list or table that fits into one passage is not spread over two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.text.sentences import sentences
from rag.types import Block, Document, Passage, Unit

SPLITTER_VERSION = "1"
"""Goes into an index's fingerprint; raised whenever the same document would be split otherwise."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A unit with the list or table it is part of (0: none) and the block it stands in."""

    unit: Unit
    run: int
    block: Block


def split(document: Document, *, max_chars: int = 300) -> list[Passage]:
    """The passages of a document, in order.

    Args:
        max_chars: code points that a passage's units may span; a longer unit is a passage of its own, uncut.

    Returns:
        Passages whose units are, together, every unit of the document but its headings, each once. The headings are
        in ``section``; only a document of nothing but headings has them as units.
    """
    if max_chars < 1:
        raise ValueError(f"max_chars is {max_chars}; it must be at least 1.")
    passages: list[Passage] = []
    for section, units in _sections(document):
        for group in _grouped(document.text, units, max_chars):
            start, end = group[0].unit.start, group[-1].unit.end
            page, turns = _pages([placed.block for placed in group], start, end)
            passages.append(
                Passage(
                    document_id=document.id,
                    version=document.version,
                    ordinal=len(passages),
                    section=section,
                    start=start,
                    end=end,
                    text=document.text[start:end],
                    units=tuple(placed.unit for placed in group),
                    page=page,
                    turns=turns,
                )
            )
    return passages


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], list[_Placed]]]:
    """Every stretch of units with its path of headings; the heading that is the document's title is left out of it."""
    headings: list[tuple[int, str]] = []
    units: list[_Placed] = []
    run = 0
    previous: Block | None = None
    if all(block.kind == "heading" for block in document.blocks):
        yield (), [_Placed(Unit("heading", b.start, b.end), 0, b) for b in document.blocks if b.start < b.end]
        return
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.kind == "heading":
            if units:
                yield _path(headings, document.title), units
                units = []
            while headings and headings[-1][0] >= block.level:
                headings.pop()
            headings.append((block.level, text))
        else:
            run += not _same_run(document.text, previous, block)
            units.extend(
                _Placed(unit, run if block.kind in ("item", "row") else 0, block) for unit in _units(block, text)
            )
        previous = block
    if units:
        yield _path(headings, document.title), units


def _pages(blocks: Sequence[Block], start: int, end: int) -> tuple[int | None, tuple[tuple[int, int], ...]]:
    """The page that ``[start, end)`` of these blocks begins on, and where in it another begins."""
    begun = [(place, page) for b in blocks if b.page is not None for place, page in ((b.start, b.page), *b.turns)]
    first = next((page for place, page in reversed(begun) if place <= start), None)
    turns: list[tuple[int, int]] = []
    for place, page in begun:
        if start < place < end and page != (turns[-1][1] if turns else first):
            turns.append((place, page))
    return first, tuple(turns)


def _path(headings: Iterable[tuple[int, str]], title: str) -> tuple[str, ...]:
    return tuple(text for at, (level, text) in enumerate(headings) if not (at == 0 and level == 1 and text == title))


def _same_run(text: str, previous: Block | None, block: Block) -> bool:
    """True for the next item of a list or row of a table: a single newline parts them."""
    return previous is not None and previous.kind == block.kind and text[previous.end : block.start] == "\n"


def _units(block: Block, text: str) -> list[Unit]:
    if block.kind == "paragraph":
        return [Unit("sentence", block.start + start, block.start + end) for start, end in sentences(text)]
    if not text.strip():
        return []
    return [Unit(block.kind, block.start, block.end, block.header)]


def _grouped(text: str, units: Sequence[_Placed], max_chars: int) -> Iterator[Sequence[_Placed]]:
    """Units → passages, greedily: what must stay together goes where it fits as a whole."""
    first = at = 0
    while at < len(units):
        together = _together(text, units, at, max_chars)
        if at > first and _span(units, first, together) > max_chars:
            yield units[first:at]
            first = at
        at = together
    if first < len(units):
        yield units[first:]


def _together(text: str, units: Sequence[_Placed], at: int, max_chars: int) -> int:
    """End of the stretch from ``at`` that one passage must hold: a whole list or table if it fits into a passage, and
    with it, or at least with its first item, the sentence that announces it; else one unit."""
    begin = at
    announces = text[units[at].unit.start : units[at].unit.end].rstrip().endswith(("：", ":"))
    if announces and at + 1 < len(units) and not units[at].run and units[at + 1].run:
        begin = at + 1
    run = units[begin].run
    opens = run and (begin == 0 or units[begin - 1].run != run)
    end = begin + 1
    while opens and end < len(units) and units[end].run == run:
        end += 1
    for stop in (end, begin + 1):
        if _span(units, at, stop) <= max_chars:
            return stop
    return at + 1


def _span(units: Sequence[_Placed], start: int, end: int) -> int:
    return units[end - 1].unit.end - units[start].unit.start
