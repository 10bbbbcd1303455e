"""Point recall: |gold points stated| / |gold points|. A point is stated when one of its wordings is in the answer."""

from __future__ import annotations

from evals.normalise import normalise
from evals.sets import Point, Question
from rag import Answer


def said(answer: Answer) -> str:
    """Everything that an answer says, normalised: its text and its items."""
    return normalise(" ".join((answer.text, *(item.text for item in answer.items))))


def stated(point: Point, text: str) -> bool:
    """Whether a normalised text states a point."""
    return any(normalise(wording) in text for wording in point.any_of)


def score(question: Question, answer: Answer) -> float | None:
    """Share of the points stated, 0 for a refusal; None for questions that have no answer."""
    if not question.answerable:
        return None
    text = "" if answer.refused else said(answer)
    return sum(stated(point, text) for point in question.points) / len(question.points)
