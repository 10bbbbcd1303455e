"""A run told in the terminal, and kept as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.runs import Run
from evals.score import Scored, by, summary

_COLUMNS = (
    "questions",
    "fully_right",
    "point_recall",
    "list_precision",
    "list_recall",
    "citation_recall",
    "citation_precision",
    "refusal",
    "false_refusal",
    "hit@1",
    "brevity_median",
    "ms_p50",
)


def show(name: str, scored: Sequence[Scored], console: Console) -> None:
    """The figures of a run, whole and by kind."""
    table = Table(title=name, show_edge=False)
    table.add_column("kind")
    for column in _COLUMNS:
        table.add_column(column.replace("_", " "), justify="right", max_width=10)
    for kind, figures in by(scored, "kind").items():
        table.add_row(kind, *(_cell(figures[column]) for column in _COLUMNS))
    table.add_section()
    whole = summary(scored)
    table.add_row("all", *(_cell(whole[column]) for column in _COLUMNS), style="bold")
    console.print(table)
    console.print(f"quotes verbatim {_cell(whole['quotes_verbatim'])} · p95 {whole['ms_p95']} ms")


def as_dict(name: str, scored: Sequence[Scored]) -> dict[str, Any]:
    """The whole run, for JSON, in the form that :mod:`evals.runs` shows."""
    return Run(name, tuple(scored)).as_dict()


def _cell(value: float | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def show_failures(scored: Sequence[Scored], console: Console) -> None:
    """Every question that was not fully right, or was answered where there is no answer."""
    for s in scored:
        wrong = s.answer.refused != (not s.question.answerable) or s.scores["fully_right"] == 0
        if wrong:
            gold = (
                "；".join(" / ".join(point.any_of[:2]) for point in s.question.points) or "（应拒答 should be refused）"
            )
            console.print(f"[bold]{s.question.id}[/bold] {s.question.question}", highlight=False)
            console.print(f"  答 {s.answer.text}\n  应 {gold}", style="dim", highlight=False, markup=False)
