"""Runs: questions put to an assistant, scored, and summed up by kind and segment."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.metrics import (
    brevity,
    citation_precision,
    citation_recall,
    false_refusal,
    fully_right,
    list_precision,
    list_recall,
    point_recall,
    refusal,
)
from evals.sets import Question
from rag import Answer, Assistant

METRICS: dict[str, Callable[[Question, Answer], float | None]] = {
    "fully_right": fully_right.score,
    "point_recall": point_recall.score,
    "list_precision": list_precision.score,
    "list_recall": list_recall.score,
    "citation_recall": citation_recall.score,
    "citation_precision": citation_precision.score,
    "refusal": refusal.score,
    "false_refusal": false_refusal.score,
}


@dataclass(frozen=True, slots=True)
class Scored:
    """A question, its answer, its scores, how long it took (ms), and whether every quote stands where it says."""

    question: Question
    answer: Answer
    scores: dict[str, float | None]
    milliseconds: float
    verbatim: bool


def run(
    questions: Sequence[Question], assistant: Assistant, *, progress: Callable[[int], None] | None = None
) -> list[Scored]:
    """Put every question to the assistant."""
    done = []
    for number, question in enumerate(questions, 1):
        begun = time.perf_counter()
        answer = assistant.ask(question.messages())
        took = (time.perf_counter() - begun) * 1000
        scores = {name: metric(question, answer) for name, metric in METRICS.items()}
        scores["brevity"] = brevity.score(question, answer)
        done.append(Scored(question, answer, scores, took, verbatim(assistant, answer)))
        if progress:
            progress(number)
    return done


def verbatim(assistant: Assistant, answer: Answer) -> bool:
    """Whether each quote equals the stored text of the version that it names, at its offsets."""
    return all(
        assistant.document(c.document.id, c.document.version).text[c.start : c.end] == c.quote for c in answer.citations
    )


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """Means of the metrics (brevity: the median), milliseconds, and counts."""
    times = sorted(s.milliseconds for s in scored)
    found: dict[str, Any] = {"questions": len(scored)}
    for name in METRICS:
        found[name] = _mean(s.scores[name] for s in scored)
    ratios = [r for s in scored if (r := s.scores["brevity"]) is not None]
    found["brevity_median"] = round(statistics.median(ratios), 2) if ratios else None
    found["quotes_verbatim"] = _mean(float(s.verbatim) for s in scored)
    found["ms_p50"] = round(times[len(times) // 2], 1) if times else None
    found["ms_p95"] = round(times[min(len(times) - 1, int(len(times) * 0.95))], 1) if times else None
    return found


def by(scored: Sequence[Scored], facet: str) -> dict[str, dict[str, Any]]:
    """Summaries for each value of a question's field (``kind``, ``segment``)."""
    values = sorted({str(getattr(s.question, facet)) for s in scored})
    return {value: summary([s for s in scored if str(getattr(s.question, facet)) == value]) for value in values}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
