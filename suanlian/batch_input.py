"""Questions from a file: JSONL, or a table with a column for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.plain import COLUMNS
from evals.tables import decoded, table
from rag import BatchLine, FileError, batch_lines

LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")

# A table's names for the fields of a line; best name first.
_NAMES = {
    "question": COLUMNS["question"],
    "id": COLUMNS["id"],
    "history": COLUMNS["history"],
    "messages": ("messages", "消息", "对话"),
}


def read_batch(path: Path, *, max_chars: int) -> list[BatchLine]:
    """The lines of a file. JSONL in UTF-8 or GB18030; CSV as Excel saves it; XLSX, the first sheet.

    Raises:
        FileError: there is no such file, its kind is not known, it cannot be read as that kind, or holds no question.
    """
    if not path.is_file():
        raise FileError(f"There is no file {path}. Check its name.", f"没有文件 {path}。请检查名称。")
    kind = path.suffix.lower()
    if kind in LINES:
        lines = list(batch_lines(enumerate(decoded(path).split("\n"), 1), max_chars=max_chars))
    elif kind in TABLES:
        lines = list(batch_lines(_rows(path), max_chars=max_chars))
    else:
        raise FileError(
            f"{path.name} is neither JSONL, CSV nor XLSX by its name. Name it .jsonl, .csv or .xlsx.",
            f"从名称看，{path.name} 不是 JSONL、CSV 或 XLSX。请用 .jsonl、.csv 或 .xlsx 作扩展名。",
        )
    if not lines:
        raise FileError(f"{path.name} holds no question. Write one a line.", f"{path.name} 里没有问题。请每行写一个。")
    return lines


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    columns: dict[str, str] | None = None
    for number, row in table(path):
        if columns is None:
            columns = _columns(path, row)
        fields: dict[str, Any] = {name: cell for name, cell in row.items() if name not in columns.values()}
        fields |= {field: row.get(name, "") for field, name in columns.items()}
        if fields.get("messages"):
            if not fields.get("question"):
                fields.pop("question", None)
        else:
            fields.pop("messages", None)
            fields.setdefault("question", "")
        yield number, fields


def _columns(path: Path, row: Mapping[str, str]) -> dict[str, str]:
    """Which column holds what: field → the column's own name."""
    by_name = {name.strip().lower(): name for name in row}
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        if there := [by_name[name] for name in names if name in by_name]:
            found[field] = there[0]
    if "question" not in found and "messages" not in found:
        held = ", ".join(row)
        raise FileError(
            f"{path.name} has no column for the question (one of {', '.join(_NAMES['question'])}), only: {held}. Name it so.",
            f"{path.name} 没有问题一列（可以叫 {'、'.join(_NAMES['question'])}），只有：{held}。请改好列名。",
        )
    return found
