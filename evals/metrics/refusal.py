"""Refusal: the share of unanswerable questions that are refused."""

from __future__ import annotations

from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """1.0 where an unanswerable question is refused, else 0.0; None for answerable ones."""
    return None if question.answerable else float(answer.refused)
