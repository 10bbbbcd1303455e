"""The answer made of the material's own statements: which clauses are said, and in what order."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer.draft import Draft, whole
from rag.answer.evidence import Evidence
from rag.answer.facts import draft_fact
from rag.answer.lists import draft_list
from rag.retrieve.query import Query, Term
from rag.text.match import coverage

_HEAVY = 0.3  # a term of this weight names something; lighter ones qualify
_MAX_PROFILE = 12
_MAX_PER_SECTION = 2
_MAX_COMPARE = 4


def extract(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """What the answer will say, or None where there is no evidence at all.

    Args:
        evidence: clauses, best first.
    """
    if not evidence:
        return None
    if query.kind == "list" and (drafted := draft_list(query, evidence)):
        return drafted
    if query.kind in ("number", "date") and (drafted := draft_fact(query, evidence)):
        return drafted
    if query.kind == "profile":
        return _profile(query, evidence)
    return _cover(query, evidence, at_most=_MAX_COMPARE if query.kind == "compare" else 2)


def _cover(query: Query, evidence: Sequence[Evidence], *, at_most: int) -> Draft:
    """The best clause, and more only while they speak of heavy terms that the ones before left out."""
    chosen = [evidence[0]]
    left = [term for term in query.terms if term.weight >= _HEAVY and not _speaks(evidence[0], term)]
    while left and len(chosen) < at_most:
        rest = [e for e in evidence if e not in chosen and any(_speaks(e, term) for term in left)]
        if not rest:
            break
        best = max(rest, key=lambda e: (sum(_speaks(e, term) for term in left), e.score))
        chosen.append(best)
        left = [term for term in left if not _speaks(best, term)]
    return Draft(tuple(whole(e) for e in chosen))


def _speaks(e: Evidence, term: Term) -> bool:
    return coverage(term.text, e.fold.text, term.others) >= 0.8 or coverage(term.text, e.section, term.others) >= 0.8


def subject(query: Query) -> Term | None:
    """The name that a profile question is about: the first heavy term of the question."""
    return next((term for term in query.terms if term.weight >= _HEAVY), None)


def _profile(query: Query, evidence: Sequence[Evidence]) -> Draft:
    """What the material says of one name: the clauses that speak of it, the best of each section, in reading order."""
    focus = subject(query)
    if focus is None:
        return _cover(query, evidence, at_most=2)
    told: dict[tuple[str, ...], int] = {}
    chosen: list[Evidence] = []
    for e in evidence:
        place = (e.hit.document.id, *e.hit.passage.section)
        if coverage(focus.text, e.fold.text, focus.others) >= 0.8 and told.get(place, 0) < _MAX_PER_SECTION:
            told[place] = told.get(place, 0) + 1
            chosen.append(e)
    chosen = sorted(chosen[:_MAX_PROFILE], key=lambda e: (e.hit.document.id, e.start))
    return Draft(tuple(whole(e) for e in chosen)) if chosen else _cover(query, evidence, at_most=1)
