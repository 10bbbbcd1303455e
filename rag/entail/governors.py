"""Which pieces of a text each piece hangs on: a condition, an attribution or a modal before it, a limit or a cancellation
after it. Said without those it would be another statement."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from rag.entail import wordlists as w
from rag.entail.tokens import Token

_OVER_ALL = w.ATTRIBUTIONS | w.CONDITIONS | w.UNTRUTHS
_GOING_ON = w.REACHING | w.CANCELS
_FIRST = frozenset("除非 前提 否则 仅限 只限 unless if".split())
_WEIGHTY = _OVER_ALL | _GOING_ON | w.BECAUSE | w.LIMITS | w.AFTERTHOUGHTS | w.EXCEPTED | _FIRST
_LABELS = _WEIGHTY | w.MODALS | w.SAYINGS | w.NEGATIONS
_SHORT = 4  # words of a piece that only says by whose account (…,甲表示)


class Governed(Protocol):
    """What is read of a piece, and what is set."""

    sentence: int
    stretch: int
    leans: bool
    label: bool
    own: bool
    lead: bool
    account: bool
    words: frozenset[str]
    raw: tuple[Token, ...]
    core: tuple[Token, ...]
    required: frozenset[int]
    allowed: frozenset[int]


def govern(pieces: Sequence[Governed]) -> None:
    """Set ``required`` and ``allowed`` of each piece: the places of those it cannot be said without, and of those that it may
    be said with."""
    # Subjects of their own up to each place: between two places there is one where the counts differ.
    owns = list(accumulate((p.own and not (p.lead or p.account) for p in pieces), initial=0))
    weighty = [at for at, piece in enumerate(pieces) if not (piece.account or piece.lead) and _weighs(piece)]
    settings = {at for at in weighty if _is_setting(pieces, at)}
    for j, piece in enumerate(pieces):
        required: set[int] = set()
        allowed: set[int] = set()
        for i in weighty:
            other = pieces[i]
            if i == j or other.sentence != piece.sentence:
                continue
            going_on = owns[max(i, j) + 1] == owns[min(i, j) + 1]
            if i < j:
                if (
                    i in settings
                    or (other.label and other.words & _LABELS)
                    or other.words & _OVER_ALL
                    or (going_on and other.words & _GOING_ON)
                ):
                    required.add(i)
                if other.words & w.BECAUSE and other.stretch == piece.stretch and owns[j + 1] == owns[i + 2]:
                    allowed.add(i)
            elif _takes_back(other, next_one=i == j + 1, going_on=going_on):
                required.add(i)
        if (
            j
            and pieces[j - 1].sentence == piece.sentence
            and (piece.words & (w.THEREFORE | w.LIMITS) or _first(piece) in w.BECAUSE)
        ):
            allowed.add(j - 1)
        if j and piece.leans and pieces[j - 1].sentence == piece.sentence:
            required.add(j - 1)
        piece.required = frozenset(required)
        piece.allowed = frozenset(required | allowed)


def _weighs(piece: Governed) -> bool:
    return (
        bool(piece.words & (_LABELS if piece.label else _WEIGHTY))
        or _first(piece) in w.SETTINGS
        or _last(piece) in w.SETTING_ENDS
    )


def _is_setting(pieces: Sequence[Governed], at: int) -> bool:
    """Whether a piece says where, when or by what those after it hold (在雨季, 经同意后): it ends so, or begins so and goes on
    from no subject."""
    piece = pieces[at]
    if _first(piece) in w.NO_SETTING or (_first(piece) in w.SETTINGS and piece.raw[1:2] and piece.raw[1].text == "此"):
        return False
    if _last(piece) in w.SETTING_ENDS and not piece.words & w.STANDING:
        return True
    before = pieces[at - 1] if at else None
    starts = before is None or before.stretch != piece.stretch or before.lead or before.account
    return _first(piece) in w.SETTINGS and starts


def _first(piece: Governed) -> str:
    return piece.raw[0].text if piece.raw else ""


def _last(piece: Governed) -> str:
    return next((token.text for token in reversed(piece.raw) if token.content), "")


def _takes_back(later: Governed, *, next_one: bool, going_on: bool) -> bool:
    """Whether a later piece limits or takes back what is said."""
    first = _first(later)
    if first in _FIRST or later.words & w.EXCEPTED or (first in w.LIMITS and later.words & w.OBLIGED):
        return True
    if next_one and later.words & w.AFTERTHOUGHTS:
        return True
    if next_one and later.core and later.core[-1].text in w.ATTRIBUTIONS and len(later.core) <= _SHORT:
        return True
    return going_on and (bool(later.words & w.CANCELS) or first in w.LIMITS)
