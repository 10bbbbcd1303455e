"""How likely an answer is right and cited, given that it is good enough to be given.

Whether there is an answer at all is decided by what the words say (:mod:`rag.answer.refuse`); that score ranks well,
but it is no probability. Here it becomes one, by logistic regression (Platt, "Probabilistic outputs for support vector
machines", 1999), together with what tells a right bare fact from a wrong one: how surely it was read, and how far its
clause stands out among the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.answer.draft import Draft
from rag.answer.evidence import Evidence, best_elsewhere
from rag.answer.spans import Reading
from rag.retrieve.query import Query

ANSWERS = 0.45  # the default of ``refuse_below``: what scores less is refused, and its score stays as it is
# Fitted to 1,360 answers: to the development questions over the bundled corpus, its source article and news (each
# counted six-fold), to 500 questions each of the tuning halves of CMRC2018 (trial) and DRCD (dev), and to questions that
# neither answers, among them 640 of those whose paragraph was taken away (counted half). The event is that of
# ``evals/metrics/right_and_cited.py``: every point stated and cited; for CMRC2018 and DRCD the gold span inside a quote.
# By eight-fold cross-validation over questions, the score alone and with all of this: AUROC .66 and .76 (bundled corpus, article and news
# .70 and .72), Brier score .162 and .141,
# expected calibration error .055 and .048; of the score taken for a probability .161 and .062.
_BIAS, _SCORE = -1.54, 3.74
_FACT, _SURE, _CLAUSE, _FIRST, _GAP, _NEXT, _CLOSE = -1.53, 1.28, 0.1, 1.41, 1.14, 2.64, -2.8
_HOPELESS = 0.25  # an answer that is right no more often is not given
_NEAR, _MANY = 0.05, 6  # score by which a clause is close to the best; so many are many
_NO_FACT = ("compare", "profile", "list")


def likelihood(
    query: Query, evidence: Sequence[Evidence], draft: Draft | None, reading: Reading | None, sure: float
) -> float:
    """The probability, in [0, 1], that every point of the answer is right and cited.

    Args:
        evidence: clauses, best first. sure: the score of the answer in [0, 1].

    A score below ``ANSWERS`` is returned as it is: the answer is held back. Another one becomes a probability of at least
    ``ANSWERS``, so that the threshold keeps its meaning, but for an answer that is right one time in four at most.
    """
    if draft is None or not draft.quotes or sure < ANSWERS:
        return sure
    value = _BIAS + _SCORE * sure
    if reading is not None and not draft.items and query.kind not in _NO_FACT:
        value += _of_fact(evidence, draft, reading)
    chance = 1 / (1 + math.exp(-value))
    return chance if chance < _HOPELESS else max(ANSWERS, chance)


def _of_fact(evidence: Sequence[Evidence], draft: Draft, reading: Reading) -> float:
    """What speaks for a bare fact."""
    first = evidence[0]
    best = draft.best
    elsewhere = best_elsewhere(evidence)
    following = next((e.score for e in evidence[1:] if e.start != first.start), 0.0)
    close = sum(e.score > first.score - _NEAR for e in evidence)
    return (
        _FACT
        + _SURE * reading.sure
        + _CLAUSE * reading.clause
        + _FIRST * ((best.hit.lexical_rank == 1) + (best.hit.dense_rank == 1)) / 2
        + _GAP * (first.score - elsewhere)
        + _NEXT * (first.score - following)
        + _CLOSE * min(1.0, close / _MANY)
    )
