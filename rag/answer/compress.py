"""What is said of a quote: less of its words, never others.

Extractive compression: whole pieces of the clause are left out (:mod:`rag.answer.pieces`), bracketed additions, and
of a list that names what is asked about, the other names. What stays stands in its order, so that it is a subsequence
of the quote; what it depends on stays with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from rag.answer.draft import Draft, Quote
from rag.answer.other_predicates import other_predicate
from rag.answer.pick_out import other_names
from rag.answer.pieces import Piece, closed, is_aside, pieces
from rag.answer.rows import asked_cells
from rag.answer.wants import numbers_in
from rag.retrieve.query import HEAVY, LIGHT, Query, Term
from rag.text.normalize import Folded, fold, folded
from rag.text.words import Lexicon

Span = tuple[int, int]

_BRACKETED = re.compile(r"\([^()]*\)")
_TITLE = re.compile(r"《[^》]*》|\"[^\"]*\"|「[^」]*」")
_KEPT_IN_BRACKETS = re.compile(
    r"不|未|无|没|非|疑|约|预计|估计|可能|或|除|仅|只|若|如(?!上|图|下)|含|超|截至|下同|单位|原文"
)
_FIRST = re.compile(r"^(?:此外|另外|同时|其中|目前|当前|例如|比如|而且|并且|其次|首先)(?!为止|期|性|间)")
_WHOLE_UP_TO = 40  # characters: a clause that is no longer is quoted whole
_WHOLE = ("reason", "compare", "list")  # kinds whose every piece may be a part of the answer
_TELLS = 0.05  # a term of this weight tells one piece from the next
_SEVERAL = re.compile(r"各|分别|同时|又|以及|(?:几|多少).*(?:几|多少)|(?:谁|哪|什么|怎么).*(?:谁|哪|什么|多少|几)")
_ASKS_SOURCE = re.compile(r"报告|数据|统计|来源|出自|出处|报道|谁说|谁的说法|依据|公布|发布|report|source")
_CENTRAL = 0.2  # probability from which a fact decides which pieces are said
_ENOUGH = 24  # characters that a definition has at least
_NEW = 2  # characters that a statement has to bring beyond the question's own words


def compressed(query: Query, draft: Draft, lexicon: Lexicon) -> Draft:
    """The draft with each quote cut to what answers, and its ``said`` set: the spans of it that the statement says."""
    quotes: list[Quote] = []
    kept: tuple[int, int, int] | None = None
    for at, quote in enumerate(draft.quotes):
        if at and query.kind == "reason" and quote.evidence.kind < 1:
            continue  # it speaks of a word that the first leaves out, and gives no reason
        names = [folded(name) for name, of in draft.items if of == at]
        short = draft.short[:2] if draft.short is not None and draft.short[2] == at else None
        centre = short if draft.short_sure >= _CENTRAL else None
        quotes.append(_compressed(query, quote, names, centre, lexicon))
        if short is not None and quotes[-1].start <= short[0] and short[1] <= quotes[-1].end:
            kept = (*short, len(quotes) - 1)  # a doubtful fact that what answers leaves out is none
    return replace(draft, quotes=tuple(quotes), short=kept)


def _compressed(query: Query, quote: Quote, names: Sequence[str], short: Span | None, lexicon: Lexicon) -> Quote:
    if quote.evidence.unit.kind == "row":
        return replace(quote, said=tuple(_cells(query, quote, names, short)))
    if quote.evidence.unit.kind == "code":
        return quote
    fold_ = fold(quote.text)
    fact = _inside(fold_, (short[0] - quote.start, short[1] - quote.start)) if short else None
    spans = [fold_.span(*span) for span in said(query, fold_.text, names, fact, lexicon)]
    stored = tuple((quote.start + s, quote.start + e) for s, e in spans)
    start, end = _narrowed(quote, fold_, spans, lexicon)
    return replace(quote, said=stored, start=start, end=end)


def _cells(query: Query, quote: Quote, names: Sequence[str], short: Span | None) -> list[Span]:
    """The cells of a row that are said."""
    words = [*names, *(word for term in query.terms if term.weight > LIGHT for word in (term.text, *term.others))]
    if short is not None:
        words.append(folded(quote.evidence.hit.passage.words(*short)))
    return asked_cells(quote, words) if query.kind not in _WHOLE or names else []


def _narrowed(quote: Quote, fold_: Folded, spans: Sequence[Span], lexicon: Lexicon) -> Span:
    """Where the quote begins and ends: around what is said, with what leads in; a short clause is quoted whole."""
    if len(fold_.text) <= _WHOLE_UP_TO:
        return quote.start, quote.end
    found = pieces(fold_.text, lexicon)
    places = [fold_.span(p.start, p.end) for p in found]
    first = max(at for at, place in enumerate(places) if place[0] <= spans[0][0])
    last = min(at for at, place in enumerate(places) if place[1] >= spans[-1][1])
    while first > 0 and found[first - 1].leads:
        first -= 1
    start = quote.start + places[first][0] if first else quote.start
    end = quote.start + places[last][1] if last + 1 < len(found) else quote.end
    return start, end


def _inside(fold_: Folded, span: Span) -> Span | None:
    """A span of the original on the folded text."""
    places = [at for at, origin in enumerate(fold_.offsets) if span[0] <= origin < span[1]]
    return (places[0], places[-1] + 1) if places else None


def said(query: Query, text: str, names: Sequence[str], fact: Span | None, lexicon: Lexicon) -> list[Span]:
    """The spans of a folded clause that are said, in order.

    Args:
        names: of the list that it gives, folded. fact: the span of the bare fact in it.
    """
    found = pieces(text, lexicon)
    wanted = _wanted(query, text, found, names, fact)
    kept = closed(text, found, wanted)
    if query.kind == "profile":  # where it does what it does
        kept = sorted(
            {*kept, *(at - 1 for at in kept if at and found[at - 1].leads and not is_aside(found[at - 1].text))}
        )
    if not _brings_news(query, "".join(found[at].text for at in kept)):
        kept = list(range(len(found)))
    spans = []
    for place, at in enumerate(kept):
        last = place == len(kept) - 1
        spans.append((found[at].start, found[at].end if last else found[at].mark))
    if spans and (lead := _FIRST.match(text[spans[0][0] : spans[0][1]].rstrip(",:"))):
        start = spans[0][0] + lead.end()
        if lexicon.words(text[spans[0][0] :])[0][0] == lead.group() and text[start : start + 1] not in ",:":
            spans[0] = (start, spans[0][1])
    gone = [] if names else other_names(query, text, fact, lexicon)
    if (
        fact is not None
        and query.kind in ("number", "date")
        and (span := other_predicate(query, text, found, kept, fact, lexicon))
    ):
        gone.append(span)
    gone += _additions(query, text, names, fact)
    return _without(spans, gone)


def _wanted(query: Query, text: str, found: Sequence[Piece], names: Sequence[str], fact: Span | None) -> set[int]:
    """The pieces that answer: with the names, with the fact and what it is about, or that speak of the question."""
    if names:
        at_names = {at for name in names for at in _holding(found, text.find(name))}
        if at_names:
            kept = set(range(min(at_names), max(at_names) + 1))
            return kept | _named_before(query, text, found, kept)
    asked = [t for t in query.terms if t.weight > LIGHT or (t.weight > _TELLS and len(t.text) > 1)]
    terms = [term for term in asked if term.spans(text)]
    speaking = {at: {t for t in terms if _speaks(t, text, text[p.start : p.end])} for at, p in enumerate(found)}
    everything = set(range(len(found)))
    idle = _idle(query, found, speaking)
    most = {
        at for at, p in enumerate(found) if "最" in p.text and "最" in query.folded
    }  # no term says that it is asked
    if query.kind == "definition" and terms and not _SEVERAL.search(query.folded):
        return _defining(found, speaking, idle) | most
    if query.kind in _WHOLE or len(asked) < 2 or not terms or _SEVERAL.search(query.folded):
        return everything - idle
    if fact is not None:
        return _around_fact(found, speaking, fact) | most
    chosen = _telling(speaking, idle) | most
    if query.kind == "open":  # nothing says what of the thing is asked for
        chosen |= {at for at, told in speaking.items() if at not in idle and any(t.name for t in told)}
    for at in sorted(chosen):  # what goes on with the same subject
        follows = at + 1
        while query.kind != "name" and follows < len(found) and found[follows].bare:
            chosen.add(follows)
            follows += 1
    return chosen or everything


def _named_before(query: Query, text: str, found: Sequence[Piece], kept: Set[int]) -> set[int]:
    """The piece before a list that says what it is a list of (在阀门环节，厂商有…), where the list's own does not."""
    here = "".join(found[at].text for at in kept)
    heavy = [term for term in query.terms if term.weight >= HEAVY]
    if not heavy or any(term.spans(here) for term in heavy):
        return set()
    before = [at for at in range(min(kept)) if any(term.spans(found[at].text) for term in heavy)]
    return set(before[-1:])


