"""The nouns of the flow, frozen and small.

    Building:  file → Document → Passage
    Asking:    messages → Query → Hit → Evidence → Answer (Statement, each with Citations)

All offsets are Unicode code points, half-open ``[start, end)``, and count in the **stored text** of a
document version (``Document.text``), unless a field says otherwise.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

BlockKind = Literal["heading", "paragraph", "item", "row", "code"]
UnitKind = Literal["sentence", "item", "row", "heading", "code"]
# How an answer is made: of the material's own statements, by a language model, or by one where there is one.
Mode = Literal["auto", "extractive", "llm"]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document's stored text, as its parser saw it.

    ``level`` is 1–6 for headings and the nesting depth for list items, else 0. ``page`` is the 1-based
    page of a PDF that it begins on, else None. ``header`` is the span of the header row that a table row belongs to.
    ``turns`` are the places inside it where another page begins, each with its number.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int | None = None
    header: tuple[int, int] | None = None
    turns: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a document: its stored text and what is known about it.

    ``key`` is the caller's own name for it (for files, the path below the folder given). ``published`` is
    an ISO date or "". ``terms`` are words that the author set off (bold text), candidates for the lexicon.
    ``sha256`` is over the content that decides whether a document changed: stored text and metadata.
    """

    id: str
    key: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    version: int = 1
    source: str = ""
    publisher: str = ""
    derived_from: str = ""
    published: str = ""
    tags: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece that is never cut: a sentence, a list item, a table row. ``context`` is the span of a table
    row's header row, else None."""

    kind: UnitKind
    start: int
    end: int
    context: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive units of one section: what is indexed and retrieved.

    ``text == document.text[start:end]``; ``section`` is the path of headings above it, outermost first;
    ``ordinal`` counts passages within the document from 0. ``page`` is the 1-based page of a PDF that it begins on,
    else None; ``turns`` are the places inside it where another page begins, each with its number.
    """

    document_id: str
    version: int
    ordinal: int
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    units: tuple[Unit, ...]
    page: int | None = None
    turns: tuple[tuple[int, int], ...] = ()

    def page_at(self, place: int) -> int | None:
        """The page on which a place of the stored text, inside the passage, stands."""
        return next((page for at, page in reversed(self.turns) if at <= place), self.page)

    def words(self, start: int, end: int) -> str:
        """The words at ``[start, end)`` of the stored text, a span inside the passage."""
        return self.text[start - self.start : end - self.start]


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """What a citation says of its document."""

    id: str
    version: int
    title: str
    source: str = ""
    derived_from: str = ""
    published: str = ""
    publisher: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """A passage found by search: its fused score in [0, 1], the raw BM25 and cosine with their ranks from 1.

    ``number`` is the passage's number in the generation; ``unit_vectors`` is ``(u, d) float32``, a row a unit;
    ``opening`` is the text of the document's first passage, where this is a later one.
    """

    passage: Passage
    document: DocumentRef
    score: float
    number: int
    unit_vectors: npt.NDArray[np.float32]
    lexical: float
    dense: float
    lexical_rank: int
    dense_rank: int
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words that carry a statement, and where they stand: ``quote == text of the version[start:end]``."""

    id: int
    document: DocumentRef
    section: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer. ``kind`` is ``derived`` for what no single quote says (a count, an
    intersection, a comparison) and is computed from cited items."""

    text: str
    kind: Literal["quoted", "derived"]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One name of the list that a list question asks for."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The bare fact: ``text == stored text[start:end]`` of the citation's document version."""

    text: str
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Related:
    """A passage that comes nearest when an answer is refused."""

    document: DocumentRef
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    score: float


NodeKind = Literal["segment", "product", "company"]
RelationKind = Literal["supplies", "part_of", "customer_of", "subsidiary_of"]


