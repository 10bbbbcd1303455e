"""Fully right: 1 where every gold point is stated."""

from __future__ import annotations

from evals.metrics import point_recall
from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """1.0 or 0.0; None for questions that have no answer."""
    recall = point_recall.score(question, answer)
    return None if recall is None else float(recall == 1.0)
