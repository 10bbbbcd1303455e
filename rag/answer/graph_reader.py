"""The chain's map, read from every passage and heading of a generation: relations by name, the names of one thing
merged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from rag.answer.firms import without_legal_form
from rag.answer.graph import Chain, Place, node_id
from rag.answer.noun_phrases import TAILS, own_name, topic
from rag.answer.relations import relations, row_relations
from rag.documents.outline import sections
from rag.index.store import View
from rag.text.normalize import fold, folded
from rag.text.sentences import clauses
from rag.text.words import Lexicon
from rag.types import Document, Node, NodeKind, Passage, RelationKind

# 甲乙科技股份有限公司（以下简称“甲乙”）, …公司（甲乙，600000）
_CALLED = re.compile(
    r"(?P<long>[^,;:。、()\s\"]{4,30}?(?:公司|集团))\((?:以下|下)?(?:简?称)?:?\"?(?P<short>[^\",;()\s]{2,10})\"?[,;)]"
)


@dataclass(slots=True)
class _Mention:
    """What is known of a name while the map is read: how it is written, and what it was seen as."""

    written: Counter[str] = field(default_factory=Counter)
    seen: set[NodeKind] = field(default_factory=set)


def read_chain(view: View, lexicon: Lexicon) -> Chain:
    """Read the map from every live passage and heading."""
    reader = _Reader(lexicon)
    for document in view.documents():
        reader.headings(document)
        for number in view.neighbours(document.id):
            reader.passage(view.passage(number)[0], number)
    return reader.chain()


class _Reader:
    """Collects relations by folded names, then merges the names of one thing."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._mentions: dict[str, _Mention] = {}
        self._found: dict[tuple[str, str, RelationKind], dict[tuple[str, int, int], Place]] = {}
        self._short: dict[str, str] = {}  # short name → the full one
        # Product → the section that it is told of in, for those of which nothing says what they are part of.
        self._told_in: dict[str, tuple[str, Place]] = {}

    def headings(self, document: Document) -> None:
        """A section that is named after a thing is a part of the one around it that is."""
        for path, start, _ in sections(document):
            plain = [folded(heading) for heading in path]
            name = topic(plain[-1], self._lexicon)
            if not own_name(plain[-1], self._lexicon):
                if name:  # 高压开关的市场格局: it tells of a thing that other sections or clauses may name
                    self._tell(name, path[:-1], Place(document.id, path[:-1], None, start, start + len(path[-1]), None))
                continue
            self._mention(name, path[-1], plain[-1], "segment")
            above = next((h for h in reversed(plain[:-1]) if own_name(h, self._lexicon)), None)
            if above is not None and (whole := topic(above, self._lexicon)) != name:
                place = Place(document.id, path[:-1], None, start, start + len(path[-1]), None)
                self._add("part_of", name, whole, place)

    def passage(self, passage: Passage, number: int) -> None:
        """The relations that its clauses say."""
        headings = [folded(heading) for heading in passage.section]
        for unit in passage.units:
            text = passage.words(unit.start, unit.end)
            for start, end in clauses(text) if unit.kind == "sentence" else [(0, len(text))]:
                clause = fold(text[start:end])
                for called in _CALLED.finditer(clause.text):
                    if _shortens(called["short"], called["long"]):
                        self._short[called["short"]] = without_legal_form(called["long"])
                place = Place(
                    passage.document_id,
                    passage.section,
                    passage.page_at(unit.start + start),
                    unit.start + start,
                    unit.start + end,
                    number,
                )
                found = relations(clause.text, headings, self._lexicon)
                if unit.kind == "row" and unit.context is not None and unit.context[0] >= passage.start:
                    header = folded(passage.words(*unit.context))
                    found = found or row_relations(clause.text, header, headings, self._lexicon)
                for relation in found:
                    firm = relation.kind != "part_of"
                    source = self._written(
                        text[start:end],
                        clause.span(*relation.source_at),
                        relation.source,
                        "company" if firm else "product",
                    )
                    of_firm = relation.kind in ("customer_of", "subsidiary_of")
                    if relation.target_at is not None:
                        span = clause.span(*relation.target_at)
                        target = self._written(
                            text[start:end], span, relation.target, "company" if of_firm else "product"
                        )
                        if not of_firm:
                            self._tell(target, passage.section, place)
                    else:
                        target = relation.target
                        heading = passage.section[relation.heading]
                        self._mention(target, heading, folded(heading), "segment")
                    self._add(relation.kind, source, target, place)

    def _tell(self, name: str, path: Sequence[str], place: Place) -> None:
        """Remember the nearest section named after another thing that a product is told of in."""
        for heading in reversed(path):
            whole = topic(folded(heading), self._lexicon)
            if whole and whole != name and own_name(folded(heading), self._lexicon):
                self._told_in.setdefault(name, (whole, place))
                return

    def _written(self, text: str, span: tuple[int, int], name: str, kind: NodeKind) -> str:
        key = without_legal_form(name) if kind == "company" else name
        mention = self._mentions.setdefault(key, _Mention())
        mention.written[text[slice(*span)].strip()] += 1
        mention.seen.add(kind)
        return key

    def _mention(self, name: str, heading: str, plain: str, kind: NodeKind) -> None:
        mention = self._mentions.setdefault(name, _Mention())
        at = plain.find(name)
        mention.written[heading[at : at + len(name)] if len(heading) == len(plain) else name] += 1
        mention.seen.add(kind)

    def _add(self, kind: RelationKind, source: str, target: str, place: Place) -> None:
        places = self._found.setdefault((source, target, kind), {})
        places[place.document_id, place.start, place.end] = place

    def chain(self) -> Chain:
        """The map, the names of one thing merged."""
        same = {name: self._same(name) for name in self._mentions}
        groups: dict[str, list[str]] = {}
        for name, chief in same.items():
            groups.setdefault(chief, []).append(name)
        nodes: dict[str, Node] = {}
        names: dict[str, str] = {}
        for chief, members in groups.items():
            node = self._node(chief, members)
            nodes[node.id] = node
            for known in (chief, *members, *map(folded, node.aliases)):
                names.setdefault(known, node.id)
        edges: dict[tuple[str, str, RelationKind], dict[tuple[str, int, int], Place]] = {}
        for (source, target, kind), places in self._found.items():
            one, other = names[same[source]], names[same[target]]
            if one != other:
                edges.setdefault((one, other, kind), {}).update(places)
        for name, (whole, place) in self._told_in.items():
            if name in same and whole in same:
                one, other = names[same[name]], names[same[whole]]
                if (
                    one != other
                    and not any(s == one and k == "part_of" for s, _, k in edges)
                    and not _within(other, one, edges)
                ):
                    edges[one, other, "part_of"] = {(place.document_id, place.start, place.end): place}
        return Chain(nodes, {edge: tuple(places.values()) for edge, places in edges.items()}, names)

    def _same(self, name: str) -> str:
        """The chief name of the thing that a name is of."""
        if name in self._short and self._short[name] in self._mentions:
            return self._short[name]
        known = [name, *sorted(self._lexicon.aliases(name))]
        for tail in TAILS:
            bare = name.removesuffix(tail)
            if bare != name and len(bare) >= 2 and bare in self._mentions:
                known += [bare, *sorted(self._lexicon.aliases(bare))]
        if fuller := [o for o in self._told_in if o in self._mentions and self._abbreviated(name, o)]:
            return max((name, *fuller), key=lambda k: (len(k), k))
        met = [k for k in known if k in self._mentions]
        return min(met, key=lambda k: (-len(self._mentions[k].written), len(k), k)) if len(met) > 1 else name

    def _abbreviated(self, one: str, other: str) -> bool:
        """Whether one of two products told of in the same section is the other with a character left out (快接头, 快速接头)."""
        short, long = sorted((one, other), key=len)
        told = self._told_in
        return (
            len(long) - len(short) == 1
            and len(short) > 2
            and (short[0], short[-2:]) == (long[0], long[-2:])
            and _shortens(short, long)
            and one in told
            and other in told
            and told[one][0] == told[other][0]
        )

    def _node(self, chief: str, members: Iterable[str]) -> Node:
        written: Counter[str] = Counter()
        seen: set[NodeKind] = set()
        for member in members:
            written.update(self._mentions[member].written)
            seen |= self._mentions[member].seen
        own = min(self._mentions[chief].written.items(), key=lambda item: (-item[1], len(item[0]), item[0]))[0]
        others = {name for name in written if folded(name) != folded(own)} | set(self._lexicon.aliases(chief))
        bare = next((chief.removesuffix(t) for t in TAILS if chief.endswith(t) and len(chief) > len(t) + 1), chief)
        others |= set(self._lexicon.aliases(bare))
        others |= {short for short, long in self._short.items() if long == chief and short != chief}
        kinds: tuple[NodeKind, ...] = ("company", "segment", "product")
        kind = next(k for k in kinds if k in seen)
        return Node(node_id(chief), own, kind, tuple(sorted(others)))


def _within(node: str, whole: str, edges: Collection[tuple[str, str, RelationKind]]) -> bool:
    """Whether a node is part of ``whole``, or of a part of it."""
    met: set[str] = set()
    left = [node]
    while left:
        now = left.pop()
        if now == whole:
            return True
        if now not in met:
            met.add(now)
            left += [target for source, target, kind in edges if source == now and kind == "part_of"]
    return False


def _shortens(short: str, long: str) -> bool:
    """Whether the characters of a short name stand in the long one in order."""
    rest = iter(long)
    return short != long and all(char in rest for char in short)
