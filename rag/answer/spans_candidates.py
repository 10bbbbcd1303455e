"""The candidates for a bare fact: the runs of words of the clauses that answer best, and what speaks for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answer.evidence import Evidence
from rag.answer.spans_features import Token, asking, beginnings, endings, inners, length, tokens, whole
from rag.answer.spans_sought import Sort, Sought
from rag.retrieve.query import Query
from rag.text.words import Lexicon

CLAUSES = 4  # clauses read
_MAX_TOKENS, _MAX_SPAN = 120, 30  # words of a clause that are read; words of a fact
NEAR = 0.1  # how much worse than the best a clause may be that a fact is read from
_BEGINS, _ENDS = (".title", ".quote"), ("./title", ".quote", ".close")  # marks that a fact may begin or end with
_OPENS = {".open": 1, ".close": -1}
_TITLES = {".title": 1, "./title": -1}
_NO_FIGURES: tuple[Sort, ...] = ("person", "body", "title")  # sorts that hold no date and do not begin with a number
NOT_ALLOWED = -1e4  # the score of a run of words that can be no fact

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The runs of words of one clause of ``n`` words, none of more than ``m``.

    ``begins``, ``ends`` and ``inners`` are the features of each word as the first, the last and one of a run;
    ``clause`` those of the clause, each with how much of it there is. ``allowed``, ``(n, m) bool``, says of the run that
    begins with word ``i`` and has ``j`` more whether it may be a fact.
    """

    evidence: Evidence
    found: Sequence[Token]
    begins: Sequence[Sequence[str]]
    ends: Sequence[Sequence[str]]
    inners: Sequence[Sequence[str]]
    clause: Sequence[tuple[str, float]]
    allowed: npt.NDArray[np.bool_]

    def last(self) -> npt.NDArray[np.intp]:
        """``(n, m)``: the number of each run's last word; the clause's last where the run would go beyond."""
        n, m = self.allowed.shape
        last: npt.NDArray[np.intp] = np.minimum(np.arange(n)[:, None] + np.arange(m)[None], n - 1)
        return last

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the run from one word to another stands in the stored text."""
        e = self.evidence
        start, end = e.fold.span(self.found[first].start, self.found[last].end)
        return e.start + start, e.start + end

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """``(n, m)``: the score of each run; :data:`NOT_ALLOWED` where it may be no fact."""
        last = self.last()
        first = np.arange(len(last))[:, None]
        through = np.concatenate([[0.0], np.cumsum(_sums(weights, self.inners))])
        starts, stops = np.array([t.start for t in self.found]), np.array([t.end for t in self.found])
        by_length = np.array([weights.get(length(chars), 0.0) for chars in range(stops[-1] + 1)])
        scores: Scores = (
            _sums(weights, self.begins)[first]
            + _sums(weights, self.ends)[last]
            + through[last + 1]
            - through[first]
            + by_length[stops[last] - starts[first]]
            + sum(weights.get(name, 0.0) * value for name, value in self.clause)
        )
        scores[~self.allowed] = NOT_ALLOWED
        return scores


def candidates(
    query: Query, asked: Sought, evidence: Sequence[Evidence], lexicon: Lexicon, *, within: float = NEAR
) -> list[Candidates]:
    """The candidates in the clauses near the best one.

    Args:
        evidence: clauses, best first. within: how much worse than the best a clause may be.
    """
    ask = asking(query, asked, lexicon)
    made = []
    for rank, e in enumerate(evidence[:CLAUSES]):
        if e.score < evidence[0].score - within:
            break
        found = tokens(e, ask, query, lexicon, _MAX_TOKENS)
        if found:
            rows = beginnings(found, ask), endings(found, ask), inners(found, ask)
            made.append(Candidates(e, found, *rows, whole(e, rank, found, ask), _allowed(found, asked.sort)))
    return made


def _sums(weights: Mapping[str, float], rows: Sequence[Sequence[str]]) -> Scores:
    return np.array([sum(weights.get(name, 0.0) for name in row) for row in rows])


def _allowed(found: Sequence[Token], sort: Sort) -> npt.NDArray[np.bool_]:
    """What may be a fact: no run that begins or ends with a mark that does not belong to it, or cuts a pair of marks."""
    n = len(found)
    first = np.arange(n)[:, None]
    last = first + np.arange(min(_MAX_SPAN, n))[None]
    allowed = last < n
    last = np.minimum(last, n - 1)
    sorts = [t.sort for t in found]
    allowed &= np.array([not s.startswith(".") or s in _BEGINS for s in sorts])[first]
    allowed &= np.array([not s.startswith(".") or s in _ENDS for s in sorts])[last]
    for marks in (_OPENS, _TITLES):
        depth = np.concatenate([[0], np.cumsum([marks.get(s, 0) for s in sorts])])
        allowed &= depth[last + 1] == depth[first]
    quotes = np.concatenate([[0], np.cumsum([s == ".quote" for s in sorts])])
    allowed &= (quotes[last + 1] - quotes[first]) % 2 == 0
    if sort in _NO_FIGURES:
        dates = np.concatenate([[0], np.cumsum([bool(t.date) for t in found])])
        allowed &= ~np.array([bool(t.date or t.number) for t in found])[first]
        allowed &= dates[last + 1] == dates[first]
    return allowed
