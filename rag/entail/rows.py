"""What a table's row says, read out as sentences under the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CELLS = "|"
# Columns whose cells speak of the row's subject by themselves.
_TELLS = frozenset(
    "情况 概况 简介 介绍 说明 描述 内容 备注 特点 优势 地位 排名 业务 主营业务 布局 进展 动态 产品 description notes".split()
)
_DATED = re.compile(r"(?:19|20)\d{2}(?:年.{0,8}|[-./]\d{1,2}.{0,6})?")


def read_out(row: str, header: str) -> Iterator[str]:
    """Sentences that a folded row says: of its first cell what each other column has.

    >>> list(read_out("甲厂 | 30亩", "茶厂 | 面积"))[0]
    '甲厂的面积是30亩'
    """
    cells, columns = _cut(row), _cut(header)
    if len(cells) < 2 or len(cells) > 24 or not cells[0]:
        return
    named = len(columns) == len(cells)
    # A year or a date among the cells belongs to what the others say, so it is said with them.
    dated = {at: cell for at, cell in enumerate(cells) if _DATED.fullmatch(cell)}
    keys = [at for at in range(len(cells)) if at not in dated][:1]
    if not keys or len(dated) > 1:
        return
    subject = cells[keys[0]]
    when = "".join(f"{date}," for date in dated.values())
    for at, cell in enumerate(cells):
        if not cell or at in keys:
            continue
        before = "" if at in dated else when
        if named and columns[at]:
            yield f"{before}{subject}的{columns[at]}是{cell}"
        if at not in dated and not (named and columns[at] not in _TELLS and not cell.startswith(columns[at])):
            yield f"{before}{subject}的{cell}"


def _cut(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip(_CELLS).split(_CELLS)] if _CELLS in row else []
