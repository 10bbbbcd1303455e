"""The bare fact that a question asks for, read out of the clauses that answer best.

Every run of words in those clauses is a candidate. A log-linear model scores it as a sum of what speaks for its first
word, for its last, for each word in it, for its length and for its clause (:mod:`rag.answer.spans_features`), so that
all candidates are scored at once; the same sum says which clause it is best read from. It is the model that Rajpurkar
et al. give as their baseline ("SQuAD", EMNLP 2016) over features of Chinese, without lexical ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from rag.answer.draft import Draft, Quote
from rag.answer.evidence import Evidence
from rag.answer.spans_features import Token, asking, beginnings, endings, inners, length, tokens, whole
from rag.answer.spans_sought import Sought, sought
from rag.retrieve.query import Query
from rag.text.words import Lexicon

CLAUSES = 4  # clauses read
_MAX_TOKENS, _MAX_SPAN = 120, 30  # words of a clause that are read; words of a fact
_BEGINS, _ENDS = (".title", ".quote"), ("./title", ".quote", ".close")  # marks that a fact may begin or end with
_OPENS = {".open": 1, ".close": -1}
_TITLES = {".title": 1, "./title": -1}
_SLACK = 0.2  # how much less of the question it may speak of and still be said first
_NEAR = 0.1  # how much worse than the best a clause may be that a fact is read from
_WORST = -1e4
_NO_FIGURES = ("person", "body", "title")  # sorts of answer that hold no date and do not begin with a number
_SHOWN = 0.05  # probability below which a fact read is no answer: half of those are not even near
_READ_WELL = 0.1  # probability of a fact that may stand for its noun
_RIVALS = 40  # candidates that are weighed against one another
_READ = ("name", "open", "reason", "list", "definition", "number", "date")
_LONG = ("what", "list", "reason", "manner", "name", "yesno")  # sorts whose facts have no one natural length

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact read: ``[start, end)`` of the stored text, in the clause of ``evidence``. ``sure`` is the model's probability
    of exactly these words, ``clause`` that of a fact in this clause, each in [0, 1]."""

    sought: Sought
    evidence: Evidence
    start: int
    end: int
    sure: float
    clause: float


def read_fact(query: Query, evidence: Sequence[Evidence], lexicon: Lexicon) -> Reading | None:
    """The likeliest fact in the best clauses; None where the question asks with no word known to ask, or nothing stands
    in the clauses that a fact could be.

    Args:
        evidence: clauses, best first.
    """
    asked = sought(query, lexicon)
    if asked is None:
        return None
    ask = asking(query, asked, lexicon)
    weights = _weights(asked.sort)
    read: list[tuple[Evidence, list[Token], Scores]] = []
    for rank, e in enumerate(evidence[:CLAUSES]):
        if e.score < evidence[0].score - _NEAR:
            break
        found = tokens(e, ask, query, lexicon, _MAX_TOKENS)
        if found:
            clause = sum(weights.get(name, 0.0) * value for name, value in whole(e, rank, found, ask))
            begins, ends = _sums(weights, beginnings(found, ask)), _sums(weights, endings(found, ask))
            inner = _sums(weights, inners(found, ask))
            if asked.sort in _NO_FIGURES:
                begins = np.where([token.date or token.number for token in found], _WORST, begins)
                inner = np.where([token.date for token in found], _WORST, inner)
            read.append((e, found, clause + _scored(found, begins, ends, inner, weights)))
    return _likeliest(asked, read) if read else None


def _sums(weights: dict[str, float], rows: Sequence[Sequence[str]]) -> Scores:
    return np.array([sum(weights.get(name, 0.0) for name in row) for row in rows])


def _scored(found: Sequence[Token], begins: Scores, ends: Scores, inner: Scores, weights: dict[str, float]) -> Scores:
    """``(n, m)``: the score of each run of words by its first word and by how many more it has."""
    n = len(found)
    first = np.arange(n)[:, None]
    last = first + np.arange(min(_MAX_SPAN, n))[None]
    out = last >= n
    last = np.minimum(last, n - 1)
    through = np.concatenate([[0.0], np.cumsum(inner)])
    starts, stops = np.array([t.start for t in found]), np.array([t.end for t in found])
    by_length = np.array([weights.get(length(chars), 0.0) for chars in range(stops[-1] + 1)])
    scores: Scores = (
        begins[first] + ends[last] + through[last + 1] - through[first] + by_length[stops[last] - starts[first]]
    )
    sorts = [t.sort for t in found]
    out |= ~np.array([not s.startswith(".") or s in _BEGINS for s in sorts])[first]
    out |= ~np.array([not s.startswith(".") or s in _ENDS for s in sorts])[last]
    for marks in (_OPENS, _TITLES):
        depth = np.concatenate([[0], np.cumsum([marks.get(s, 0) for s in sorts])])
        out |= depth[last + 1] != depth[first]
    quotes = np.concatenate([[0], np.cumsum([s == ".quote" for s in sorts])])
    out |= (quotes[last + 1] - quotes[first]) % 2 == 1
    scores[out] = _WORST
    return scores


