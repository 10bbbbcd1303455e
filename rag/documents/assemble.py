"""Pieces, or a plain text → Document: the stored text, and where every block stands in it."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import astuple, replace
from datetime import date
from typing import Any

from rag.documents.pieces import Draft, Span, flat
from rag.errors import InputError
from rag.types import Block, Document

_LINE = re.compile(r"\S[^\n]*")
_NO_TERM = re.compile(r"[。！？!?；;，,、：:…\n]")


def assemble(draft: Draft, *, key: str, stem: str) -> Document:
    """The document of a cleaned draft. Its title is what the front matter says, else its first heading of level 1,
    else what the file's metadata says, else ``stem``."""
    parts: list[str] = []
    blocks: list[Block] = []
    headers: dict[int, Span] = {}
    length = 0
    previous = None
    for piece in draft.pieces:
        if previous is not None:
            together = piece.kind == previous.kind and piece.kind in ("item", "row") and piece.group == previous.group
            parts.append("\n" if together else "\n\n")
            length += len(parts[-1])
        start, length = length, length + len(piece.text)
        parts.append(piece.text)
        header = headers.get(piece.group) if piece.kind == "row" else None
        turns = tuple((start + at, page) for at, page in piece.turns)
        blocks.append(Block(piece.kind, start, length, piece.level, piece.page, header, turns))
        if piece.header:
            headers[piece.group] = (start, length)
        previous = piece
    first = next((piece.text for piece in draft.pieces if piece.kind == "heading" and piece.level == 1), "")
    document = Document(
        id=document_id(key),
        key=key,
        title=draft.stated_title or flat(first) or draft.title or stem,
        text="".join(parts),
        blocks=tuple(blocks),
        source=draft.source,
        publisher=draft.publisher,
        derived_from=draft.derived_from,
        published=draft.published,
        tags=draft.tags,
        terms=_terms(draft),
    )
    return replace(document, sha256=_digest(document))


def document_from_text(
    text: str,
    *,
    key: str,
    title: str = "",
    source: str = "",
    publisher: str = "",
    published: str = "",
    tags: tuple[str, ...] = (),
) -> Document:
    """The document of a text that a program holds, stored character for character as it is given, so that offsets in
    it stay valid. Each line that is not blank is a paragraph; no headings or lists are looked for.

    >>> document_from_text("显存越大越好。", key="notes/1").blocks
    (Block(kind='paragraph', start=0, end=7, level=0, page=None, header=None, turns=()),)

    Args:
        key: the caller's own name for the document. title: ``key`` unless given. published: an ISO date or "".

    Raises:
        InputError: the text is blank, or ``published`` is not a date.
    """
    blocks = tuple(Block("paragraph", m.start(), m.start() + len(m.group().rstrip())) for m in _LINE.finditer(text))
    if not blocks:
        raise InputError(
            f"The text of {key} is blank; give it words or leave it out.", f"{key} 的文本是空的；请补充内容或不要加入。"
        )
    document = Document(
        id=document_id(key),
        key=key,
        title=title or key,
        text=text,
        blocks=blocks,
        source=source,
        publisher=publisher,
        published=_day(published) if published else "",
        tags=tags,
    )
    return replace(document, sha256=_digest(document))


def described(
    document: Document,
    *,
    title: str = "",
    source: str = "",
    publisher: str = "",
    derived_from: str = "",
    published: str = "",
    tags: tuple[str, ...] = (),
) -> Document:
    """The document with what its giver says of it in place of what was read in it; what is empty says nothing.

    Raises:
        InputError: ``published`` is not a date.
    """
    lines = {"title": title, "source": source, "publisher": publisher, "derived_from": derived_from}
    told: dict[str, Any] = {name: line for name, value in lines.items() if (line := flat(value))}
    if published.strip():
        told["published"] = _day(published.strip())
    if named := tuple(dict.fromkeys(tag for given in tags if (tag := flat(given)))):
        told["tags"] = named
    if not told:
        return document
    document = replace(document, **told)
    return replace(document, sha256=_digest(document))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise InputError(
            f"published is {text!r}, which is no date; write it as 2024-01-31.",
            f"published 的值“{text}”不是日期；请写成 2024-01-31 的形式。",
            param="published",
        ) from None


def document_id(key: str) -> str:
    """A document's id: ``doc_`` and 16 hexadecimal digits of its key's SHA-256."""
    return "doc_" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _terms(draft: Draft) -> tuple[str, ...]:
    """Bold runs of 2–20 characters that could be words, in order, each once."""
    runs = (flat(piece.text[start:end]).rstrip("：: ") for piece in draft.pieces for start, end in piece.bold)
    return tuple(
        dict.fromkeys(
            run for run in runs if 2 <= len(run) <= 20 and not _NO_TERM.search(run) and any(map(str.isalpha, run))
        )
    )


def _digest(document: Document) -> str:
    fields = (document.title, document.source, document.publisher, document.derived_from, document.published)
    blocks = [astuple(block)[: None if block.turns else -1] for block in document.blocks]
    content = [document.text, *fields, document.tags, document.terms, blocks]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()
