"""What a language model wrote → what may be said: each statement held against the sentences that it names.

A statement that its sentences carry leaves as it was written, and cites those of them that it needs. One that others carry is
given those. One that goes beyond its sentences is replaced by the quote itself, where that speaks of what was asked; one that
nothing carries is dropped. Nothing that has left is taken back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answer.cite import said_of
from rag.answer.draft import Quote
from rag.answer.numbered import Numbered, source_of
from rag.answer.statements import Claim, is_nothing, says_absent
from rag.answer.tied import holds_all, is_bare, is_confirmed, names_the_subject
from rag.entail import Source, Verdict, entailed
from rag.text.normalize import folded
from rag.text.words import Lexicon

Outcome = Literal["kept", "moved", "replaced", "dropped"]
_END = "。．.！!；; "
_REPEATS = 3  # of one statement: then the model goes in circles
CIRCLING, ABSENT = "circling", "absent"  # reasons: it is not read on; it says that the sentences do not answer


@dataclass(frozen=True, slots=True)
class Written:
    """A statement of the model and what became of it, for those who measure. It never leaves with an answer: what was not
    kept is not supported.

    ``text`` is what the model wrote, without its marks, ``named`` the sentences that it named; ``said`` is what left instead or
    unchanged ("" where nothing did), ``quotes`` what that cites, and ``reason`` what was wrong. The
    sections are the headings above each, with a table's header row last.
    """

    question: str
    text: str
    named: tuple[str, ...]
    outcome: Outcome
    reason: str = ""
    said: str = ""
    quotes: tuple[str, ...] = ()
    named_sections: tuple[tuple[str, ...], ...] = ()
    quote_sections: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What may be said for a statement: the model's ``text``, or where it is "" the first quote itself; nothing where there
    are no ``quotes``. ``repair`` is what was done to it, None where it stands as it was written."""

    quotes: tuple[Quote, ...] = ()
    text: str = ""
    repair: Literal["moved", "replaced", "dropped"] | None = None
    reason: str = ""


def checked(
    claims: Iterable[Claim],
    sentences: Numbered,
    lexicon: Lexicon,
    *,
    cut: Callable[[], bool],
    witness: Callable[[Claim, Checked], None] | None = None,
) -> Iterator[Checked]:
    """What may be said of a reply, statement by statement, as it is written.

    Args:
        cut: whether the reply ended before the model was done; asked when it has ended. witness: told of every statement.
    """
    written: Counter[str] = Counter()
    left: set[str] = set()
    for claim in claims:
        plain = folded(claim.text)
        written[plain] += 1
        if written[plain] > 1:
            made = Checked(repair="dropped", reason=CIRCLING if written[plain] > _REPEATS else "repeated")
        elif is_nothing(claim.text):
            made = Checked(repair="dropped", reason=ABSENT)
        elif not claim.whole and cut():
            made = Checked(repair="dropped", reason="unfinished")
        else:
            made = check(claim, sentences, lexicon)
            if not made.text and says_absent(claim.text):
                made = Checked(repair="dropped", reason=ABSENT)  # no statement of theirs, unless they say it
            words = (made.text and plain) or (folded(said_of(made.quotes[0])) if made.quotes else "")
            if words and not made.text and any(words in other or other in words for other in left):
                made = Checked(repair="dropped", reason=made.reason)  # what the quote says has been said
            elif words:
                left.add(words)
        if witness is not None:
            witness(claim, made)
        yield made
        if made.reason == CIRCLING:
            return


def check(claim: Claim, sentences: Numbered, lexicon: Lexicon) -> Checked:
    """What may be said for one statement."""
    named = sentences.places(claim.named)
    bare = is_bare(claim.text, lexicon)
    everywhere = [at for at in range(len(sentences.evidence)) if not bare or sentences.is_drafted(at)]
    reasons: list[str] = []
    for places in (named, everywhere):
        verdict = _carried(claim.text, sentences, places, lexicon)
        rests_on = [places[at] for at in verdict.rests_on]
        if not rests_on:
            reasons.append(verdict.reason)
        elif not _answers(claim.text, bare, sentences, rests_on):
            reasons.append("subject")
        else:
            quotes = tuple(_quote(claim.text, sentences, at, lexicon) for at in rests_on)
            if places is named:
                return Checked(quotes, claim.text)
            return Checked(quotes, claim.text, "moved", "misnamed" if named else "unnamed")
    reason = reasons[0 if named else 1]
    for at in named:
        if _to_the_point(sentences, at):
            return Checked((sentences.quote(at),), "", "replaced", reason)
    return Checked(repair="dropped", reason=reason)


def _answers(text: str, bare: bool, sentences: Numbered, rests_on: Sequence[int]) -> bool:
    """Whether a statement that is carried has to do with the question: it says what it is about, or its sentences do. One that
    is bare could be of anything, so the extractive answer has to say it too."""
    if bare:
        return is_confirmed(text, sentences)
    if not sentences.asked:
        return all(sentences.is_drafted(at) for at in rests_on)
    if names_the_subject(text, sentences):
        return True
    return all(not set(sentences.about) <= set(sentences.evidence[at].missing) for at in rests_on)


def _carried(text: str, sentences: Numbered, places: list[int], lexicon: Lexicon) -> Verdict:
    """Whether the sentences at ``places`` carry a statement; ``rests_on`` counts in ``places``. A table's row repeated as it was
    shown, and a bare statement that is found in a sentence, need no reading."""
    plain = folded(text)
    for n, at in enumerate(places):
        if sentences.evidence[at].unit.kind == "row" and plain == folded(sentences.shown_at(at).rstrip(_END)):
            return Verdict((n,))
    if not places:
        return Verdict((), "unnamed")
    if is_bare(text, lexicon):
        found = [n for n, at in enumerate(places) if holds_all(text, sentences.sources[at].text)]
        return Verdict(tuple(found[:1]), "" if found else "word")
    return entailed(text, [sentences.sources[at] for at in places], lexicon)


def _quote(text: str, sentences: Numbered, at: int, lexicon: Lexicon) -> Quote:
    """The fewest words of a sentence that carry a statement: those that the extractive answer quotes, the clause, or all."""
    *shorter, whole = sentences.quotes(at)
    source = sentences.sources[at]
    bare = is_bare(text, lexicon)
    for quote in shorter:
        if quote.text == source.text:
            return quote
        shorter_source = replace(source, text=quote.text)
        if holds_all(text, quote.text) if bare else entailed(text, [shorter_source], lexicon).supported:
            return quote
    return whole


def _to_the_point(sentences: Numbered, at: int) -> bool:
    """Whether a sentence answers on its own: the extractive answer quotes it, or it leaves out nothing that was asked."""
    e = sentences.evidence[at]
    return sentences.is_drafted(at) or (bool(sentences.asked) and not any(t in e.missing for t in sentences.asked))


def written(question: str, claim: Claim, made: Checked, sentences: Numbered) -> Written:
    """The record of a statement and what became of it."""
    named = [sentences.sources[at] for at in sentences.places(claim.named)]
    return Written(
        question=question,
        text=claim.text,
        named=tuple(source.text for source in named),
        outcome=made.repair or "kept",
        reason=made.reason,
        said=made.text or (said_of(made.quotes[0]) if made.quotes else ""),
        quotes=tuple(quote.text for quote in made.quotes),
        named_sections=tuple(_above(source) for source in named),
        quote_sections=tuple(_above(source_of(quote.evidence)) for quote in made.quotes),
    )


def _above(source: Source) -> tuple[str, ...]:
    return (*source.section, source.header) if source.header else source.section
