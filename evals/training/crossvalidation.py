"""How well a fact reading does on articles that it was not fitted to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics import answer_em, answer_f1
from evals.training.examples import Example
from evals.training.loglinear import Penalty, fit
from rag.answer.spans import likeliest
from rag.answer.spans_weights import Weights

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Read:
    """An example with the fact read ("" for none), and its clause's words."""

    example: Example
    fact: str
    clause: str

    def scores(self) -> dict[str, float]:
        """Character F1 and exact match of the fact, and whether its clause holds a whole answer."""
        answers = self.example.answers
        return {
            "f1": answer_f1.score(self.fact, answers),
            "em": answer_em.score(self.fact, answers),
            "clause": float(any(answer in self.clause for answer in answers)),
        }


def fold_of(article: str) -> int:
    """The fold of an article, by a hash of its name: its questions are never spread over two."""
    return hashlib.sha256(article.encode()).digest()[0] % FOLDS


def cross_validated(examples: Sequence[Example], penalty: Penalty) -> list[Read]:
    """Each example read with weights that were fitted to the other folds."""
    found = []
    for fold in range(FOLDS):
        left_out = [example for example in examples if fold_of(example.article) == fold]
        if left_out:
            found += read(left_out, fit([e for e in examples if fold_of(e.article) != fold], penalty))
    return found


def read(examples: Sequence[Example], weights: Weights) -> list[Read]:
    """The fact that the library reads with these weights, of each example."""
    found = []
    for example in examples:
        reading = likeliest(example.sought, example.near, weights.of(example.sought.sort))
        fact = reading.evidence.hit.passage.words(reading.start, reading.end) if reading else ""
        found.append(Read(example, fact, reading.evidence.text if reading else ""))
    return found
