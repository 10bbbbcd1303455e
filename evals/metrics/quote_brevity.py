"""Quote brevity: Σ len(quote) / len(answer), in characters without citation marks. Quoting a page is not citing."""

from __future__ import annotations

from evals.metrics.brevity import spoken
from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float | None:
    """The ratio; None where nothing is answered or nothing is cited."""
    said = len(spoken(answer))
    if answer.refused or not answer.citations or not said:
        return None
    return sum(len(citation.quote) for citation in answer.citations) / said
