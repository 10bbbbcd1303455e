"""A second look at a question that would be refused over its words: whether the passage and the fact read in it say
enough for the answer all the same.

Long questions put much in other words than the material does (担任什么**职务** is answered by 任院长), so single words left
out say little where the passage is first in both searches and its clause leaves hardly any choice of fact. Short ones
say exactly what they ask for; there a word left out is what is missing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.answer.draft import Draft
from rag.answer.evidence import Evidence, best_elsewhere
from rag.answer.refuse import asks_a_name
from rag.answer.spans import Reading
from rag.answer.wants import asked_count
from rag.retrieve.glue import NARROWING
from rag.retrieve.query import Query

# Weights of a logistic regression, fitted where the words alone would refuse and no figure is left out: to the answers to
# the tuning halves of CMRC2018 (trial) and DRCD (dev), the same questions with their own paragraph taken away, and the
# development questions over the bundled corpus, its source article and news, which count eight-fold.
_BIAS = -18.46
_PASSAGE, _LEXICAL, _FIRST = 12.41, 1.85, -0.4
_TERMS, _LEFT, _GAP, _OWN, _WORDS = 1.99, 0.35, -0.43, 1.89, 5.7
_CLAUSE, _EXACT = 0.24, 2.08
_DATE, _NUMBER = -4.14, -3.89
# What is not put in other words.
_FIGURE = re.compile(r"\d|[上下]半年|[一二三四五六七八九十首](?:期|季度|阶段|代|轮|批|届)")
_MANY = 8  # heavy terms from which a question is a long one
_BM25 = 10.0  # a BM25 score for a weight of 1 that is high
_SCALE = 0.82  # probability .55 answers: it is worth the threshold of .45


def second_look(
    query: Query, evidence: Sequence[Evidence], draft: Draft | None, reading: Reading | None, sure: float
) -> float:
    """The confidence after a second look, in [0, 1]: never less than ``sure``, what the words alone say."""
    if draft is None or not draft.quotes or draft.items or query.kind in ("compare", "profile"):
        return sure
    if asks_a_name(query) or query.wanted in NARROWING:
        return sure
    best = draft.best
    if asked_count(query) > 1 and "、" not in best.fold.text:
        return sure  # it asks which three, and nothing is listed
    noun = reading.sought.noun if reading else ""
    total = sum(term.weight for term in query.terms) or 1.0
    # What the answer is one of (哪个**国家**) need not be said in so many words.
    left = [t for t in query.heavy if t in best.missing and not (noun and (t.text in noun or noun in t.text))]
    if any(_FIGURE.search(term.text) for term in left):
        return sure
    hit = best.hit
    elsewhere = best_elsewhere(evidence)
    value = (
        _BIAS
        + _PASSAGE * hit.score
        + _LEXICAL * min(1.5, hit.lexical / (_BM25 * total))
        + _FIRST * ((hit.lexical_rank == 1) + (hit.dense_rank == 1)) / 2
        + _TERMS * min(1.0, len(query.heavy) / _MANY)
        + _LEFT * sum(term.weight for term in left) / total
        + _GAP * (evidence[0].score - elsewhere)
        + _OWN * best.own
        + _WORDS * sure
        + (_CLAUSE * reading.clause + _EXACT * reading.sure if reading else 0.0)
        + (_DATE if query.kind == "date" else _NUMBER if query.kind == "number" else 0.0)
    )
    return max(sure, _SCALE / (1 + math.exp(-value)))
