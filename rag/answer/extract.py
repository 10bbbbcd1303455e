"""The answer made of the material's own statements: which clauses are said, and in what order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer.compare import draft_comparison
from rag.answer.draft import Draft, Quote, whole
from rag.answer.evidence import LEANS, Evidence
from rag.answer.facts import draft_fact
from rag.answer.lists import draft_list
from rag.answer.noun_phrases import topic
from rag.answer.profile import draft_profile
from rag.answer.rows import columns_of
from rag.retrieve.query import HEAVY, LIGHT, Query, Term
from rag.text.match import coverage
from rag.text.normalize import fold, folded
from rag.text.words import Lexicon

_AT_MOST = {"compare": 4, "reason": 2}  # clauses, where one does not speak of all that is asked
_DEFINES, _NEAR = 0.9, 0.15
_NAMED = 0.8
_POINTS = re.compile(r"其(?!中|他|它|余|次|实)|该|它")
_PARTS = re.compile(r"[与和及、:,/() -]")


def extract(query: Query, evidence: Sequence[Evidence], lexicon: Lexicon | None = None) -> Draft | None:
    """What the answer will say, or None where there is no evidence at all.

    Args:
        evidence: clauses, best first. lexicon: the material's words; without it, the dictionary's alone.
    """
    if not evidence:
        return None
    lexicon = lexicon or Lexicon()
    drafted = _draft(query, evidence, lexicon)
    return replace(drafted, quotes=tuple(_labelled(query, quote, lexicon) for quote in drafted.quotes))


def _draft(query: Query, evidence: Sequence[Evidence], lexicon: Lexicon) -> Draft:
    drafted: Draft | None = None
    if query.kind == "list":
        drafted = draft_list(query, evidence)
    elif query.kind in ("number", "date"):
        drafted = draft_fact(query, evidence)
    elif query.kind == "profile":
        drafted = draft_profile(query, evidence, lexicon)
    elif query.kind == "compare":
        drafted = draft_comparison(query, evidence)
    elif query.kind == "definition":
        drafted = _define(evidence)
    return drafted or _cover(query, evidence, at_most=_AT_MOST.get(query.kind, 1))


def _labelled(query: Query, quote: Quote, lexicon: Lexicon) -> Quote:
    """The quote with what names the thing asked about where its own words do not: what a pronoun at its beginning stands
    for, else the nearest heading that says it."""
    section = quote.evidence.hit.passage.section
    text = folded(f"{quote.text} {' '.join(columns_of(quote)) if quote.evidence.unit.kind == 'row' else ''}")
    if meant := _meant(query, quote.evidence):
        return replace(quote, label=meant)
    for term in query.terms:
        if term.weight >= HEAVY and coverage(term.text, text, term.others) < _NAMED:
            for heading in reversed(section):
                if coverage(term.text, folded(heading), term.others) >= _NAMED:
                    return replace(quote, label=heading)
    pointed = quote.evidence.before is not None and _POINTS.match(text)  # what it points to is cited before it
    if (
        section
        and quote.evidence.unit.kind == "sentence"
        and not pointed
        and LEANS.match(text)
        and folded(section[-1]) not in text
    ):
        return replace(quote, label=section[-1])  # its subject is the heading
    if (
        query.kind == "profile"
        and section
        and not _says_heading(topic(folded(section[-1]), lexicon) or section[-1], text)
    ):
        return replace(quote, label=section[-1])
    return quote


def _meant(query: Query, e: Evidence) -> str:
    """The name asked about, as the clause before has it, where this one begins with 其, 该 or 它 and does not say it."""
    if e.before is None or not _POINTS.match(e.fold.text):
        return ""
    before = e.hit.passage.words(*e.before)
    plain = fold(before)
    spans = sorted(
        (at, at + len(term.text))
        for term in query.terms
        if term.weight > LIGHT and term.text not in e.fold.text and (at := plain.text.find(term.text)) >= 0
    )
    if not spans:
        return ""
    start, end = spans[0]
    for s, t in spans[1:]:  # a name may be cut into several words
        end = max(end, t) if s <= end else end
    start, end = plain.span(start, end)
    return before[start:end]


def _says_heading(heading: str, text: str) -> bool:
    """Whether a folded text says a heading, or one of the things that it is made up of (甲与乙), itself."""
    parts = [part for part in _PARTS.split(folded(heading)) if len(part) > 1]
    return any(coverage(part, text) >= _NAMED for part in parts)


def _define(evidence: Sequence[Evidence]) -> Draft | None:
    """The defining clauses of the place that defines best: the first there, and one more of the same section."""
    defining = [e for e in evidence if e.kind >= _DEFINES and e.score >= evidence[0].score - _NEAR]
    if not defining:
        return None
    section = defining[0].hit.passage.section
    there = sorted((e for e in defining if e.hit.passage.section == section), key=lambda e: e.start)
    return Draft(tuple(whole(e) for e in there[:1]))


def _cover(query: Query, evidence: Sequence[Evidence], *, at_most: int) -> Draft:
    """The best clause, and more only while they speak of heavy terms that the ones before left out."""
    chosen = [evidence[0]]
    left = [term for term in query.terms if term.weight >= HEAVY and not _speaks(evidence[0], term)]
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
