"""points@k: 1 where every gold point's wording stands in one of the first k passages found, else 0.

It asks no more than the words, as DPR's top-k accuracy does (Karpukhin et al., "Dense Passage Retrieval for Open-Domain
Question Answering", EMNLP 2020), so it also holds over material that tells the same facts in other sentences, where no
gold span stands; a short wording may stand in a passage that says something else.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.metrics.point_recall import stated
from evals.normalise import normalise
from evals.sets import Question


def score(question: Question, texts: Sequence[str], k: int) -> float | None:
    """``texts`` are the passages, best first, as they are read; None for questions that have no answer."""
    if not question.answerable or not question.points:
        return None
    first = [normalise(text) for text in texts[:k]]
    return float(all(any(stated(point, text) for text in first) for point in question.points))
