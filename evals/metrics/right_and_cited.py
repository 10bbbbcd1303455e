"""Right and cited: 1 where every point of the answer is right and cited. It is what ``confidence`` predicts.

For a question that has an answer: every gold point is stated, each stands in a quote, and a list names nothing that
does not belong. For one that has none, whatever is answered is wrong. A refusal states no point, so its event is 0
for either: the confidence of a refusal is that of the answer that was held back, and should be low.
"""

from __future__ import annotations

from evals.metrics import citation_recall, fully_right, list_precision
from evals.sets import Question
from rag import Answer


def score(question: Question, answer: Answer) -> float:
    """1.0 or 0.0, for every question."""
    if answer.refused or not question.answerable:
        return 0.0
    right = fully_right.score(question, answer) == 1 and citation_recall.score(question, answer) == 1
    return float(right and list_precision.score(question, answer) in (None, 1))
