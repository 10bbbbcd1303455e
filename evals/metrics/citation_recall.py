"""Citation recall against gold spans: |points whose quotes carry them| / |points stated|.

A quote carries a point when the point's wording stands in a quote that a statement of the answer cites.
"""

from __future__ import annotations

from evals.metrics.point_recall import said, stated
from evals.normalise import normalise
from evals.sets import Question
from rag import Answer, Citation


def score(question: Question, answer: Answer) -> float | None:
    """Share of the stated points that a quote carries; None where none is stated."""
    if not question.answerable or answer.refused:
        return None
    points = [point for point in question.points if stated(point, said(answer))]
    quotes = [read(citation) for citation in answer.citations]
    return sum(any(stated(point, quote) for quote in quotes) for point in points) / len(points) if points else None


def read(citation: Citation) -> str:
    """A quote as it is read: with its section path, normalised."""
    return normalise("\n".join((*citation.section, citation.quote)))
