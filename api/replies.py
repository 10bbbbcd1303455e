"""What a reply holds: the shapes shown in ``/docs`` and ``/openapi.json``. Offsets are Unicode code points.

Replies are written from rag's own types; these models describe them, and a test holds the two together.
Fields may be added, so none of these refuses one.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Reply(BaseModel):
    model_config = ConfigDict(extra="allow")


class DocumentRef(Reply):
    id: str
    version: int
    title: str
    source: str = ""
    publisher: str = ""
    derived_from: str = ""
    published: str = Field(default="", description="ISO date, or empty")
    tags: list[str] = []


class Citation(Reply):
    """The exact words that carry a statement: `quote` is the stored text of that version from `start` to `end`."""

    id: int
    document: DocumentRef
    section: list[str] = Field(description="headings above it, outermost first")
    page: int | None
    quote: str
    start: int
    end: int
    text: str = Field(description="the whole passage that the quote stands in")
    score: float


class Statement(Reply):
    text: str
    kind: Literal["quoted", "derived"]
    citations: list[int]


class Item(Reply):
    text: str
    citations: list[int]


class ShortAnswer(Reply):
    """The bare fact; `start` and `end` count in the stored text of the citation's document."""

    text: str
    citation: int
    start: int
    end: int


class Related(Reply):
    document: DocumentRef
    section: list[str]
    text: str
    start: int
    end: int
    score: float


class IndexState(Reply):
    collection: str
    generation: int


class Repair(Reply):
    """What became of a statement that a language model wrote and that its sentences did not carry."""

    kind: Literal["moved", "replaced", "dropped", "added"]
    reason: str = Field(description="what was wrong with it, or empty")
    statement: int | None = Field(description="place in `statements`, from 0, of what is said instead, or null")


class LanguageModelUsage(Reply):
    model: str
    input_tokens: int
    output_tokens: int


FallbackReason = Literal["failed", "late", "paused", "unsupported", "declined", "computed"]


class ChatReply(Reply):
    """An answer with its evidence. Every `[n]` in `answer` is the id of a citation."""

    id: str
    created: int = Field(description="Unix time in seconds")
    mode: Literal["extractive", "llm"]
    index: IndexState
    version: str
    config: str
    question: str
    standalone_question: str
    answer: str
    refused: bool
    missing: list[str]
    incomplete: bool
    disagreeing: bool = Field(description="documents contradict one another; each account names its document and date")
    confidence: float = Field(description="in [0, 1]")
    short_answer: ShortAnswer | None
    items: list[Item]
    statements: list[Statement]
    citations: list[Citation]
    fallback: FallbackReason | None = Field(
        description="why no language model wrote an answer that one was asked for, or null"
    )
    repairs: list[Repair] = Field(description="what was mended in what a language model wrote")
    usage: LanguageModelUsage | None = Field(description="tokens that a language model took, or null")
    related: list[Related] | None = Field(default=None, description="only where the answer is a refusal")
    timings: dict[str, float] = Field(description="milliseconds by stage")
    trace: list[dict[str, Any]] | None = Field(
        default=None,
        description="only with `explain`: of each candidate its rank and score at each stage, and its fate",
    )
    understood: list[dict[str, Any]] | None = Field(
        default=None, description="only with `explain`: how each part of the question was read"
    )


class Found(Reply):
    document: DocumentRef
    section: list[str]
    text: str
    start: int
    end: int
    score: float
    highlights: list[tuple[int, int]] = Field(description="spans in `text`")
    trace: dict[str, Any] | None = Field(default=None, description="only with `explain`")


class SearchReply(Reply):
    results: list[Found]
    timings: dict[str, float]


class DocumentInfo(DocumentRef):
    key: str
    sha256: str
    characters: int = Field(description="length of the stored text, in code points")


class DocumentsReply(Reply):
    documents: list[DocumentInfo]
    next: str | None = Field(description="cursor of the next page, or null at the end")


class Section(Reply):
    path: list[str]
    start: int
    end: int


class DocumentReply(DocumentInfo):
    sections: list[Section]
    text: str = Field(description="the stored text, which every citation's offsets count in")


class ExamplesReply(Reply):
    examples: list[str]


class StatusReply(Reply):
    status: str


class VersionReply(Reply):
    version: str
    index: IndexState | None = Field(description="null until the index is loaded")
    fingerprint: dict[str, str] | None
    language_model: str | None = Field(
        description="name of the language model that writes answers, or null: none is configured"
    )


class ErrorBody(Reply):
    code: str
    message: str = Field(description="what is wrong and what to do; Chinese unless Accept-Language prefers English")
    param: str | None
    request_id: str


class ErrorReply(Reply):
    error: ErrorBody


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route: errors of its own, beside those that :mod:`api.description` writes into each."""
    return {status: {"model": ErrorReply} for status in statuses}
