"""Of a list that names what is asked about, that name alone (…有甲、乙、丙等, asked about 乙: …有乙等)."""

from __future__ import annotations

import re

from rag.retrieve.query import LIGHT, Query
from rag.text.boundaries import GENERIC
from rag.text.enumerations import Enumeration, enumerations
from rag.text.match import coverage
from rag.text.words import Lexicon

Span = tuple[int, int]

_SPOKEN, _NOTED = 0.8, 0.95
_LONGER = 4  # characters by which a name may be longer than the word it is asked by (白鹭 for 云溪白鹭)
_AMONG = re.compile(r"(?:有|包括了?|包含|涵盖|例如|比如|如)[:\s]*$")  # the names are some of those that there are
_IN_ORDER = re.compile(r"分别|依次|各自|先后|前[一二三四五六七八九十\d]|共|合计|总计|仅|只有")
_ENDS = re.compile(r"^[\s.。;,]*$")
_INTRODUCES = re.compile(r"(?:^|[\s,:;(\"]|[有是为由如即以像括含盖于在了的]|[年月日])$")
_PARTED = re.compile(r"等|[、,。;)]|和|与|及|以及|或|$")
_JOINT = re.compile(r"^(?:、|,|和|与|及|以及|或)*")


def other_names(query: Query, text: str, fact: Span | None, lexicon: Lexicon) -> list[Span]:
    """The spans of a folded clause that name others than what is asked about, with their separators.

    Only of a list that stays true with less: one that ends with 等, that gives examples (包括, 如), or whose names each
    carry their own bracketed addition; and none that goes by order or counts (分别, 前三).
    """
    if _IN_ORDER.search(text):
        return []
    gone: list[Span] = []
    for listed in enumerations(text, lexicon):
        noted = noted_for(query, text, listed)
        kept = [
            at
            for at, span in enumerate(listed.items)
            if _asked(query, text[slice(*span)])
            or (at == noted if noted is not None else _holds(fact, text, listed, at))
        ]
        if kept and len(kept) < len(listed.items) and _stays_true(text, listed, kept):
            gone.extend(_others(text, listed, kept))
    return gone


def noted_for(query: Query, text: str, listed: Enumeration) -> int | None:
    """Which name of a list carries in its own bracketed addition what the question asks by (甲(第一)、**乙(第二)**, asked
    for the second), and no other does; None where there is no such name."""
    notes = [text[end : _place(text, listed, at)[1]] for at, (_, end) in enumerate(listed.items)]
    if sum(map(bool, notes)) < 2:
        return None
    for term in query.terms:
        held = [at for at, note in enumerate(notes) if note and coverage(term.text, note, term.others) >= _NOTED]
        if len(held) == 1 and any(char.isdigit() or char in "一二三四五六七八九十" for char in term.text):
            return held[0]
    return None


def _asked(query: Query, name: str) -> bool:
    return (len(name) > 1 and name in query.folded) or any(
        term.name
        and term.weight > LIGHT
        and 1 < len(term.text) >= len(name) - _LONGER
        and coverage(term.text, name, term.others) >= _SPOKEN
        for term in query.terms
    )


def _holds(fact: Span | None, text: str, listed: Enumeration, at: int) -> bool:
    start, end = _place(text, listed, at)
    return fact is not None and start <= fact[0] < end


def _place(text: str, listed: Enumeration, at: int) -> Span:
    """A name with its bracketed addition."""
    start, end = listed.items[at]
    addition = re.match(r"\([^()]*\)", text[end:])
    return start, end + (addition.end() if addition else 0)


def _stays_true(text: str, listed: Enumeration, kept: list[int]) -> bool:
    if not _begins(text[: listed.start]) or any(not _PARTED.match(text[_place(text, listed, at)[1] :]) for at in kept):
        return False  # where it begins, or a name ends, is not sure
    if listed.open_ended:
        return True
    behind = text[_place(text, listed, len(listed.items) - 1)[1] :]
    if not _ENDS.match(behind):
        return False
    noted = all(text[end : end + 1] == "(" for _, end in (listed.items[at] for at in kept))
    return bool(_AMONG.search(text[: listed.start])) or noted


def _begins(before: str) -> bool:
    """Whether a list surely begins behind these words: a name may have been taken for a verb and a noun (写作|助手)."""
    return bool(_INTRODUCES.search(before)) or before.endswith(tuple(GENERIC))


def _others(text: str, listed: Enumeration, kept: list[int]) -> list[Span]:
    """From the end of each kept name (or the beginning of the list) to the next kept one (or the end of the last name)."""
    places = [_place(text, listed, at) for at in range(len(listed.items))]
    gone: list[Span] = []
    at = listed.start
    for number, index in enumerate(kept):
        start = places[index][0]
        if number and index == kept[number - 1] + 1:
            pass  # neighbours keep what stands between them
        elif number:
            joint = _JOINT.match(text[at:start])
            gone.append((at + (joint.end() if joint else 0), start))
        elif start > at:
            gone.append((at, start))
        at = places[index][1]
    if at < places[-1][1]:
        gone.append((at, places[-1][1]))
    return [span for span in gone if span[0] < span[1]]
