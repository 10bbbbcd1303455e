"""Answers to a file: JSONL, or a table that can be opened in a spreadsheet without harm."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evals.tables import table
from rag import BatchJournal, BatchLine, FileError, replacing
from suanlian.batch_input import LINES

WRITTEN = (*LINES, ".csv", ".xlsx")

COLUMNS = (
    "id",
    "question",
    "answer",
    "refused",
    "confidence",
    "mode",
    "fallback",
    "incomplete",
    "short_answer",
    "items",
    "citations",
    "citations_json",
    "error",
)
_WIDTHS = {"question": 36, "answer": 64, "items": 36, "citations": 64, "citations_json": 20, "error": 24}
_LONGEST_CELL = 32_767  # of XLSX, in characters
_EXACT = 10**15  # a spreadsheet rounds what is longer
# What a spreadsheet would run, or a browser's import of one; full-width forms count in East Asian versions.
_RUNS = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML takes none of them

Cell = str | float | bool | None


def check_kind(path: Path) -> None:
    """Raises FileError where answers cannot be written in the form that a name asks for."""
    if path.suffix.lower() not in WRITTEN:
        raise FileError(
            f"Answers cannot be written as {path.suffix or path.name}; name the output .jsonl, .csv or .xlsx.",
            f"答案不能写成 {path.suffix or path.name}；请用 .jsonl、.csv 或 .xlsx 作输出文件的扩展名。",
        )


def write_answers(path: Path, journal: BatchJournal, lines: Sequence[BatchLine]) -> None:
    """Write the answers that there are to a file, in the order of ``lines``, as one step. Raises StorageError."""
    kind = path.suffix.lower()
    with replacing(path) as passing:
        if kind in LINES:
            with passing.open("wb") as file:
                for result in journal.results(lines):
                    file.write(result + b"\n")
            return
        extra = list(dict.fromkeys(name for line in lines for name in line.extra))
        header = [*COLUMNS, *(f"input_{name}" if name in COLUMNS else name for name in extra)]
        rows = (_row(json.loads(result), extra) for result in journal.results(lines))
        if kind == ".csv":
            _write_csv(passing, header, rows)
        else:
            _write_xlsx(passing, header, rows)


def asked_in(path: Path) -> list[str]:
    """The questions of a file of answers, in order; "" for a line that was wrong. Raises FileError."""
    if path.suffix.lower() in LINES:
        rows = [json.loads(line) for line in path.read_bytes().split(b"\n") if line.strip()]
        return [_bare(row.get("question", "")) for row in rows]
    return [_bare(row.get("question", "")) for _, row in table(path)]


def same_questions(path: Path, lines: Sequence[BatchLine]) -> bool:
    """Whether a file holds the answers to these very questions."""
    try:
        return asked_in(path) == [_bare(line.question) for line in lines]
    except (FileError, ValueError, AttributeError):
        return False


def _bare(question: Any) -> str:
    """A question without what a table's cell may have added to it or lost of it."""
    return _CONTROL.sub("", str(question)).strip().removeprefix("'").strip()[: _LONGEST_CELL - 1]


def _row(result: dict[str, Any], extra: Sequence[str]) -> list[Cell]:
    reply, error = result.get("reply"), result.get("error")
    cells: dict[str, Cell] = {"id": result["id"], "question": result.get("question", "")}
    if reply:
        short = reply.get("short_answer")
        cells |= {
            "answer": reply["answer"],
            "refused": reply["refused"],
            "confidence": reply["confidence"],
            "mode": reply.get("mode"),
            "fallback": reply.get("fallback"),
            "incomplete": reply.get("incomplete"),
            "short_answer": short["text"] if short else "",
            "items": "、".join(item["text"] for item in reply["items"]),
            "citations": "\n".join(_shown(citation) for citation in reply["citations"]),
            "citations_json": _json(reply["citations"]),
        }
    if error:
        cells["error"] = f"{error['code']}: {error['message']}"
    other = result.get("extra", {})
    return [*(cells.get(name) for name in COLUMNS), *(_cell(other.get(name)) for name in extra)]


def _shown(citation: dict[str, Any]) -> str:
    place = " › ".join((citation["document"]["title"], *citation["section"]))
    page = f" p.{citation['page']}" if citation["page"] else ""
    return f"[{citation['id']}] {place}{page}: “{citation['quote']}”"


def _json(citations: Sequence[dict[str, Any]]) -> str:
    """The citations without the passages around them; as many as a cell holds."""
    kept = [{name: value for name, value in citation.items() if name != "text"} for citation in citations]
    while kept and len(json.dumps(kept, ensure_ascii=False)) > _LONGEST_CELL:
        kept.pop()
    return json.dumps(kept, ensure_ascii=False)


def _cell(value: Any) -> Cell:
    if isinstance(value, int) and abs(value) >= _EXACT:
        return str(value)
    return value if value is None or isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: where it begins like one, an apostrophe stands before it.

    >>> safe("=1+1"), safe("-5"), safe("茶园")
    ("'=1+1", '-5', '茶园')
    """
    return f"'{text}" if text.startswith(_RUNS) and not _NUMBER.fullmatch(text) else text


def _write_csv(path: Path, header: Sequence[str], rows: Iterator[list[Cell]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel reads UTF-8 by its mark only
        writer = csv.writer(file)
        writer.writerow([safe(name) for name in header])
        for row in rows:
            writer.writerow([_plain(cell) for cell in row])


def _plain(cell: Cell) -> str | float:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return safe(cell.replace("\0", "")) if isinstance(cell, str) else "" if cell is None else cell


def _write_xlsx(path: Path, header: Sequence[str], rows: Iterator[list[Cell]]) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("answers")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 14)

    def cell(value: Cell, font: Font | None = None) -> Any:
        if not isinstance(value, str):
            return value
        made = WriteOnlyCell(sheet, None)
        # A cell that is said to be text is none other, whatever it begins with; its mark keeps it so when it is edited.
        made._value, made.data_type = _fitting(value), "s"
        made.quotePrefix = value.startswith(_RUNS)
        made.alignment = Alignment(vertical="top", wrap_text=True)
        if font:
            made.font = font
        return made

    sheet.append([cell(name, Font(bold=True)) for name in header])
    for row in rows:
        sheet.append([cell(value) for value in row])
    book.save(path)


def _fitting(text: str) -> str:
    clean = _CONTROL.sub("", text)
    return clean if len(clean) <= _LONGEST_CELL else clean[: _LONGEST_CELL - 1] + "…"
