"""Citation precision against gold: |quotes that carry a gold point| / |quotes|.

Stricter than support: a quote that supports its own statement but no gold point counts as wrong.
"""

from __future__ import annotations

from evals.metrics.citation_recall import read
from evals.metrics.point_recall import stated
from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """Share of the quotes that carry a gold point; None where nothing is cited or the question has no answer."""
    if not question.answerable or not answer.citations:
        return None
    quotes = [read(citation) for citation in answer.citations]
    return sum(any(stated(point, quote) for point in question.points) for quote in quotes) / len(quotes)
