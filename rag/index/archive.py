"""Earlier texts that an index made anew still keeps: those that citations of the last days may name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rag.types import Document

KEEP_DAYS = 7.0
"""For so long the text of a deleted or replaced document can be read."""

_MARK = "#"  # no id of a document has one


@dataclass(frozen=True, slots=True)
class Buried:
    """A version of a document that answers no more, and since when (ISO, UTC)."""

    document: Document
    since: str


def is_young(since: str, now: str, keep_days: float) -> bool:
    """Whether what died at ``since`` is to be kept still."""
    return datetime.fromisoformat(since) > datetime.fromisoformat(now) - timedelta(days=keep_days)


def entered(buried: Iterable[Buried], living: Collection[tuple[str, int]]) -> list[Buried]:
    """What an archive holds, several versions of a document side by side, each known by its own :func:`entry_id`; those
    that live on, by id and version, need no second place."""
    held = set(living)
    made = []
    for one in buried:
        name = one.document.id, one.document.version
        if name not in held:
            held.add(name)
            made.append(Buried(replace(one.document, id=entry_id(*name)), one.since))
    return made


def entry_id(document_id: str, version: int) -> str:
    """What a version of a document is known by in an archive."""
    return f"{document_id}{_MARK}{version}"


def document_id(entry: str) -> str:
    """The id of the document that an entry of an archive, or of any other segment, is of."""
    return entry.partition(_MARK)[0]
