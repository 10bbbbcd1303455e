"""List precision: |listed ∩ gold| / |listed|, names compared after aliases (``甲|乙`` in the gold is one entry)."""

from __future__ import annotations

from evals.normalise import normalise
from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """Share of the listed names that belong; None where no list is asked for or none is given."""
    if question.items is None or answer.refused:
        return None
    gold = {normalise(name) for entry in question.items for name in entry.split("|")}
    listed = [normalise(item.text) for item in answer.items]
    return sum(name in gold for name in listed) / len(listed) if listed else None
