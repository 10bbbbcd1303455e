"""Question sets: one JSON object a line, as ``evals/questions/README.md`` describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from rag import FileError

SETS = ("dev", "test")


@dataclass(frozen=True, slots=True)
class Point:
    """A fact that a complete answer states: any of its wordings; ``evidence`` are the corpus's words that carry it."""

    any_of: tuple[str, ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its gold. ``history`` are earlier messages; ``items`` the complete list or None, each entry's
    alternatives joined by ``|``."""

    id: str
    question: str
    kind: str
    segment: str
    split: str
    points: tuple[Point, ...]
    items: tuple[str, ...] | None
    answerable: bool
    history: tuple[dict[str, str], ...] = ()

    def messages(self) -> list[dict[str, str]]:
        """The conversation that ends with the question."""
        return [*self.history, {"role": "user", "content": self.question}]


def load_set(name: str) -> list[Question]:
    """A bundled set by name (``dev``, ``test``), or a JSONL file by path.

    Raises:
        FileError: there is no such set, or a line is not a question; the message names the line.
    """
    if name in SETS:
        text = files("evals").joinpath("questions", f"{name}.jsonl").read_text(encoding="utf-8")
    else:
        path = Path(name)
        if not path.is_file():
            raise FileError(
                f"{name} is neither a bundled set ({', '.join(SETS)}) nor a file. Name one of them.",
                f"{name} 既不是自带的题集（{'、'.join(SETS)}），也不是文件。",
            )
        text = path.read_text(encoding="utf-8")
    return list(_parse(text, name))


def _parse(text: str, name: str) -> Iterator[Question]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield _question(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise FileError(
                    f"{name}, line {number} is not a question ({error!r}). Mend that line.",
                    f"{name} 第 {number} 行不是一个问题（{error!r}）。",
                ) from error


def _question(row: dict[str, Any]) -> Question:
    points = tuple(Point(tuple(p["any_of"]), tuple(p.get("evidence", ()))) for p in row["points"])
    items = tuple(row["items"]) if row.get("items") else None
    history = tuple(row.get("history", ()))
    return Question(
        row["id"], row["question"], row["kind"], row["segment"], row["split"], points, items, row["answerable"], history
    )
