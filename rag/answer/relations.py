"""Who does what, read from one clause: relations between names, each with the words it stands in.

    甲科技、乙股份等高压开关厂商        →  甲科技 supplies 高压开关, 乙股份 supplies 高压开关
    高压开关的主要厂商有甲科技、乙股份   →  the same
    甲科技的子公司丙电气生产避雷器       →  丙电气 subsidiary_of 甲科技, 丙电气 supplies 避雷器
    开关柜包括断路器、隔离开关           →  断路器 part_of 开关柜, 隔离开关 part_of 开关柜

Only what a clause says plainly is read: a list is one of makers where a word for makers stands right beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answer.evidence import CELLS
from rag.answer.firms import ORG_TAIL, is_company, is_firm, may_be_name, name_after, name_before
from rag.answer.noun_phrases import COMPANY, MAKER, best_noun_phrase, is_named, noun_phrases, topic
from rag.retrieve.glue import GLUE
from rag.text.enumerations import GENERIC, Enumeration, enumerations
from rag.text.words import Lexicon
from rag.types import RelationKind

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Relation:
    """``source`` stands in a relation to ``target``; both are folded names. ``source_at`` is where the source's name
    stands in the folded clause; ``target_at`` likewise, None where a heading names it: ``heading`` is then its place in
    the section's path."""

    kind: RelationKind
    source: str
    source_at: Span
    target: str
    target_at: Span | None
    heading: int = 0


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
_CLIENTS = re.compile(r"(?:客户|用户|合作伙伴)(?:主要)?(?:有|为|是|包括了?|涵盖了?|包含|:)\W*$")
_SUBSIDIARY = re.compile(
    r"的?(?:全资|控股|参股|一级|二级)?(?:(?<![电粒分])子公司|孙公司)(?:为|是|—)?|旗下(?:全资|控股)?(?:子公司)?"
)
_IN_BRACKETS = re.compile(
    r"(?P<child>[^,;:。、()\s]{2,16})\((?P<parent>[^,;:。、()\s]{2,14}?)(?:的)?(?:全资|控股)?子公司\)"
)
_WHOLE = re.compile(r"(?:主要|通常|一般|核心|具体)?(?:包括了?|包含|涵盖了?|分为|分成|由)$")
_MAKES = re.compile(r"(?:主要|专门|长期)?(?:主营|专注于|生产|供应)(?:的)?")
_ENDS = re.compile(r"[,;。]|的|等|产品|$")
_CELL_NAME = re.compile(r"[^、,;\s][^、,;]*")


def relations(text: str, headings: Sequence[str], lexicon: Lexicon) -> list[Relation]:
    """Every relation that a folded clause says, in order.

    Args:
        headings: the headings above it, folded, outermost first.
    """
    found: list[Relation] = []
    lists = enumerations(text, lexicon)
    for at, listed in enumerate(lists):
        begin = lists[at - 1].end if at else 0
        until = lists[at + 1].start if at + 1 < len(lists) else len(text)
        found.extend(_of_list(text, listed, (begin, until), headings, lexicon))
    found.extend(_subsidiaries(text, lexicon))
    found.extend(_single(text, lexicon))
    return found


def row_relations(text: str, header: str, headings: Sequence[str], lexicon: Lexicon) -> list[Relation]:
    """The makers that a folded table row names in the column headed as theirs (高压开关厂商)."""
    cells, heads = text.split(CELLS), header.split(CELLS)
    if text == header or len(cells) != len(heads):
        return []
    topics = [topic(heading, lexicon) for heading in headings]
    start = 0
    for cell, head in zip(cells, heads, strict=True):
        if re.search(rf"{MAKER}$", head):
            place = next((at for at in range(len(topics) - 1, -1, -1) if topics[at] and topics[at] in head), None)
            if place is None:
                return []
            names = [
                (found.group(), (start + found.start(), start + found.end())) for found in _CELL_NAME.finditer(cell)
            ]
            return [
                Relation("supplies", name, at, topics[place], None, place)
                for name, at in names
                if is_company(name, lexicon)
            ]
        start += len(cell) + len(CELLS)
    return []


def _makers_in(names: Sequence[tuple[str, Span]], lexicon: Lexicon, *, told: bool) -> list[tuple[str, Span]]:
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


