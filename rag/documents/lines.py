"""Lines → paragraphs, for formats that know only lines: plain text and PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.documents.pieces import Piece, flat
from rag.documents.script import columns, join

_NUMERAL = "[一二三四五六七八九十百〇零0-9０-９]{1,6}"
# Kind of numbered heading → (pattern, level). The document's title is level 1, so these begin at 2.
_OUTLINE = (
    (re.compile(rf"第{_NUMERAL}[编篇部](?:[\s：:].*|.{{0,16}})$"), 2),
    (re.compile(rf"第{_NUMERAL}[章讲](?:[\s：:].*|.{{0,16}})$"), 3),
    (re.compile(rf"第{_NUMERAL}节(?:[\s：:].*|.{{0,16}})$"), 4),
    (re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\s*\S"), 5),
    (re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]\s*\S"), 6),
    (re.compile(r"\d{1,2}\.\d{1,2}\s+[^\d\s]"), 5),
    (re.compile(r"\d{1,2}(?:\.\d{1,2}){2,3}\s+[^\d\s]"), 6),
)
_HEADING_COLUMNS = 60
_ENDS = re.compile(r"[。！？!?…；;：:”』」]$|(?<!\d)\.$")
_NO_HEADING = re.compile(r"[。！？!?…；;，,：:]$|[。；;]|…{2}|\.{3}")
_BULLET = re.compile(r"\s*[-*•·●○■◆▪►]\s+")
_NUMBERED = re.compile(r"\s*(?:\d{1,2}[.、)）](?!\d)|[（(]\d{1,2}[）)]|[①-⑳])\s*\S")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file and the 1-based page it stands on (None outside PDF). ``level`` is set where the file
    itself says that the line is a heading."""

    text: str
    page: int | None = None
    level: int = 0


def pieces(lines: Sequence[Line]) -> list[Piece]:
    """Headings, items and paragraphs; a paragraph ends at an empty line, at a short line, or with a sentence."""
    full = _full_width(lines)
    found: list[Piece] = []
    group = 0
    previous: Line | None = None  # the line before, while the paragraph it is part of may go on
    for at, line in enumerate(lines):
        text = flat(line.text)
        if not text:
            previous = None
            continue
        if level := line.level or _heading_level(lines, at):
            found.append(Piece("heading", text, level, line.page))
            previous = None
            continue
        bullet = _BULLET.match(line.text)
        if bullet or _NUMBERED.match(line.text):
            group += not (found and found[-1].kind == "item")
            text = flat(line.text[bullet.end() :]) if bullet else text
            found.append(Piece("item", text, 1, line.page, group=group))
        elif (
            previous is not None and full and columns(flat(previous.text)) >= full and not _ENDS.search(found[-1].text)
        ):
            last = found[-1]
            found[-1] = _continued(last, text, line.page)
        else:
            found.append(Piece("paragraph", text, page=line.page))
        previous = line
    return found


def _continued(piece: Piece, text: str, page: int | None) -> Piece:
    """The piece with a further line of it, which may stand on the next page."""
    joined = join(piece.text, text)
    turns = piece.turns
    if page is not None and page != (turns[-1][1] if turns else piece.page):
        turns += ((len(joined) - len(text), page),)
    return replace(piece, text=joined, turns=turns)


def _full_width(lines: Sequence[Line]) -> int:
    """Columns from which a line counts as broken by the margin; 0 where lines are whole paragraphs."""
    widths = sorted(width for line in lines if (width := columns(flat(line.text))))
    if not widths or widths[-1] > 160:
        return 0
    return max(24, int(widths[int(len(widths) * 0.9)] * 0.8))


def _heading_level(lines: Sequence[Line], at: int) -> int:
    """Level of a numbered heading at this line, else 0. Several of one kind in a row are a list, or the contents."""
    kind = _outline(lines[at].text)
    if kind is None:
        return 0
    beside = [
        next((lines[i].text for i in places if lines[i].text.strip()), "")
        for places in (range(at - 1, -1, -1), range(at + 1, len(lines)))
    ]
    if not beside[1] or any(_outline(text) == kind for text in beside):
        return 0
    return _OUTLINE[kind][1]


def _outline(line: str) -> int | None:
    text = line.strip()
    if not text or len(text) > _HEADING_COLUMNS or columns(text) > _HEADING_COLUMNS or _NO_HEADING.search(text):
        return None
    return next((kind for kind, (pattern, _) in enumerate(_OUTLINE) if pattern.match(text)), None)
