"""The figures of a run of CMRC2018 or DRCD, and its questions for JSON."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

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


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return statistics.median(known) if known else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    return round(float(np.quantile(values, share)), 1) if values else None
