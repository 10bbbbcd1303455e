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
from rag.answer.firms import ORG_TAIL, is_company, is_firm, name_after, name_before
from rag.answer.listed_makers import made, maker_names, maker_zones
from rag.answer.makers import MAKER
from rag.answer.noun_phrases import is_named, noun_phrases, topic
from rag.text.enumerations import Enumeration, enumerations
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


def _of_list(
    text: str, listed: Enumeration, around: Span, headings: Sequence[str], lexicon: Lexicon
) -> Iterator[Relation]:
    before = text[around[0] : listed.start]
    names = [(text[s:e].strip(), (s, e)) for s, e in listed.items]
    if (clients := _CLIENTS.search(before)) is not None:
        owner = name_before(text, around[0] + clients.start(), lexicon)
        if owner is not None:
            for name, at in names:
                if is_company(name, lexicon):
                    yield Relation("customer_of", name, at, text[slice(*owner)], owner)
        return
    told, zones = maker_zones(text, listed, around, lexicon)
    if zones:
        makers = maker_names(names, lexicon, told=told)
        target = made(text, zones, headings, lexicon) if makers else None
        if target is not None:
            for name, at in makers:
                if name != target[0]:
                    yield Relation("supplies", name, at, *target)
        return
    yield from _parts(text, listed, around, names, headings, lexicon)


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
