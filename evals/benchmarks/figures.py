"""The figures of a benchmark run: per half, in the terminal and as JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from evals.benchmarks.asked import Asked


def figures(asked: Sequence[Asked]) -> dict[str, Any]:
    """Means of the scores, medians of the quotes' lengths (of one quote, and of an answer's together), milliseconds."""
    rows = [one.scores() for one in asked]
    found: dict[str, Any] = {"questions": len(asked)}
    for name in rows[0] if rows else ():
        found[name] = round(statistics.fmean(row[name] for row in rows), 4)
    found["quote_chars_median"] = _median(length for one in asked for length in one.quotes)
    found["quotes_chars_median"] = _median(sum(one.quotes) for one in asked if one.quotes)
    found["ms_p50"] = _quantile([one.milliseconds for one in asked], 0.5)
    found["ms_p95"] = _quantile([one.milliseconds for one in asked], 0.95)
    return found


def by_half(asked: Sequence[Asked]) -> dict[str, dict[str, Any]]:
    """The figures of each half that has questions."""
    halves = sorted({one.question.half for one in asked})
    return {half: figures([one for one in asked if one.question.half == half]) for half in halves}


def show(name: str, halves: dict[str, dict[str, Any]], console: Console) -> None:
    """A table: a row a measure, a column a half; floors (:mod:`evals.benchmarks.floors`) below."""
    table = Table("measure", title=name, show_edge=False)
    for half in halves:
        table.add_column(half, justify="right")
    flat = [_flat(found) for found in halves.values()]
    for measure in flat[0] if flat else ():
        table.add_row(measure.replace("_", " "), *(_cell(found.get(measure)) for found in flat))
    console.print(table)


def as_rows(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Each question with its answer and scores, for JSON."""
    return [
        {
            "id": one.question.id,
            "half": one.question.half,
            "question": one.question.question,
            "golds": one.question.answers,
            "answer": one.answer.text,
            "short_answer": one.answer.short_answer.text if one.answer.short_answer else None,
            "quotes": [citation.quote for citation in one.answer.citations],
            "confidence": one.answer.confidence,
            "ms": round(one.milliseconds, 1),
            **one.scores(),
        }
        for one in asked
    ]


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    rows = {name: value for name, value in found.items() if name != "floors"}
    for floor, measures in found.get("floors", {}).items():
        rows |= {f"{floor}: {name}": value for name, value in measures.items()}
    return rows


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return statistics.median(known) if known else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    return round(float(np.quantile(values, share)), 1) if values else None


def _cell(value: float | int | None) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}"
