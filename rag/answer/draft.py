"""A draft: what the answer will say and quote, before it is numbered and written out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer.evidence import Evidence

_MARKS = "，,、：:；;"


@dataclass(frozen=True, slots=True, eq=False)
class Quote:
    """Exact words that will be quoted: ``[start, end)`` of the stored text, inside the evidence's clause.

    ``label`` is the heading that names what the words are about, where they do not name it themselves. ``said`` are the
    spans of it that the statement says, in order; where there are none, it says all of it. ``account`` names the document,
    where others say otherwise.
    """

    evidence: Evidence
    start: int
    end: int
    label: str = ""
    said: tuple[tuple[int, int], ...] = ()
    account: str = ""

    @property
    def clause(self) -> tuple[str, int, int]:
        """The clause that the words stand in: document, start, end."""
        return self.evidence.hit.document.id, self.evidence.start, self.evidence.end

    @property
    def text(self) -> str:
        """The words, as stored."""
        return self.evidence.hit.passage.words(self.start, self.end)

    @property
    def said_text(self) -> str:
        """The words that the statement says: a subsequence of ``text``."""
        return "".join(self.evidence.hit.passage.words(*span) for span in self.said) if self.said else self.text


@dataclass(frozen=True, slots=True)
class Summary:
    """A statement that no single quote says, computed from several. ``pieces`` are its words in order, each with the
    places in the draft's ``quotes`` of those behind it; ``items`` are the places of the pieces that are items of the list
    asked for."""

    pieces: tuple[tuple[str, tuple[int, ...]], ...]
    items: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Quotes in the order in which they will be said; each makes a statement.

    ``items`` are names with the place in ``quotes`` of the quote that lists them; ``short`` is the bare fact's span and
    the place of its quote, ``short_sure`` how likely it is just that, in [0, 1]. ``summaries`` are said before the
    quotes, and ``silent`` are the places of quotes that only stand behind them. ``disagreeing`` says that the quotes are of
    documents that contradict one another.
    """

    quotes: tuple[Quote, ...]
    items: tuple[tuple[str, int], ...] = ()
    short: tuple[int, int, int] | None = None
    summaries: tuple[Summary, ...] = ()
    silent: frozenset[int] = frozenset()
    short_sure: float = 1.0
    disagreeing: bool = False

    @property
    def best(self) -> Evidence:
        """The best clause that is quoted; there has to be one."""
        return max((quote.evidence for quote in self.quotes), key=lambda e: e.score)


def whole(evidence: Evidence) -> Quote:
    """The evidence's clause as a quote."""
    return Quote(evidence, evidence.start, evidence.end)


def join(drafts: Sequence[Draft]) -> Draft:
    """Drafts of a question's parts, said one after the other, a clause once with all that is said of it; the bare fact is
    that of a single draft."""
    if len(drafts) == 1:
        return drafts[0]
    places: dict[tuple[str, int, int], int] = {}  # of each clause among the quotes
    quotes: list[Quote] = []
    items: list[tuple[str, int]] = []
    summaries: list[Summary] = []
    said: set[int] = set()
    for draft in drafts:
        for quote in draft.quotes:
            if quote.clause in places:
                quotes[places[quote.clause]] = _united(quotes[places[quote.clause]], quote)
            else:
                places[quote.clause] = len(quotes)
                quotes.append(quote)
        now = [places[quote.clause] for quote in draft.quotes]
        said.update(place for at, place in enumerate(now) if at not in draft.silent)
        items.extend((name, now[at]) for name, at in draft.items)
        summaries.extend(
            Summary(tuple((words, tuple(now[at] for at in behind)) for words, behind in summary.pieces), summary.items)
            for summary in draft.summaries
        )
    silent = frozenset(range(len(quotes))) - said
    disagreeing = any(draft.disagreeing for draft in drafts)
    return Draft(
        tuple(quotes), _first_of_each(items), summaries=tuple(summaries), silent=silent, disagreeing=disagreeing
    )


def _united(one: Quote, other: Quote) -> Quote:
    """One quote that says what two of the same clause do."""
    start, end = min(one.start, other.start), max(one.end, other.end)
    if not (one.said and other.said):
        return replace(one, start=start, end=end, said=())
    said: list[tuple[int, int]] = []
    words = one.evidence.hit.passage.words
    for s, e in sorted((*one.said, *other.said)):
        if said and s <= said[-1][1]:
            said[-1] = (said[-1][0], max(e, said[-1][1]))
            continue
        if said and words(said[-1][1] - 1, said[-1][1]) not in _MARKS and words(said[-1][1], said[-1][1] + 1) in _MARKS:
            said[-1] = (said[-1][0], said[-1][1] + 1)  # what parts it from the next
        said.append((s, e))
    return replace(one, start=start, end=end, said=tuple(said))


def _first_of_each(items: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    first: dict[str, int] = {}
    for name, at in items:
        first.setdefault(name, at)
    return tuple(first.items())