def _speaks(term: Term, text: str, piece: str) -> bool:
    """Whether a piece of a text speaks of a term: in the very word, where any piece does."""
    return term.text in piece if term.text in text else bool(term.spans(piece))


def _telling(speaking: Mapping[int, Set[Term]], idle: Set[int]) -> set[int]:
    """The fewest pieces that together speak of every term spoken of: those that speak of the most first."""
    chosen: set[int] = set()
    left = set().union(*speaking.values())
    while left:
        best = max(speaking, key=lambda at: (sum(t.weight for t in speaking[at] & left), at not in idle, -at))
        chosen.add(best)
        left -= speaking[best]
    return chosen


def _defining(found: Sequence[Piece], speaking: Mapping[int, Set[Term]], idle: Set[int]) -> set[int]:
    """From the first piece that speaks of the term on, until enough is said of it."""
    first = next((at for at in speaking if speaking[at] and at not in idle), 0)
    last = first
    while last + 1 < len(found) and found[last].end - found[first].start < _ENOUGH:
        last += 1
    return set(range(first, last + 1))


def _around_fact(found: Sequence[Piece], speaking: Mapping[int, Set[Term]], fact: Span) -> set[int]:
    """The piece with the fact, and for each term that it does not speak of the nearest one before it that does."""
    chosen = set(_holding(found, fact[0]))
    first = min(chosen, default=0)
    terms = {term for term in set().union(*speaking.values()) if term.weight > LIGHT or term.name}
    for term in sorted(terms - speaking[first], key=lambda term: (-term.weight, term.text)):
        near = [at for at in speaking if term in speaking[at]]
        near = [at for at in near if numbers_in(found[at].text)] or near  # a clause may give several their numbers
        if not chosen.intersection(near):
            chosen.add(max((at for at in near if at < first), default=min(near)))
    return chosen


