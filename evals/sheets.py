"""Sheets for a reader, and their keys, as files.

A sheet is CSV (for a spreadsheet) or JSONL, a pair a row: ``id``, ``question``, ``text``, ``sentences`` (CSV: a line each),
``supported`` and ``note``. The reader fills in ``supported``: yes or no (是, 否; true, false; 1, 0); empty is not judged.
Its key stands beside it as ``NAME.key.jsonl``, and is better not looked into before all is read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from evals.judging import Drawn, Pair
from evals.tables import decoded, table
from rag import FileError, InputError, replacing

T = TypeVar("T")
COLUMNS = ("id", "question", "text", "sentences", "supported", "note")
_YES = frozenset({"yes", "y", "true", "1", "是", "支持", "对"})
_NO = frozenset({"no", "n", "false", "0", "否", "不支持", "错"})
_DRAWN = TypeAdapter(Drawn)
# What a spreadsheet would take for a formula, in words that are not ours.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def key_of(sheet: Path) -> Path:
    """Where a sheet's key is."""
    return sheet.with_name(f"{sheet.stem}.key.jsonl")


def write_sheet(path: Path, pairs: Sequence[Pair], key: Sequence[Drawn]) -> None:
    """A sheet with its key beside it; folders on the way are made.

    Raises:
        InputError: one of them is there already (it may hold judgements), or the name ends otherwise than in .csv or .jsonl.
        StorageError: the disk refuses.
    """
    check_new(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(key_of(path)) as passing:
        passing.write_text(_lines(map(asdict, key)), encoding="utf-8")
    with replacing(path) as passing:
        if path.suffix.lower() == ".csv":
            _write_csv(passing, pairs)
        else:
            passing.write_text(_lines(map(_row, pairs)), encoding="utf-8")


def check_new(path: Path) -> None:
    """Whether a sheet can be written under this name. Raises InputError, as :func:`write_sheet` does."""
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise InputError(
            f"A sheet cannot be written as {path.name}; name it .csv or .jsonl.",
            f"判读表不能写成 {path.name}；请用 .csv 或 .jsonl 作扩展名。",
        )
    for file in (path, key_of(path)):
        if file.exists():
            raise InputError(
                f"{file} is there already and may hold judgements. Name another file, or move it away.",
                f"{file} 已经存在，里面可能有判读结果。请换一个文件名，或先把它移走。",
            )


def read_sheet(path: Path) -> list[Pair]:
    """A sheet as it is now, judged or not.

    Raises:
        FileError: it cannot be read, or a row is not of a sheet; the message names it.
    """
    if path.suffix.lower() == ".jsonl":
        rows: Iterable[tuple[int, Any]] = _json_rows(path)
    else:
        rows = table(path) if path.is_file() else _none(path)
    return _each(path, rows, _pair)


def read_key(path: Path) -> list[Drawn]:
    """A key's rows. Raises FileError where there is none, or a row is not of a key; the message names it."""
    return _each(path, _json_rows(path), _DRAWN.validate_python)


def _each(path: Path, rows: Iterable[tuple[int, Any]], made: Callable[[Any], T]) -> list[T]:
    found = []
    for number, row in rows:
        try:
            found.append(made(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            why = " ".join(str(error).split())[:160]
            raise FileError(
                f"{path}, row {number} cannot be read ({why}). Mend that row.",
                f"{path} 第 {number} 行无法读取（{why}）。请改正这一行。",
            ) from None
    return found


def _pair(row: Mapping[str, Any]) -> Pair:
    sentences = row["sentences"]
    parts = str(sentences).split("\n") if isinstance(sentences, str) else map(str, sentences)
    return Pair(
        str(row["id"]).strip().removeprefix("'").zfill(3),  # a spreadsheet takes 007 for 7
        str(row["question"]),
        str(row["text"]),
        tuple(parts),
        _verdict(row.get("supported")),
        str(row.get("note") or ""),
    )


def _verdict(given: Any) -> bool | None:
    if given is None or isinstance(given, bool):
        return given
    word = str(given).strip().lower()
    if word and word not in _YES | _NO:
        raise ValueError(f"supported is {word!r}; write yes or no, or leave it empty")
    return word in _YES if word else None


def _row(pair: Pair) -> dict[str, Any]:
    verdict = {True: "yes", False: "no", None: ""}[pair.supported]
    return {**asdict(pair), "supported": verdict}


def _write_csv(path: Path, pairs: Sequence[Pair]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # Excel reads UTF-8 by its mark only
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in map(_row, pairs):
            row["sentences"] = "\n".join(sentence.replace("\n", " ") for sentence in row["sentences"])
            cells = [str(row[name]) for name in COLUMNS]
            writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])


def _lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _json_rows(path: Path) -> Iterable[tuple[int, Any]]:
    if not path.is_file():
        return _none(path)
    lines = enumerate(decoded(path).split("\n"), 1)
    return ((number, _value(path, number, line)) for number, line in lines if line.strip())


def _value(path: Path, number: int, line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise FileError(
            f"{path}, line {number} is not JSON. Mend that line.", f"{path} 第 {number} 行不是 JSON。请改正这一行。"
        ) from None


def _none(path: Path) -> Iterable[tuple[int, Any]]:
    raise FileError(
        f"There is no file {path}. Draw a sheet with `suanlian judge draw`; its key must stand beside it.",
        f"没有文件 {path}。请用 `suanlian judge draw` 抽取判读表；答案键要放在它旁边。",
    )
