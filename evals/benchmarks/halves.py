"""A benchmark's figures half by half: computed, and as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from rich.console import Console
from rich.table import Table

Figures = dict[str, Any]
_FLOORS = "floors"  # told by their own names (:mod:`evals.benchmarks.floors`)


class Halved(Protocol):
    """A question of a benchmark."""

    @property
    def half(self) -> str:
        """``tune`` or ``report``."""


class AskedOf(Protocol):
    """A question that has been asked."""

    @property
    def question(self) -> Halved:
        """The question."""


_Asked = TypeVar("_Asked", bound=AskedOf)


def by_half(asked: Sequence[_Asked], figures: Callable[[Sequence[_Asked]], Figures]) -> dict[str, Figures]:
    """The figures of each half that has questions."""
    halves = sorted({one.question.half for one in asked})
    return {half: figures([one for one in asked if one.question.half == half]) for half in halves}


def show(name: str, halves: Mapping[str, Figures], console: Console) -> None:
    """A table: a row a measure, a column a half; what lies within a measure is told under its name (``noise: 0.2``)."""
    table = Table("measure", title=name, show_edge=False)
    for half in halves:
        table.add_column(half, justify="right")
    flat = [_flat(found) for found in halves.values()]
    for measure in flat[0] if flat else ():
        table.add_row(measure.replace("_", " "), *(_cell(found.get(measure)) for found in flat))
    console.print(table)


def _flat(found: Figures, above: str = "") -> Figures:
    rows: Figures = {}
    for name, value in found.items():
        if isinstance(value, dict):
            rows |= _flat(value, above if name == _FLOORS else f"{above}{name}: ")
        else:
            rows[above + name] = value
    return rows


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, tuple):
        middle, low, high = value
        return f"{middle:.3f} ({low:.3f}–{high:.3f})"
    return f"{value:.4g}"
