"""A table's row as it is said: its first cell, and what the others say of it under the names of their columns."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.draft import Quote
from rag.answer.evidence import CELLS
from rag.text.match import coverage
from rag.text.normalize import folded

_SAME = 0.8
_OVERLAP = 2  # characters


def said_row(quote: Quote) -> str:
    """The cells that are said, with the names of their columns where they do not say those themselves.

    ``甲 | 第5名`` under ``厂商 | 2023年排名`` is said ``甲：2023年排名第5名``.
    """
    cells, columns = cells_of(quote), columns_of(quote)
    kept = [at for at, (start, end, text) in enumerate(cells) if text.strip() and _is_said(quote, start, end)]
    if not columns:
        return "，".join(cells[at][2].strip() for at in kept)
    first, *others = kept or [0]
    subject = cells[first][2].strip() if first == 0 else _under(columns[first], cells[first][2])
    rest = [_under(columns[at], cells[at][2]) for at in others]
    mark = "，" if any("：" in one for one in (subject, *rest)) else "："
    return subject + (mark if rest else "") + "，".join(rest)


def cells_of(quote: Quote) -> list[tuple[int, int, str]]:
    """The cells of a row, each with its span of the stored text."""
    found = []
    start = quote.start
    for text in quote.text.split(CELLS):
        found.append((start, start + len(text), text))
        start += len(text) + len(CELLS)
    return found


def columns_of(quote: Quote) -> list[str]:
    """The names of the row's columns; [] where its header row does not stand in the passage, or does not fit it."""
    unit, hit = quote.evidence.unit, quote.evidence.hit
    if unit.context is None or unit.context[0] < hit.passage.start:
        return []
    names = [name.strip() for name in hit.passage.words(*unit.context).split(CELLS)]
    return names if len(names) == quote.text.count(CELLS) + 1 else []


def _is_said(quote: Quote, start: int, end: int) -> bool:
    return not quote.said or any(s < end and start < e for s, e in quote.said)


def _under(column: str, cell: str) -> str:
    """A cell with its column's name: ``产地`` and ``云岭`` make ``产地：云岭``, ``售价`` and ``260元`` make ``售价260元``, ``2023年排名`` and ``排名第5`` make
    ``2023年排名第5``; a cell that says the name itself stands alone."""
    cell = cell.strip()
    if not column or coverage(folded(column), folded(cell), frozenset()) >= _SAME:
        return cell
    for size in range(min(len(column), len(cell)), _OVERLAP - 1, -1):
        if column.endswith(cell[:size]):
            return column + cell[size:]
    return f"{column}{'' if cell[:1].isdigit() and not column[-1].isascii() else '：'}{cell}"


def asked_cells(quote: Quote, speaks: Sequence[str]) -> list[tuple[int, int]]:
    """The spans of the cells that answer: the first, and those that, with their column's name, speak of one of the words
    given; [] where only the first would be left.

    Args:
        speaks: folded words.
    """
    columns = columns_of(quote)
    cells = cells_of(quote)
    speaks = [word for word in speaks if len(word) > 1]
    if not columns:
        return []
    telling = [
        at for at, (_, _, text) in enumerate(cells) if any(word in folded(f"{columns[at]} {text}") for word in speaks)
    ]
    kept = sorted({0, *telling})
    return [cells[at][:2] for at in kept] if len(kept) > 1 else []
