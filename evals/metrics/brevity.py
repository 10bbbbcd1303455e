"""Brevity: len(answer) / Σ len(gold point), in characters without citation marks. Reciting passages is not answering."""

from __future__ import annotations

import re

from evals.sets import Question
from rag import Answer

_MARK = re.compile(r"\[\d+\]")


def score(question: Question, answer: Answer) -> float | None:
    """The ratio; None where nothing is answered or nothing was to be."""
    if answer.refused or not question.points or not answer.text:
        return None
    gold = sum(min(len(wording) for wording in point.any_of) for point in question.points)
    return len(spoken(answer)) / gold


def spoken(answer: Answer) -> str:
    """An answer's text without citation marks."""
    return _MARK.sub("", answer.text)
