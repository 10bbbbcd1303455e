"""The comparison as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from evals.benchmarks.peers.run import Row


def show(name: str, rows: Sequence[Row], console: Console) -> None:
    """A row a framework and way of cutting words; the versions below."""
    table = Table(title=name, show_edge=False, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for label in ("", "words"):
        table.add_column(label, no_wrap=True)
    for measure in (*(rows[0].figures if rows else ()), "p50 ms", "p95 ms", "build s", "peak MB"):
        table.add_column(measure, justify="right", no_wrap=True)
    for row in rows:
        costs = (row.ms_p50, row.ms_p95, row.build_s, row.memory_mb)
        table.add_row(
            row.name,
            row.words,
            *(f"{v:.3f}" for v in row.figures.values()),
            *("–" if v is None else f"{v:g}" for v in costs),
        )
    console.print(table)
    console.print(", ".join(dict.fromkeys(row.versions for row in rows)))


def as_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The rows for JSON."""
    return [asdict(row) for row in rows]
