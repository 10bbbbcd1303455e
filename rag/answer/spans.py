"""The bare fact that a question asks for, read out of the clauses that answer best.

Every run of words in those clauses is a candidate. A log-linear model scores it as a sum of what speaks for its first
word, for its last, for each word in it, for its length and for its clause (:mod:`rag.answer.spans_features`), so that
all candidates are scored at once; the same sum says which clause it is best read from. It is the model that Rajpurkar
et al. give as their baseline ("SQuAD", EMNLP 2016) over features of Chinese: no words but function words are among them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.answer.draft import Draft, Quote
from rag.answer.evidence import Evidence
from rag.answer.spans_candidates import NOT_ALLOWED, Candidates, Scores, candidates
from rag.answer.spans_sought import Sought, sought
from rag.answer.spans_weights import fitted_for
from rag.retrieve.query import Query
from rag.text.words import Lexicon

_SLACK = 0.2  # how much less of the question it may speak of and still be said first
# What no fact begins or ends with: it was cut in the middle of something.
_FRAGMENT = re.compile(r"^(?:的|地|得|对|被|把|即|而|则|并|也|只|能够|是)|(?:的|和|与|及|或)$")
_SHOWN = 0.05  # probability below which a fact read is no answer: half of those are not even near
_READ_WELL = 0.1  # probability of a fact that may stand for its noun
_RIVALS = 40  # candidates that are weighed against one another
_READ = ("name", "open", "reason", "list", "definition", "number", "date")
_LONG = ("what", "list", "reason", "manner", "name", "yesno")  # sorts whose facts have no one natural length


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
    return likeliest(asked, candidates(query, asked, evidence, lexicon), fitted_for(asked.sort))


def likeliest(asked: Sought, found: Sequence[Candidates], weights: Mapping[str, float]) -> Reading | None:
    """The candidate of the highest probability; where facts have no one natural length, that of the highest expected
    overlap (F1) with the true one, over the likeliest. None where there is none.

    Args:
        weights: of the type of answer sought.
    """
    return _picked(asked, [(one, one.scores(weights)) for one in found]) if found else None


def _picked(asked: Sought, read: Sequence[tuple[Candidates, Scores]]) -> Reading | None:
    flat = np.concatenate([scores.ravel() for _, scores in read])
    top = flat.max()
    if top <= NOT_ALLOWED:
        return None
    chances = np.exp(flat - top)
    chances /= chances.sum()
    order = np.argsort(-chances, kind="stable")[:_RIVALS]
    bounds = np.cumsum([0, *(scores.size for _, scores in read)])
    which = np.searchsorted(bounds, order, side="right") - 1
    first, more = np.divmod(order - bounds[which], np.array([scores.shape[1] for _, scores in read])[which])
    runs = [(read[w][0].found, f, f + m) for w, f, m in zip(which, first, more, strict=True)]
    begin = np.array([words[f].start for words, f, _ in runs])
    stop = np.array([words[min(last, len(words) - 1)].end for words, _, last in runs])
    best = 0
    if asked.sort in _LONG:
        shared = np.clip(np.minimum(stop[:, None], stop) - np.maximum(begin[:, None], begin), 0, None)
        shared = shared * (which[:, None] == which)
        overlap = 2 * shared / ((stop - begin)[:, None] + (stop - begin))
        best = int(np.argmax(overlap @ chances[order]))
    clause = which[best]
    one = read[clause][0]
    start, end = one.span(int(first[best]), int(first[best] + more[best]))
    in_clause = chances[bounds[clause] : bounds[clause + 1]].sum()
    return Reading(asked, one.evidence, start, end, float(chances[order[best]]), float(in_clause))


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
    if reading.sure < _SHOWN or _FRAGMENT.search(reading.evidence.hit.passage.words(reading.start, reading.end)):
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
