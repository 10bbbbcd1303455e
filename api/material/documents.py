"""Documents as the service shows them, and the cursor that pages through their list."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from typing import Any

from api.errors import ApiError
from rag import Document, sections


def info(document: Document) -> dict[str, Any]:
    """A document's metadata (:class:`api.replies.DocumentInfo`)."""
    return {
        "id": document.id,
        "key": document.key,
        "version": document.version,
        "title": document.title,
        "source": document.source,
        "publisher": document.publisher,
        "derived_from": document.derived_from,
        "published": document.published,
        "tags": list(document.tags),
        "sha256": document.sha256,
        "characters": len(document.text),
    }


def whole(document: Document) -> dict[str, Any]:
    """A document with its sections and stored text (:class:`api.replies.DocumentReply`)."""
    parts = [{"path": list(path), "start": start, "end": end} for path, start, end in sections(document)]
    return {**info(document), "sections": parts, "text": document.text}


def page(documents: list[Document], cursor: str | None, limit: int) -> dict[str, Any]:
    """Up to ``limit`` of ``documents`` (ordered by key) after ``cursor`` (:class:`api.replies.DocumentsReply`).

    The cursor is the last key shown, so that a document added or removed meanwhile moves no other one.

    Raises:
        ApiError: 422 ``invalid_cursor``.
    """
    begin = 0 if cursor is None else bisect_right(documents, _decode(cursor), key=lambda document: document.key)
    shown = documents[begin : begin + limit]
    more = begin + limit < len(documents)
    return {"documents": [info(document) for document in shown], "next": _encode(shown[-1].key) if more else None}


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ApiError(
            422,
            "invalid_cursor",
            "cursor 无效，请原样使用上一页返回的 next。",
            "The cursor is not valid; send back `next` of the page before, unchanged.",
            param="cursor",
        ) from None
