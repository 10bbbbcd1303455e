"""The chain's map of a generation: its nodes and edges, what is around one of them, each edge with its citations.

It is read once a generation (:mod:`rag.answer.graph_reader`); of each relation only its place is kept, and its words
are fetched when they are shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rag.answer.firms import without_legal_form
from rag.errors import NotFoundError
from rag.index.store import View
from rag.text.normalize import folded
from rag.types import Citation, Edge, Graph, Node, RelationKind

_NEAR_NAMES = 5
_NEAR = 0.5  # how alike a name must be to be proposed


@dataclass(frozen=True, slots=True)
class Place:
    """Where a relation stands: ``[start, end)`` of the stored text of the current version."""

    document_id: str
    section: tuple[str, ...]
    page: int | None
    start: int
    end: int
    passage: int | None  # its number in the generation; None for a heading


class Chain:
    """The map of one generation. It does not change."""

    def __init__(
        self,
        nodes: dict[str, Node],
        edges: dict[tuple[str, str, RelationKind], tuple[Place, ...]],
        names: dict[str, str],
    ) -> None:
        self._nodes = nodes
        self._edges = edges
        self._names = names  # folded name or alias → id

    def find(self, name: str) -> Node | None:
        """The node with this id, name or alias; None where there is none."""
        plain = folded(name.strip())
        return self._nodes.get(name) or self._nodes.get(
            self._names.get(plain) or self._names.get(without_legal_form(plain), "")
        )

    def near(self, name: str) -> list[str]:
        """Names that look like ``name`` or hold it, nearest first."""
        plain = folded(name.strip())
        holding = [known for known in self._names if len(plain) > 1 and (plain in known or known in plain)]
        alike = get_close_matches(plain, self._names, n=_NEAR_NAMES, cutoff=_NEAR)
        ids = dict.fromkeys(self._names[known] for known in (*sorted(holding, key=len), *alike))
        return [self._nodes[i].name for i in ids][:_NEAR_NAMES]

    def around(self, node: Node) -> list[tuple[str, str, RelationKind]]:
        """The edges of a node, and what the segments that it touches are a part of, up to the top."""
        own = [edge for edge in self._edges if node.id in edge[:2]]
        above: list[tuple[str, str, RelationKind]] = []
        open_ids = {edge[1] for edge in own}
        done: set[str] = set()
        while open_ids - done:
            at = min(open_ids - done)
            done.add(at)
            for edge in self._edges:
                if edge[0] == at and edge[2] == "part_of" and edge not in own and edge not in above:
                    above.append(edge)
                    open_ids.add(edge[1])
        return own + above

    def graph(self, view: View, collection: str, name: str | None, limit: int) -> Graph:
        """The part of the map around a node, or all of it, up to ``limit`` edges.

        Raises:
            NotFoundError: there is no such node; names that come near are told.
        """
        node = None
        if name is not None:
            node = self.find(name)
            if node is None:
                raise _unknown(name, self.near(name))
        edges = self.around(node) if node else list(self._edges)
        cited = _Cited(view)
        shown = [Edge(*edge, tuple(cited.number(place) for place in self._edges[edge])) for edge in edges[:limit]]
        ids = dict.fromkeys(([node.id] if node else []) + [i for edge in shown for i in (edge.source, edge.target)])
        reached = {i for edge in edges for i in edge[:2]} | ({node.id} if node else set())
        return Graph(
            collection,
            view.generation,
            tuple(self._nodes[i] for i in ids),
            tuple(shown),
            tuple(cited.all),
            len(reached) if node else len(self._nodes),
            len(edges),
            node.id if node else None,
        )


class _Cited:
    """Places numbered from 1 in order of first use, each fetched as a citation."""

    def __init__(self, view: View) -> None:
        self.all: list[Citation] = []
        self._view = view
        self._numbers: dict[tuple[str, int, int], int] = {}

    def number(self, place: Place) -> int:
        key = (place.document_id, place.start, place.end)
        if key not in self._numbers:
            ref = self._view.ref(place.document_id)
            quote = self._view.text(ref.id, ref.version, place.start, place.end)
            text = quote if place.passage is None else self._view.passage(place.passage)[0].text
            self._numbers[key] = number = len(self.all) + 1
            self.all.append(Citation(number, ref, place.section, place.page, quote, place.start, place.end, text, 1.0))
        return self._numbers[key]


def _unknown(name: str, near: Sequence[str]) -> NotFoundError:
    listed = ", ".join(near)
    en = f"There is no node {name!r} in the map. " + (
        f"Near it: {listed}." if near else "The whole map, without a node, lists them all."
    )
    zh = f"图谱里没有“{name}”。" + (f"相近的有：{'、'.join(near)}。" if near else "不带 node 参数可列出全部节点。")
    return NotFoundError(en, zh, param="node")


def node_id(name: str) -> str:
    """The id of the node with this folded chief name."""
    return "node_" + hashlib.sha256(name.encode()).hexdigest()[:12]
