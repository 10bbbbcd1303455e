"""List recall: |listed ∩ gold| / |gold|."""

from __future__ import annotations

from evals.normalise import normalise
from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """Share of the gold names listed as items; None where no list is asked for."""
    if question.items is None:
        return None
    listed = {normalise(item.text) for item in answer.items}
    return sum(any(normalise(name) in listed for name in entry.split("|")) for entry in question.items) / len(
        question.items
    )
