"""Figures half by half."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from evals.benchmarks.halves import by_half, show


@dataclass(frozen=True)
class Question:
    half: str


@dataclass(frozen=True)
class Asked:
    question: Question


def count(asked: Sequence[Asked]) -> dict[str, int]:
    return {"questions": len(asked)}


def test_each_half_has_its_own_figures() -> None:
    asked = [Asked(Question(half)) for half in ("tune", "report", "tune")]
    assert by_half(asked, count) == {"report": {"questions": 1}, "tune": {"questions": 2}}
    assert by_half([], count) == {}


def test_a_measure_within_another_is_told_under_its_name() -> None:
    shown = io.StringIO()
    halves = {
        "tune": {"noise": {"0.2": 0.25}, "auroc": (0.5, 0.4, 0.6), "floors": {"bm25": {"hit@1": 0.75}}},
        "report": {"noise": {"0.2": None}, "auroc": None},
    }
    show("tiny", halves, Console(file=shown, width=100))
    rows = [[cell.strip() for cell in line.split("│")] for line in shown.getvalue().splitlines()]
    assert ["noise: 0.2", "0.25", "–"] in rows
    assert ["auroc", "0.500 (0.400–0.600)", "–"] in rows
    assert ["bm25: hit@1", "0.75", "–"] in rows
