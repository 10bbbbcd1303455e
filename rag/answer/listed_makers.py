"""A list of makers: whether the words beside it say that it is one, which of its names are, and what they make.

甲科技、乙股份等**高压开关**厂商;  **高压开关**的主要厂商有甲科技、乙股份
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.firms import ORG_TAIL, is_company, may_be_name
from rag.answer.makers import COMPANY, MAKER
from rag.answer.noun_phrases import best_noun_phrase, topic
from rag.retrieve.glue import GLUE
from rag.text.boundaries import GENERIC
from rag.text.enumerations import Enumeration
from rag.text.words import Lexicon

Span = tuple[int, int]

_LOST = 2  # characters of a name that one of the headings far above may lack

# Beside a list: what follows or introduces it says that it is one of makers.
_MANY = (
    r"(?:近|超)?(?:\d+ ?余?家|(?:众多|各大|一些|部分|若干|(?:多|几|数|各|[一二三四五六七八九十两]+)(?:大|家|大家))?)"
)
_FOLLOWED = re.compile(rf"^\W{{0,1}}{_MANY}(?P<of>[^,;:。、]{{0,16}}?)(?P<maker>{MAKER}|{COMPANY})(?!的)")
_LINK = r"(?:主要|目前|现|共|还|也|又|则|分别|依次|例如|比如)*(?:包括了?|包含|涵盖了?|有|为|是|如|即|以)?"
_INTRODUCED = re.compile(
    rf"(?P<of>[^,;。、]*?)(?P<maker>{MAKER}|{COMPANY})(?:{_LINK}|[^;。、]{{0,22}}[,:](?:其中|例如|如|比如)?{_LINK})[\s:]*$"
)
_STANDS_FOR = re.compile(r"^\W{0,1}(?:均|都)?(?:为|是|作为)(?:主要|核心)?代表")
_SUPPLY = re.compile(
    r"布局|生产|制造|供应|供货|研发|加工|深耕|涉足|代工|主导|领先|龙头|竞争力|占据|引领|"
    r"suppl|produc|mak(?:e|ing)|manufactur"
)
_SUPPLY_VERB = re.compile(r"布局|生产|供应|提供|研发|从事|推出")


def maker_zones(text: str, listed: Enumeration, around: Span, lexicon: Lexicon) -> tuple[bool, list[Span]]:
    """Where the words stand that may say what the listed makers make, the likeliest first, and whether a word that only
    makers are called by says that they are some; nowhere where nothing says so."""
    before, after = text[around[0] : listed.start], text[listed.end : around[1]]
    supplies = _SUPPLY.search(re.split("[,;]", before)[-1]) or _SUPPLY.search(re.split("[,;]", after)[0])
    if supplies is None and before.endswith("包括"):
        supplies = _SUPPLY.search(before)
    makers = False
    zones: list[Span] = []
    if found := _FOLLOWED.match(after):
        told = not re.fullmatch(COMPANY, found["maker"])
        the_of = "的" in found["of"] and not listed.open_ended  # 甲、乙两地的厂商 are not 甲 and 乙
        if (
            (told or supplies)
            and not the_of
            and _noun_phrase(after, found, lexicon)
            and not re.search(r"[被由把对向与和]", found["of"])
        ):
            zones.append((listed.end + found.start("of"), listed.end + found.start("maker")))
            makers = told
    if found := _INTRODUCED.search(before):
        told = not re.fullmatch(COMPANY, found["maker"])
        if told or supplies:
            makers = makers or told
            zones.append((around[0] + found.start("of"), around[0] + found.start("maker")))
    elif _STANDS_FOR.match(after) and zones:
        zones.append((around[0], listed.start))
    if not zones:
        return False, []
    stop = re.search("[,;。]", after)
    zones.append((listed.end, listed.end + stop.start() if stop else around[1]))
    left = zones[-2][0] if zones[-2][0] < listed.start else listed.start
    comma = text.rfind(",", around[0], left)
    earlier = text.rfind(",", around[0], comma) if comma > around[0] else -1
    zones.append((max(around[0], earlier + 1), listed.start))
    return makers, zones


def _noun_phrase(after: str, found: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether the word for makers ends a noun phrase that begins right behind the list (…等高压开关厂商, and not …主持召开
    企业座谈会)."""
    of = [word for word in lexicon.words(found["of"]) if word[0] not in ("是", "为", "也", "均", "都")]
    if of and lexicon.word_class(of[0][0]) in ("v", "d", "p", "c"):
        return False
    rest = lexicon.words(after[found.end() : found.end() + 6])
    if not rest or rest[0][1] > 0:
        return True
    word = rest[0][0]
    return (
        len(word) == 1
        or word in GENERIC
        or word in GLUE
        or lexicon.word_class(word) in ("v", "d", "p", "c", "u", "r", "m")
    )


def made(
    text: str, zones: Sequence[Span], headings: Sequence[str], lexicon: Lexicon
) -> tuple[str, Span | None, int] | None:
    """What the makers make: the nouns before the word for makers, else those of the rest of the clause, else the
    nearest heading that names a thing."""
    topics = [topic(heading, lexicon) for heading in headings]
    for start, end in zones:
        span = best_noun_phrase(text, start, end, lexicon)
        if span is None and (start, end) == zones[0] and (said := topic(text[start:end], lexicon)):
            span = (text.find(said, start), text.find(said, start) + len(said))
        if span is not None:
            name = text[slice(*span)]
            # The last two headings are what the clause is about; those above only where little of the name is lost.
            held = [t for t in topics[:-2] if t and t in name and len(name) - len(t) <= _LOST]
            held += [t for t in topics[-2:] if t and t in name]
            if held:
                at = span[0] + name.find(held[-1])
                return held[-1], (at, at + len(held[-1])), 0
            return name, span, 0
    place = next((at for at in range(len(topics) - 1, -1, -1) if topics[at]), None)
    return (topics[place], None, place) if place is not None else None


def maker_names(names: Sequence[tuple[str, Span]], lexicon: Lexicon, *, told: bool) -> list[tuple[str, Span]]:
    """The names of a list of makers; none where it holds phrases, or nothing that was coined for one firm.

    ``told``: a word that only makers are called by (厂商) stands beside it; firms and companies are called 企业 too
    where the list is one of something else.
    """
    kept = [(name, at) for name, at in names if may_be_name(name, lexicon, strict=not told)]
    sure = sum(name.isascii() or bool(ORG_TAIL.search(name)) or lexicon.is_coined(name) for name, _ in kept)
    lost = len(names) - len(kept)
    if any(_SUPPLY_VERB.search(name) and name not in lexicon.learned for name, _ in names[1:]):
        return []  # two lists run together
    fit = sum(is_company(name, lexicon) for name, _ in kept)
    if told:
        return kept if sure and 3 * fit >= 2 * len(names) else []
    return kept if 3 * sure >= len(names) and fit >= len(kept) - 1 and 5 * lost <= len(names) else []
