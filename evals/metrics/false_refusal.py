"""False refusal: the share of answerable questions that are refused."""

from __future__ import annotations

from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """1.0 where an answerable question is refused, else 0.0; None for unanswerable ones."""
    return float(answer.refused) if question.answerable else None
