"""A log-linear model over runs of words, fitted to what each would gain.

The probability of candidate c of a question is p(c) = exp(w·f(c)) / Σ exp(w·f(c′)), over the candidates of all its
clauses. What is maximised is the log of the expected gain, Σ log Σ p(c) gain(c), less λ/2 ‖w‖². A feature has one weight
for all types of answer and another, on top, for one type (Daumé III, "Frustratingly Easy Domain Adaptation", ACL 2007);
the first is held back less. Fitted by L-BFGS from zero: there is no chance in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from evals.training.examples import Example
from rag.answer.spans_features import length
from rag.answer.spans_weights import Weights

Vector = npt.NDArray[np.float64]
Name = tuple[str, str]  # a type of answer ("" for all) and a feature


@dataclass(frozen=True, slots=True)
class Penalty:
    """``weight`` is λ; ``general`` what of it the weights for all types bear. A feature has to be met in ``seen`` questions,
    in ``seen_own`` of a type to have a weight for that type; weights under ``least`` are left out in the end."""

    weight: float = 15.0
    general: float = 0.3
    seen: int = 25
    seen_own: int = 60
    least: float = 0.02
    rounds: int = 150


def fit(examples: Sequence[Example], penalty: Penalty) -> Weights:
    """The weights that fit the examples whose answer is among their candidates."""
    known = [example for example in examples if example.known]
    names = _vocabulary(known, penalty)
    rows = _Rows.of(known, names)
    held = penalty.weight * np.array([1.0 if sort else penalty.general for sort, _ in names])

    def objective(w: Vector) -> tuple[float, Vector]:
        loss, slope = rows.loss(w)
        return loss + float(held @ (w * w)) / 2, slope + held * w

    found = minimize(objective, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": penalty.rounds})
    general: dict[str, float] = {}
    own: dict[str, dict[str, float]] = {}
    for (sort, feature), weight in zip(names, found.x, strict=True):
        if abs(weight) >= penalty.least:
            (own.setdefault(sort, {}) if sort else general)[feature] = round(float(weight), 3)
    return Weights(general, own)


def _vocabulary(examples: Sequence[Example], penalty: Penalty) -> list[Name]:
    """The features met often enough, each for all types of answer and for one."""
    met = Counter(name for example in examples for feature in _met(example) for name in _names(example, feature))
    return sorted(name for name, count in met.items() if count >= (penalty.seen_own if name[0] else penalty.seen))


def _met(example: Example) -> set[str]:
    features = {
        name for one in example.clauses for rows in (one.begins, one.ends, one.inners) for r in rows for name in r
    }
    features |= {name for one in example.clauses for name, _ in one.clause}
    for one in example.clauses:
        features |= {length(chars) for chars in range(1, one.found[-1].end + 1)}
    return features


def _names(example: Example, feature: str) -> Iterator[Name]:
    yield "", feature
    yield example.sought.sort, feature


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """All allowed candidates of all questions, one after the other: the numbers of its first and last word, of its
    clause and its length's row, and what it gains. ``bounds`` is where each question's candidates begin. The matrices
    hold the features: of words as first, last and inner ones, of clauses, and of lengths for each type of answer."""

    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]
    clause: npt.NDArray[np.intp]
    size: npt.NDArray[np.intp]
    gain: Vector
    bounds: npt.NDArray[np.intp]
    begins: csr_matrix
    ends: csr_matrix
    inners: csr_matrix
    clauses: csr_matrix
    sizes: csr_matrix

    @classmethod
    def of(cls, examples: Sequence[Example], names: Sequence[Name]) -> Self:
        number = {name: at for at, name in enumerate(names)}
        begins, ends, inners, clauses, sizes = (_Matrix(number) for _ in range(5))
        first, last, clause, size, gain, bounds = [], [], [], [], [], [0]
        size_rows: dict[Name, int] = {}
        for example in examples:
            for one, gains in zip(example.clauses, example.gains, strict=True):
                at, words = begins.rows, one.found
                for matrix, rows in ((begins, one.begins), (ends, one.ends), (inners, one.inners)):
                    for row in rows:
                        matrix.add(example, [(feature, 1.0) for feature in row])
                i, j = np.nonzero(one.allowed)
                stop = one.last()[i, j]
                chars = np.array([t.end for t in words])[stop] - np.array([t.start for t in words])[i]
                row_of = np.zeros(chars.max(initial=0) + 1, np.intp)
                for n in np.unique(chars):
                    key = example.sought.sort, length(int(n))
                    if key not in size_rows:
                        size_rows[key] = sizes.rows
                        sizes.add(example, [(key[1], 1.0)])
                    row_of[n] = size_rows[key]
                first.append(at + i)
                last.append(at + stop)
                clause.append(np.full(len(i), clauses.rows))
                size.append(row_of[chars])
                gain.append(gains[i, j].astype(np.float64))
                clauses.add(example, one.clause)
            bounds.append(sum(len(part) for part in first[-len(example.clauses) :]) + bounds[-1])
        return cls(
            np.concatenate(first),
            np.concatenate(last),
            np.concatenate(clause),
            np.concatenate(size),
            np.concatenate(gain),
            np.array(bounds[:-1]),
            begins.made(),
            ends.made(),
            inners.made(),
            clauses.made(),
            sizes.made(),
        )

    def loss(self, w: Vector) -> tuple[float, Vector]:
        """Minus the log of the expected gain over all questions, and its slope."""
        through = np.concatenate([[0.0], np.cumsum(self.inners @ w)])
        scores = (self.begins @ w)[self.first] + (self.ends @ w)[self.last] + through[self.last + 1]
        scores += (self.clauses @ w)[self.clause] + (self.sizes @ w)[self.size] - through[self.first]
        counts = np.diff([*self.bounds, len(scores)])
        chances = np.exp(scores - np.repeat(np.maximum.reduceat(scores, self.bounds), counts))
        chances /= np.repeat(np.add.reduceat(chances, self.bounds), counts)
        right = chances * self.gain
        expected = np.maximum(np.add.reduceat(right, self.bounds), 1e-12)
        pull = chances - right / np.repeat(expected, counts)
        words = self.begins.shape[0]
        at_first, at_last = np.bincount(self.first, pull, words), np.bincount(self.last, pull, words)
        inside = np.cumsum(at_first - np.concatenate([[0.0], at_last[:-1]]))  # of all runs that a word is in
        slope = self.begins.T @ at_first + self.ends.T @ at_last + self.inners.T @ inside
        slope += self.clauses.T @ np.bincount(self.clause, pull, self.clauses.shape[0])
        slope += self.sizes.T @ np.bincount(self.size, pull, self.sizes.shape[0])
        return -float(np.log(expected).sum()), slope


class _Matrix:
    """A sparse matrix in the making: a row a word, clause or length, a column a weight."""

    def __init__(self, number: dict[Name, int]) -> None:
        self._number = number
        self._columns: list[int] = []
        self._values: list[float] = []
        self._ends = [0]

    @property
    def rows(self) -> int:
        return len(self._ends) - 1

    def add(self, example: Example, features: Sequence[tuple[str, float]]) -> None:
        for feature, value in features:
            for name in _names(example, feature):
                if name in self._number:
                    self._columns.append(self._number[name])
                    self._values.append(value)
        self._ends.append(len(self._columns))

    def made(self) -> csr_matrix:
        return csr_matrix((self._values, self._columns, self._ends), (self.rows, len(self._number)))
