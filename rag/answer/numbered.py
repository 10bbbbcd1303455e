"""The sentences that a language model is given: the evidence, chosen within a bound and numbered.

A number means the same sentence whatever the ranking was: they stand in the order of their documents and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer.consider import Considered
from rag.answer.draft import Draft, Quote, whole
from rag.answer.evidence import LEANS, Evidence, from_its_sentence
from rag.answer.rows import said_row
from rag.entail import Source, is_instruction
from rag.retrieve.query import LIGHT, Query, Term
from rag.text.marks import without_marks

_NEAR = 0.6
_MOST = 0.8
_ASKS = re.compile(r"[？?]|(?:吗|是不是|能不能|有没有)[^。]*$")


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """Sentence ``n`` is ``evidence[n - 1]``. ``sources`` are the same as they are held against a statement, ``drafted`` the
    quotes of the extractive answer by the clause that they stand in, ``given`` what it gives by name: the items of a list
    or the bare fact; nothing where a question has several parts. ``asked`` are the terms that say what the question
    is about, ``about`` the heaviest of each part: what does not speak of any of them is off the point."""

    evidence: tuple[Evidence, ...]
    sources: tuple[Source, ...]
    drafted: dict[tuple[str, int, int], Quote]
    given: tuple[str, ...] = ()
    asked: tuple[Term, ...] = ()
    about: tuple[Term, ...] = ()

    def shown(self) -> list[tuple[tuple[str, ...], str]]:
        """Each sentence as the model reads it, under the headings above it."""
        return [(tuple(dict.fromkeys(_headings(e))), _shown(e)) for e in self.evidence]

    def places(self, numbers: Iterable[int]) -> list[int]:
        """The places of the sentences with these numbers; a number that none has is left out."""
        return [number - 1 for number in numbers if 0 < number <= len(self.evidence)]

    def shown_at(self, at: int) -> str:
        """The sentence at a place as the model reads it."""
        return _shown(self.evidence[at])

    def quote(self, at: int) -> Quote:
        """What is quoted of the sentence at a place: what the extractive answer quotes of it, else all of it."""
        e = self.evidence[at]
        return self.drafted.get(_place(e)) or whole(e)

    def quotes(self, at: int) -> tuple[Quote, ...]:
        """What may be quoted of it, shortest first; the last is all that its source holds."""
        e = self.evidence[at]
        return (self.quote(at), whole(e), Quote(e, min(e.start, e.unit.start), e.end))

    def is_drafted(self, at: int) -> bool:
        """Whether the extractive answer quotes it."""
        return _place(self.evidence[at]) in self.drafted


def numbered(parts: Sequence[Considered], most: int) -> Numbered:
    """The sentences for the parts of a question that have an answer: those that the extractive answer quotes, then the next
    best of each part in turn, each with the clause that it leans on.

    What reads as an instruction to whoever answers is left out, and what asks: it states nothing.

    Args:
        most: characters, counting the sentences alone; what the extractive answer quotes is there in any case.
    """
    known = {_place(e): e for part in parts for e in part.evidence}
    drafted = {
        quote.clause: quote
        for part in parts
        if part.draft is not None
        for quote in part.draft.quotes
        if not quote.account
    }
    chosen: dict[tuple[str, int, int], Evidence] = {}
    left = most

    def take(e: Evidence, *, always: bool = False) -> None:
        nonlocal left
        there = [e, *_leant_on(e, known)]
        new = [one for one in there if _place(one) not in chosen and _states(one.text)]
        size = sum(len(one.text) for one in new)
        if always or size <= left:
            left -= size
            chosen.update((_place(one), one) for one in new)

    for part in parts:
        for quote in part.draft.quotes if part.draft is not None else ():
            take(quote.evidence, always=True)
    for e in _in_turn([_relevant(part.evidence) for part in parts]):
        if left <= 0:
            break
        take(e)
    evidence = tuple(sorted(chosen.values(), key=lambda e: (e.hit.document.id, e.start)))
    return Numbered(
        evidence,
        tuple(source_of(e) for e in evidence),
        drafted,
        _given(parts[0].draft) if len(parts) == 1 and parts[0].draft is not None else (),
        tuple(term for part in parts for term in _naming(part.query)),
        tuple(term for part in parts for term in _heaviest(part.query)),
    )


def _naming(query: Query) -> Sequence[Term]:
    """What a question is about: its heavy terms; where the material is so small that none is, all that name something."""
    return query.heavy or [term for term in query.terms if term.weight > LIGHT]


def _heaviest(query: Query) -> list[Term]:
    named = _naming(query)
    most = max((term.weight for term in named), default=0.0)
    return [term for term in named if term.weight >= _MOST * most]


def _given(draft: Draft) -> tuple[str, ...]:
    """What a bare statement may consist of."""
    if draft.short is None or draft.items:
        return tuple(name for name, _ in draft.items)
    start, end, at = draft.short
    return (draft.quotes[at].evidence.hit.passage.words(start, end),)


def _relevant(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The clauses, best first, that are not far behind the best."""
    return [e for e in evidence if e.score >= _NEAR * evidence[0].score]


def _states(text: str) -> bool:
    return not (_ASKS.search(text) or is_instruction(text))


def _place(e: Evidence) -> tuple[str, int, int]:
    return e.hit.document.id, e.start, e.end


def _leant_on(e: Evidence, known: dict[tuple[str, int, int], Evidence]) -> list[Evidence]:
    """The clause before one that begins with 其, 该 …, where it is known."""
    if e.before is None or not LEANS.match(e.fold.text):
        return []
    before = known.get((e.hit.document.id, *e.before))
    return [before] if before is not None else []


def _in_turn(ranked: Sequence[Sequence[Evidence]]) -> Iterable[Evidence]:
    """The best of each, then the second of each, and so on."""
    for at in range(max(map(len, ranked), default=0)):
        yield from (evidence[at] for evidence in ranked if at < len(evidence))


def _shown(e: Evidence) -> str:
    text = said_row(whole(e)) if e.unit.kind == "row" else e.text
    return without_marks(text)


def source_of(e: Evidence) -> Source:
    """A sentence as statements are held against it: a clause behind a semicolon with what stands before it there, which may
    say what it is about."""
    passage = e.hit.passage
    header = ""
    if e.unit.context is not None and e.unit.context[0] >= passage.start:
        header = passage.words(*e.unit.context)
    before = passage.words(*from_its_sentence(e)) if e.before is not None and LEANS.match(e.fold.text) else ""
    text = passage.words(e.unit.start, e.end) if e.unit.kind == "sentence" else e.text
    return Source(text, tuple(_headings(e)), header, before)


def _headings(e: Evidence) -> list[str]:
    """The headings above a sentence, the document's title first, without those that read as an instruction."""
    return [heading for heading in (e.hit.document.title, *e.hit.passage.section) if not is_instruction(heading)]
