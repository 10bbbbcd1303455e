"""What another document says otherwise: where two disagree on a fact, both are given, each with its document and date.

A clause of another document counts as another account where it answers as well as the one chosen: it speaks of as much of
the question, begins with no other name, meets what the question names exactly, and states a fact of the same sort. The
newest stands first; no account is taken for the true one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rag.answer.compress import compressed
from rag.answer.demands import unmet
from rag.answer.draft import Draft, Quote, whole
from rag.answer.evidence import Evidence
from rag.answer.facts import draft_fact
from rag.answer.spans import Reading, read_fact, with_fact
from rag.answer.wants import DATE
from rag.retrieve.query import HEAVY, LIGHT, Query
from rag.text.normalize import folded
from rag.text.numerals import amounts
from rag.text.words import Lexicon

_ACCOUNTS = 3  # accounts given at the most
_SLACK = 0.1  # by how much another account's clause may score less
_LESS = 0.15  # by how much less of the question it may speak of
_SORTS = ("number", "year", "time", "person", "place")
_SURE = 0.5  # how surely a name must be read: a figure is there or not, but a name may be cut wrongly
_ABOUT = re.compile(r"约|近|超|多|余|左右|上下|以上|以下|不足|不到|至少|最多|最高|逾|几")
_ROUGHLY = 0.1  # share by which a rough figure may differ from an exact one and say the same
_UNITS = re.compile(r"[\d,.\s%零〇一二两三四五六七八九十百千万亿]+|[约近超多余左右上下以]")


def with_accounts(
    query: Query, draft: Draft, evidence: Sequence[Evidence], reading: Reading | None, lexicon: Lexicon
) -> Draft:
    """The draft of a bare fact (compressed) with what other documents say otherwise, each account under its document; any
    other draft as it is.

    Args:
        evidence: clauses, best first.
    """
    if draft.short is None or draft.items or draft.summaries or len(draft.quotes) != 1:
        return draft
    if not _weighable(query, draft, reading):
        return draft
    others = list(islice(_others(query, draft, evidence, lexicon), _ACCOUNTS - 1))
    if not others:
        return draft
    accounts = sorted((draft, *others), key=_published, reverse=True)
    # Without all the dates none is the newest: what was read from the best clause stays the bare fact.
    first = 0 if all(_published(account) for account in accounts) else accounts.index(draft)
    short = accounts[first].short
    return Draft(
        tuple(_under_its_document(account.quotes[0]) for account in accounts),
        short=(short[0], short[1], first) if short else None,
        short_sure=accounts[first].short_sure,
        disagreeing=True,
    )


def _weighable(query: Query, draft: Draft, reading: Reading | None) -> bool:
    """Whether the fact is of a sort that two texts can be held against each other in."""
    if query.kind in ("number", "date"):
        return True
    return reading is not None and reading.sought.sort in _SORTS and draft.short_sure >= _SURE


def _others(query: Query, draft: Draft, evidence: Sequence[Evidence], lexicon: Lexicon) -> Iterator[Draft]:
    """The best account of each other document that states another fact, best first."""
    chosen = draft.quotes[0].evidence
    told = [_fact(draft)]
    met = {chosen.hit.document.id}
    for e in evidence:
        if e.score < chosen.score - _SLACK:
            return
        if e.hit.document.id in met or not _as_good(query, e, chosen):
            continue
        account = _account(query, e, lexicon)
        if account is None or unmet(query, account):
            continue
        account = compressed(query, account, lexicon)
        if len(account.quotes) != 1 or account.short is None:
            continue
        met.add(e.hit.document.id)
        fact = _fact(account)
        if all(_differ(query, fact, other) for other in told):
            told.append(fact)
            yield account


def _as_good(query: Query, e: Evidence, chosen: Evidence) -> bool:
    return (
        not e.elsewhere
        and e.coverage >= chosen.coverage - _LESS
        and e.kind >= chosen.kind
        and {t for t in e.missing if t.weight >= HEAVY} <= set(chosen.missing)
        # What the one says itself the other says itself too: what happened, what was measured.
        and all(t.spans(e.fold.text) for t in query.terms if t.weight > LIGHT and t.spans(chosen.fold.text))
    )


def _account(query: Query, e: Evidence, lexicon: Lexicon) -> Draft | None:
    """What a clause alone states."""
    if query.kind in ("number", "date"):
        return draft_fact(query, [e])
    reading = read_fact(query, [e], lexicon)
    read = with_fact(query, Draft((whole(e),)), reading)
    return read if read.short is not None and read.short_sure >= _SURE else None


def _fact(draft: Draft) -> str:
    """The bare fact of a draft, folded."""
    assert draft.short is not None
    start, end, at = draft.short
    return folded(draft.quotes[at].evidence.hit.passage.words(start, end))


def _differ(query: Query, one: str, other: str) -> bool:
    """Whether two bare facts, folded, cannot both be so."""
    if one in other or other in one:
        return False
    if query.kind == "date" or DATE.search(one) or DATE.search(other):
        return _figures(one) != _figures(other) and not _within(_figures(one), _figures(other))
    if query.kind != "number":
        return True
    if _UNITS.sub("", one) != _UNITS.sub("", other):
        return False  # in other units: not to be held against each other here
    left, right = amounts(one), amounts(other)
    if not left or not right or len(left) != len(right):
        return False
    rough = _ROUGHLY if _ABOUT.search(one) or _ABOUT.search(other) else 0.0
    return any(abs(a - b) > rough * max(a, b) for a, b in zip(left, right, strict=True))


def _figures(date: str) -> tuple[float, ...]:
    return tuple(amounts(date))


def _within(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether one date only says the other less exactly (2024年, 2024年5月)."""
    shorter, longer = sorted((one, other), key=len)
    return longer[: len(shorter)] == shorter


def _published(draft: Draft) -> str:
    return draft.quotes[0].evidence.hit.document.published


def _under_its_document(quote: Quote) -> Quote:
    """The quote under its document's title and date."""
    document = quote.evidence.hit.document
    title = f"《{document.title.strip('《》')}》" if document.title else document.source or document.id
    return replace(quote, account=f"{title}（{document.published}）" if document.published else title)