def _of_list(
    text: str, listed: Enumeration, around: Span, headings: Sequence[str], lexicon: Lexicon
) -> Iterator[Relation]:
    before = text[around[0] : listed.start]
    names = [(text[s:e].strip(), (s, e)) for s, e in listed.items]
    if _CLIENTS.search(before):
        owner = name_before(text, around[0] + _CLIENTS.search(before).start(), lexicon)  # type: ignore[union-attr]
        if owner is not None:
            for name, at in names:
                if is_company(name, lexicon):
                    yield Relation("customer_of", name, at, text[slice(*owner)], owner)
        return
    told, zones = _maker_zones(text, listed, around, lexicon)
    if zones:
        makers = _makers_in(names, lexicon, told=told)
        target = _target(text, zones, headings, lexicon) if makers else None
        if target is not None:
            for name, at in makers:
                if name != target[0]:
                    yield Relation("supplies", name, at, *target)
        return
    yield from _parts(text, listed, around, names, headings, lexicon)


def _maker_zones(text: str, listed: Enumeration, around: Span, lexicon: Lexicon) -> tuple[bool, list[Span]]:
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


def _target(
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
            deep = (
                len(topics) - 2
            )  # the last two headings are what the clause is about; those above only where little is lost
            above = next(
                (
                    t
                    for n, t in reversed(list(enumerate(topics)))
                    if t and t in name and (n >= deep or len(name) - len(t) <= 2)
                ),
                "",
            )
            if above:
                at = span[0] + name.find(above)
                return above, (at, at + len(above)), 0
            return name, span, 0
    place = next((at for at in range(len(topics) - 1, -1, -1) if topics[at]), None)
    return (topics[place], None, place) if place is not None else None


def _parts(
    text: str,
    listed: Enumeration,
    around: Span,
    names: Sequence[tuple[str, Span]],
    headings: Sequence[str],
    lexicon: Lexicon,
) -> Iterator[Relation]:
    """``X包括A、B、C``: each is a part of X."""
    before = text[around[0] : listed.start].rstrip(" :")
    found = _WHOLE.search(before)
    if found is None or (
        found.group().endswith("由") and not re.match(r"\W*等?[^,;。]{0,6}(?:组成|构成)", text[listed.end :])
    ):
        return
    whole = name_before(text, around[0] + found.start(), lexicon)
    if whole is None or not all(_is_thing(name, lexicon) for name, _ in names):
        return
    about = text[slice(*whole)]
    if not (
        about in lexicon.learned
        or (about.isascii() and any(map(str.isalpha, about)))
        or any(topic(h, lexicon) == about for h in headings)
    ):
        return
    for name, at in names:
        yield Relation("part_of", name, at, text[slice(*whole)], whole)


def _is_thing(name: str, lexicon: Lexicon) -> bool:
    """Whether a listed item is a noun, and not a phrase with a verb in it."""
    return 2 <= len(name) <= 14 and not re.search(r"[的,;。:]", name) and _whole_phrase(name, lexicon)


def _whole_phrase(name: str, lexicon: Lexicon) -> bool:
    return name in lexicon.learned or noun_phrases(name, 0, len(name), lexicon) == [(0, len(name))]


def _subsidiaries(text: str, lexicon: Lexicon) -> Iterator[Relation]:
    for found in _SUBSIDIARY.finditer(text):
        parent, child = name_before(text, found.start(), lexicon), name_after(text, found.end(), lexicon)
        if parent is None or child is None:
            continue
        above, below = text[slice(*parent)], text[slice(*child)]
        plain = found.group().startswith("旗下") and not ORG_TAIL.search(below)  # 旗下 has brands and buildings too
        if not plain and is_company(above, lexicon) and is_company(below, lexicon) and is_firm(below, lexicon):
            yield Relation("subsidiary_of", below, child, above, parent)
    for found in _IN_BRACKETS.finditer(text):
        child = name_before(text, found.end("child"), lexicon)
        if child is not None and is_company(text[slice(*child)], lexicon) and is_company(found["parent"], lexicon):
            yield Relation("subsidiary_of", text[slice(*child)], child, found["parent"], found.span("parent"))


def _single(text: str, lexicon: Lexicon) -> Iterator[Relation]:
    """``甲科技生产避雷器``: one firm at the beginning of a piece of the clause or behind 子公司, and the one thing it makes."""
    for found in _MAKES.finditer(text):
        maker, made = name_before(text, found.start(), lexicon), name_after(text, found.end(), lexicon)
        if maker is None or made is None or not re.search(r"(?:^|[,;:。]|子公司)$", text[: maker[0]]):
            continue
        name, product = text[slice(*maker)], text[slice(*made)]
        if (
            is_company(name, lexicon)
            and is_firm(name, lexicon)
            and _ENDS.match(text, made[1])
            and _named_product(product, lexicon)
        ):
            yield Relation("supplies", name, maker, product, made)


def _named_product(product: str, lexicon: Lexicon) -> bool:
    return (len(product) > 2 or is_named(product, lexicon)) and _whole_phrase(product, lexicon)