def _likeliest(asked: Sought, read: Sequence[tuple[Evidence, list[Token], Scores]]) -> Reading | None:
    """The candidate of the highest probability; where facts have no one natural length, that of the highest expected
    overlap (F1) with the true one, over the likeliest."""
    flat = np.concatenate([scores.ravel() for _, _, scores in read])
    top = flat.max()
    if top <= _WORST / 2:
        return None
    chances = np.exp(flat - top)
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")[:_RIVALS]
    bounds = np.cumsum([0, *(scores.size for _, _, scores in read)])
    which = np.searchsorted(bounds, order, side="right") - 1
    first, more = np.divmod(order - bounds[which], np.array([scores.shape[1] for _, _, scores in read])[which])
    begin = np.array([read[w][1][f].start for w, f in zip(which, first, strict=True)])
    stop = np.array(
        [read[w][1][min(f + m, len(read[w][1]) - 1)].end for w, f, m in zip(which, first, more, strict=True)]
    )
    best = 0
    if asked.sort in _LONG:
        shared = np.clip(np.minimum(stop[:, None], stop) - np.maximum(begin[:, None], begin), 0, None)
        shared = shared * (which[:, None] == which)
        overlap = 2 * shared / ((stop - begin)[:, None] + (stop - begin))
        best = int(np.argmax(overlap @ chances[order]))
    e = read[which[best]][0]
    start, end = e.fold.span(int(begin[best]), int(stop[best]))
    return Reading(
        asked,
        e,
        e.start + start,
        e.start + end,
        float(chances[order[best]]),
        float(chances[bounds[which[best]] : bounds[which[best] + 1]].sum()),
    )


def preferred(query: Query, evidence: Sequence[Evidence], reading: Reading | None) -> Sequence[Evidence]:
    """The evidence with the clause that the fact was read from first, where a question wants a bare fact."""
    if reading is None or not asks_fact(query, reading.sought) or query.kind not in _READ:
        return evidence
    if reading.evidence.coverage < evidence[0].coverage - _SLACK:
        return evidence
    return [reading.evidence, *(e for e in evidence if e is not reading.evidence)]


def with_fact(query: Query, draft: Draft, reading: Reading | None) -> Draft:
    """The draft with the fact read, where it asks for one and a quote is of the fact's clause; the quote is widened to
    hold the fact."""
    if reading is None or draft.items or draft.short is not None or not asks_fact(query, reading.sought):
        return draft
    if reading.sure < _SHOWN:
        return draft
    for at, quote in enumerate(draft.quotes):
        if quote.evidence is reading.evidence:
            held = replace(quote, start=min(quote.start, reading.start), end=max(quote.end, reading.end))
            quotes: tuple[Quote, ...] = (*draft.quotes[:at], held, *draft.quotes[at + 1 :])
            return replace(draft, quotes=quotes, short=(reading.start, reading.end, at), short_sure=reading.sure)
    return draft


def implied_noun(query: Query, draft: Draft | None, reading: Reading | None) -> str:
    """The noun behind the asking words (用什么**材料**砌成), where a fact was read that may be one; else "": evidence has
    青砖, and need not call it a material."""
    if reading is None or draft is None or draft.short is None or reading.sought.asked not in ("which", "what"):
        return ""
    if reading.sure < _READ_WELL:
        return ""
    at = query.folded.find(reading.sought.noun)
    return reading.sought.noun if reading.sought.start <= at < reading.sought.end else ""


def asks_fact(query: Query, asked: Sought) -> bool:
    """Whether a question wants a bare fact: not a comparison, a portrait, or what a thing is (什么是X, X是什么)."""
    if query.kind in ("compare", "profile"):
        return False
    return query.kind != "definition" or bool(asked.noun)


@lru_cache(maxsize=32)
def _weights(sort: str) -> dict[str, float]:
    """What each feature weighs for one type of answer: its weight for all of them and its own added up."""
    general, own = _table()
    mine = own.get(sort, {})
    return {name: general.get(name, 0.0) + mine.get(name, 0.0) for name in (*general, *mine)}


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """The weights: of every type of answer, and on top of them of one (``spans_weights.txt``: one a line, in thousandths).

    They were fitted to the tuning halves of CMRC2018 (trial) and DRCD (dev), 2,139 questions, and to 193 development
    questions over the bundled corpus, its source article and news, the four best clauses of each. The objective is the
    log of the expected F1 with the gold span, less an L2 penalty of 15 / 2 ‖w‖² in all (.3 of it for the weights of all
    types), by Adam over 14 rounds; features met in fewer than 25 questions (60 with their type) are left out, and weights
    under .02. On articles left out of the fit F1 is .51 (CMRC2018) and .57 (DRCD).
    """
    general: dict[str, float] = {}
    own: dict[str, dict[str, float]] = {}
    source = files("rag.answer").joinpath("spans_weights.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        name, _, value = line.rpartition(" ")
        if not name or line.startswith("# "):
            continue
        sort, slash, feature = name.partition("//")
        if slash:
            own.setdefault(sort, {})[feature] = int(value) / 1000
        else:
            general[name] = int(value) / 1000
    return general, own
