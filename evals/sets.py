"""Question sets: the bundled ones by name, and a team's own file (JSONL, CSV, XLSX) by path."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from evals import plain
from evals.question import Point, Question, RowError
from evals.tables import decoded, table
from rag import FileError

__all__ = ["SETS", "Point", "Question", "load_set"]

SETS = ("dev", "test")
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")


def load_set(name: str) -> list[Question]:
    """A bundled set by name (``dev``, ``test``), or a file by path.

    A file is JSONL in this project's form (``evals/questions/README.md``), or CSV, XLSX or JSONL with a column for the
    question and one for its answer, as :mod:`evals.plain` reads them. A JSONL may hold rows of both kinds.

    Raises:
        FileError: there is no such set, it holds no question, or a row is not one; the message names file and row.
    """
    if name in SETS:
        text = files("evals").joinpath("questions", f"{name}.jsonl").read_text(encoding="utf-8")
        return list(_read(_lines(text), name, name))
    path = Path(name)
    if not path.is_file():
        raise FileError(
            f"{name} is neither a bundled set ({', '.join(SETS)}) nor a file. Name one of them.",
            f"{name} 既不是自带的题集（{'、'.join(SETS)}），也不是文件。",
        )
    rows = table(path) if path.suffix.lower() in _TABLES else _lines(decoded(path))
    found = list(_read(rows, path.name, path.stem))
    if not found:
        raise FileError(f"{name} holds no question. Write one a row.", f"{name} 里没有问题。请每行写一个。")
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line that holds something. (A JSON string may hold U+2028, at which splitlines cuts.)"""
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _read(rows: Iterable[tuple[int, str | Mapping[str, Any]]], name: str, stem: str) -> Iterator[Question]:
    taken: dict[str, int] = {}
    for number, row in rows:
        try:
            question = _question(json.loads(row) if isinstance(row, str) else row, f"{stem}-{number:03d}", stem)
            if question.id in taken:
                first = taken[question.id]
                raise RowError(
                    f"the id {question.id} already stands in row {first}", f"编号 {question.id} 与第 {first} 行重复"
                )
        except RowError as error:
            raise _bad(name, number, error.en, error.zh) from None
        except (ValueError, KeyError, TypeError) as error:
            raise _bad(name, number, repr(error), repr(error)) from error
        taken[question.id] = number
        yield question


def _question(row: Any, id: str, stem: str) -> Question:
    if not isinstance(row, Mapping):
        raise RowError("it is not a JSON object", "它不是 JSON 对象")
    if "points" not in row:
        return plain.question(row, id, stem)
    points = tuple(Point(tuple(p["any_of"]), tuple(p.get("evidence", ()))) for p in row["points"])
    if row["answerable"] and not points:
        raise RowError("it is answerable and has no points", "标明可回答，却没有答案要点")
    items = tuple(row["items"]) if row.get("items") else None
    history = tuple(row.get("history", ()))
    return Question(
        row["id"], row["question"], row["kind"], row["segment"], row["split"], points, items, row["answerable"], history
    )


def _bad(name: str, number: int, en: str, zh: str) -> FileError:
    return FileError(
        f"{name}, row {number} is not a question: {en}. Mend that row.",
        f"{name} 第 {number} 行不是一个问题：{zh}。请改正这一行。",
    )
