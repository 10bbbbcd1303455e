"""Tables as teams keep them: CSV as Excel saves it, and XLSX; each row as ``{header: cell}`` with its number."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from rag import FileError, InputError

if TYPE_CHECKING:
    from openpyxl.cell import Cell

_MAX_CELL = 1 << 20
_DELIMITERS = ",;\t"


def table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that holds something: its number as a spreadsheet shows it (the header is above it), and its cells.

    The first row that holds something is the header. Of an XLSX, the first sheet is read; formulas count by the value
    last computed.

    Raises:
        FileError: it cannot be read as what its name says. InputError: XLSX, and openpyxl is not installed.
    """
    rows = _sheet(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _separated(path)
    header: list[str] | None = None
    for number, row in rows:
        if not any(row):
            continue
        if header is None:
            header = row
        else:
            yield number, {name: cell for name, cell in zip(header, row, strict=False) if name}


def decoded(path: Path) -> str:
    """A text file's text: UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030.

    Raises:
        FileError: it is none of these.
    """
    data = path.read_bytes()
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(
        f"{path} is not text in UTF-8 or GB18030. Save it again as UTF-8.",
        f"{path} 不是 UTF-8 或 GB18030 编码的文本。请另存为 UTF-8。",
    )


def _separated(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = decoded(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)  # Excel writes a semicolon where the comma is the decimal point
    csv.field_size_limit(_MAX_CELL)
    number = 0
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        raise FileError(
            f"{path.name}, row {number + 1} is not CSV ({error}). Mend its quotation marks, or save the file again.",
            f"{path.name} 第 {number + 1} 行不是合格的 CSV（{error}）。请检查引号，或重新保存。",
        ) from error


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise InputError(
            "Reading XLSX needs openpyxl: pip install 'suanlian[eval]'. Or save the table as CSV.",
            "读取 XLSX 需要 openpyxl：pip install 'suanlian[eval]'。也可以把表格另存为 CSV。",
        ) from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            for number, row in enumerate(book.worksheets[0].iter_rows(), 1):
                yield number, _cells(row)
        finally:
            book.close()
    except (BadZipFile, InvalidFileException, KeyError, IndexError) as error:
        raise FileError(
            f"{path.name} cannot be read as XLSX ({error}). Save it again as XLSX, or as CSV.",
            f"{path.name} 无法按 XLSX 读取（{error}）。请重新保存为 XLSX 或 CSV。",
        ) from error


def _cells(row: Iterable[Cell]) -> list[str]:
    return [_shown(cell.value, cell.number_format if cell.value is not None else "") for cell in row]


def _shown(value: Any, format: str) -> str:
    """A cell as the sheet shows it, as far as questions need: 15% and not 0.15, 2024 and not 2024.0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if format.rstrip().endswith("%"):
            return f"{value * 100:.10g}%"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value).strip()