@dataclass(frozen=True, slots=True)
class Node:
    """A segment (what a section is about), a product or a company of the chain. ``id`` is made of the name, so it stays
    from one generation to the next; ``aliases`` are its other names in the material."""

    id: str
    name: str
    kind: NodeKind
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` stands in a relation to ``target`` (ids of nodes): a company *supplies* a product or a segment, is a
    *customer_of* or *subsidiary_of* another; a product or segment is *part_of* another. ``citations`` are the places
    that say so."""

    source: str
    target: str
    relation: RelationKind
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Who does what, as far as the material says: the whole chain, or what is around one ``node`` (its id).

    ``total_nodes`` and ``total_edges`` count what there is, also where a limit left some out.
    """

    collection: str
    generation: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    citations: tuple[Citation, ...]
    total_nodes: int
    total_edges: int
    node: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The reply of ``GET /v1/graph``: plain lists and dicts, ready for JSON."""
        reply = asdict(self)
        reply["index"] = {"collection": reply.pop("collection"), "generation": reply.pop("generation")}
        return reply


RepairKind = Literal["moved", "replaced", "dropped", "added"]
# Why an answer that a language model was to write was made of the material's own statements.
Fallback = Literal["failed", "late", "paused", "unsupported", "declined", "computed"]


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a statement that a language model wrote and that its sentences did not carry as it stood.

    ``kind``: ``moved`` (it rests on another sentence than it named, and cites that one), ``replaced`` (it went beyond its
    sentences, and the quote itself is said), ``dropped`` (nothing carries it), ``added`` (left out by the model, and part of
    the list asked for). ``reason`` is what was wrong: a word of
    :data:`rag.entail.REASONS`; ``unnamed`` or ``misnamed`` (it named no sentence, or others); ``repeated`` or ``circling``; ``unfinished``;
    ``absent`` (it says that the material does not say); or "". ``statement`` is the
    place, from 0, of what is said instead in the answer's ``statements``; None where nothing is. What the model had written is
    not repeated: it is not supported.
    """

    kind: RepairKind
    reason: str = ""
    statement: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the language model read and wrote for an answer, as its server counts them, and its ``model`` name."""

    model: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back for a question. Field by field the reply of ``POST /v1/chat`` (``text`` is ``answer`` there).

    ``disagreeing`` says that documents contradict one another: each account stands there under its document and date.
    ``timings`` are milliseconds by stage. ``confidence`` is in [0, 1]. ``understood`` and ``trace`` are there where an
    explanation was asked for: how each part of the question was read, and what became of each candidate passage.

    ``mode`` says how it was made. ``fallback`` is why it is extractive where a language model was to write it: the model
    ``failed``, was ``late``, is ``paused`` after failing too often, wrote nothing that holds (``unsupported``),
    ``declined`` to answer, or the answer is ``computed`` or set against another account, which a model is not asked to do.
    ``repairs`` are what was mended in what it wrote, ``usage`` the tokens that it took.
    """

    id: str
    created: int
    mode: Literal["extractive", "llm"]
    collection: str
    generation: int
    version: str
    config: str
    question: str
    standalone_question: str
    text: str
    refused: bool
    confidence: float
    missing: tuple[str, ...] = ()
    incomplete: bool = False
    disagreeing: bool = False
    short_answer: ShortAnswer | None = None
    items: tuple[Item, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    related: tuple[Related, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)
    trace: tuple[dict[str, Any], ...] | None = None
    understood: tuple[dict[str, Any], ...] | None = None
    fallback: Fallback | None = None
    repairs: tuple[Repair, ...] = ()
    usage: Usage | None = None

    def as_dict(self) -> dict[str, Any]:
        """The reply of ``POST /v1/chat``: plain lists and dicts, ready for JSON."""
        reply = asdict(self)
        reply["answer"] = reply.pop("text")
        reply["index"] = {"collection": reply.pop("collection"), "generation": reply.pop("generation")}
        if self.trace is None:
            del reply["trace"]
        if self.understood is None:
            del reply["understood"]
        if not self.refused:
            del reply["related"]
        return reply
