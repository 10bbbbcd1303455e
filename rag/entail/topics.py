"""What each piece of a text is said of: its own subject, or one before it, where no other thing could be meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.entail import wordlists as w
from rag.entail.listing import verbal
from rag.entail.tokens import Token
from rag.text.words import Lexicon


class Spoken(Protocol):
    """What is read of a piece, and what is set."""

    own: bool
    leans: bool
    lead: bool
    account: bool
    raw: tuple[Token, ...]
    core: tuple[Token, ...]
    topics: tuple[tuple[Token, ...], ...]


def find_topics(all_: Sequence[Spoken], lexicon: Lexicon) -> None:
    """Set ``own``, ``topics`` and ``leans`` of each piece: whether it has a subject, else what it may be said of, and whether
    that may be an object of the piece before it."""
    topics: tuple[tuple[Token, ...], ...] = ()
    spoken: tuple[Token, ...] = ()  # the last subject as it stands
    # Whether another thing is spoken of since the subject was named, and whether the last piece ends in it.
    thing = ends = False
    for piece in all_:
        if piece.lead or piece.account:
            continue
        core = piece.core
        if core and core[0].text in w.PRONOUNS:
            piece.own = False
            piece.leans = thing or core[0].text in w.EITHER
            if not piece.leans:
                piece.core, piece.topics = core[1:], topics
            continue
        subject = leading(core, lexicon)
        if (shared := _makers_of(spoken, subject)) and any(t.text in w.LINK_HAS for t in core):
            piece.own, piece.topics = False, (shared,)
            continue
        if not subject or all(token.text in w.ATTRIBUTES for token in subject):
            # 甲的收入为3亿元,居第一: its income is what comes first
            ranked = not subject and any(t.kind == "figure" or t.text.startswith("最") for t in core)
            piece.own, piece.leans = False, bool(subject) and ends
            piece.topics = () if piece.leans else topics[:1] if ranked else topics
            beside = _beside(core[len(subject) :], lexicon)
            ends = beside and _ends_in_thing(core[len(subject) :], lexicon)
            thing = thing or beside
            continue
        possessor = subject
        while len(possessor) > 1 and possessor[-1].text in w.ATTRIBUTES:
            possessor = possessor[:-1]
        if piece.raw[0].text in w.CONDITIONS or piece.raw[0].text == "随着":
            continue  # of what follows it is no subject
        spoken = subject
        topics = (subject,) if possessor == subject else (subject, possessor)
        thing = _beside(core[len(subject) :], lexicon)
        ends = thing and _ends_in_thing(core[len(subject) :], lexicon) and not any(t.text in ("是", "即") for t in core)


def _makers_of(before: Sequence[Token], subject: Sequence[Token]) -> tuple[Token, ...]:
    """水泵, for 国内厂商 that stands behind 水泵的国际厂商: makers of what was spoken of, from elsewhere."""
    if len(subject) != 2 or subject[0].text not in w.ORIGINS or subject[1].text not in w.MAKERS or len(before) < 3:
        return ()
    alike = before[-2].text in w.ORIGINS - {subject[0].text} and before[-1].text == subject[1].text
    return tuple(before[:-2]) if alike and not any(t.text in w.ORIGINS for t in before[:-2]) else ()


def _beside(predicate: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a predicate speaks of another thing than its subject, which 其 or a bare 效率 after it may be of."""
    if predicate and predicate[0].text in w.WHEREABOUTS:
        return False
    link = any(t.text in w.LINK_IS and t.text != "为" for t in predicate[:2])
    return any(
        t.kind == "name" or lexicon.word_class(t.text) == "N" or (not link and _nominal(t, lexicon)) for t in predicate
    )


def _ends_in_thing(predicate: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether the last word is a thing or a person; names that the dictionary cuts end in any character (李|明)."""
    last, before = predicate[-1], predicate[-2] if len(predicate) > 1 else None
    cut = before is not None and lexicon.word_class(before.text) == "N" and before.end == last.start
    return _nominal(last, lexicon) or (cut and len(last.text) == 1)


def _nominal(token: Token, lexicon: Lexicon) -> bool:
    if token.kind == "name":
        return True
    plain = token.text not in w.ATTRIBUTES | w.SCOPE_ENDS | w.ETC | w.FREE and not verbal(token.text, lexicon)
    return token.kind == "word" and plain and lexicon.word_class(token.text) in ("", "N", "n")


def leading(core: Sequence[Token], lexicon: Lexicon) -> tuple[Token, ...]:
    """The tokens before the first that says something: the subject of a piece."""
    found: list[Token] = []
    for at, token in enumerate(core):
        if not found and (token.text in w.OPENERS or lexicon.word_class(token.text) == "c"):
            continue
        if token.kind in ("figure", "date") or (token.kind not in ("name", "joint") and verbal(token.text, lexicon)):
            if (
                token.kind == "word"
                and token.text in w.MAKING
                and not found
                and len(core) > 1
                and core[1].text in w.ROLES
            ):
                found.append(token)  # 生产厂商
                continue
            break
        after = core[at + 1] if at + 1 < len(core) else None
        if found and after is not None and token.text == "排名" and (after.kind == "figure" or after.text in w.RANKS):
            break
        if found and after is not None and token.text in w.QUANTIFIERS and verbal(after.text, lexicon):
            break  # 甲主要是…
        found.append(token)
    return tuple(found)