def _idle(query: Query, found: Sequence[Piece], speaking: Mapping[int, Set[Term]]) -> set[int]:
    """Pieces that only lead in and speak of nothing asked that the others do not speak of. A cause may be such a piece."""
    beside = {t for at, p in enumerate(found) if not p.leads for t in speaking[at]}
    before = {t for at, p in enumerate(found) if not is_aside(p.text) for t in speaking[at]}
    idle = set()
    for at, p in enumerate(found):
        if p.leads and is_aside(p.text):
            if speaking[at] <= before and not _ASKS_SOURCE.search(query.folded):
                idle.add(at)
        elif p.leads and query.kind != "reason" and speaking[at] <= beside:
            idle.add(at)
    return idle


def _holding(found: Sequence[Piece], place: int) -> list[int]:
    return [at for at, p in enumerate(found) if p.start <= place < p.end]


def _brings_news(query: Query, text: str) -> bool:
    """Whether a statement says more than the question itself."""
    rest = text
    for term in query.terms:
        for word in sorted((term.text, *term.others), key=len, reverse=True):
            rest = rest.replace(word, "")
    return len([char for char in rest if char.isalnum() and char not in query.folded]) >= _NEW


def _additions(query: Query, text: str, names: Sequence[str], fact: Span | None) -> list[Span]:
    """Bracketed additions that nothing asks for, and that take nothing back."""
    if query.kind in ("name", "definition", "compare"):
        return []
    gone = []
    titles = [match.span() for match in _TITLE.finditer(text)]
    for match in _BRACKETED.finditer(text):
        inside = match.group()[1:-1]
        if any(start < match.start() < end for start, end in titles):
            continue
        before = text[: match.start()]
        asked = any(term.spans(inside) or before.endswith(term.text) for term in query.terms) or any(
            name in inside for name in names
        )
        holds = fact is not None and match.start() < fact[1] and fact[0] < match.end()
        other_name = query.kind == "list" and inside.replace(" ", "").isalpha() and inside.isascii()
        if not (asked or holds or other_name or _KEPT_IN_BRACKETS.search(inside)):
            gone.append(match.span())
    return gone


def _without(spans: Sequence[Span], gone: Sequence[Span]) -> list[Span]:
    """Spans less others."""
    left = list(spans)
    for start, end in gone:
        left = [part for s, e in left for part in ((s, min(e, start)), (max(s, end), e)) if part[0] < part[1]]
    return left
