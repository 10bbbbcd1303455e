"""A question with its gold: what sets hold and metrics read."""

from __future__ import annotations

from dataclasses import dataclass


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


class RowError(ValueError):
    """What is wrong with a row, in both languages; who reads the file adds its name and the row's number."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh
