"""What a table's row says, read out as sentences under the names of its columns."""

from __future__ import annotations

from collections.abc import Iterator

_CELLS = "|"


def read_out(row: str, header: str) -> Iterator[str]:
    """Sentences that a folded row says: of its first cell what each other column has.

    >>> list(read_out("甲厂 | 30亩", "茶厂 | 面积"))[0]
    '甲厂的面积是30亩'
    """
    cells, columns = _cut(row), _cut(header)
    if len(cells) < 2 or len(cells) > 24 or not cells[0]:
        return
    named = len(columns) == len(cells)
    for at, cell in enumerate(cells[1:], 1):
        if not cell:
            continue
        if named and columns[at]:
            yield f"{cells[0]}的{columns[at]}是{cell}"
        yield f"{cells[0]}的{cell}"


def _cut(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip(_CELLS).split(_CELLS)] if _CELLS in row else []
