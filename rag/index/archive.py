"""Which earlier texts an index made anew still keeps: those that citations of the last days may name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rag.types import Document

KEEP_DAYS = 7.0
"""For so long the text of a deleted or replaced document can be read."""


@dataclass(frozen=True, slots=True)
class Buried:
    """A version of a document that answers no more, and since when (ISO, UTC)."""

    document: Document
    since: str


def is_young(since: str, now: str, keep_days: float) -> bool:
    """Whether what died at ``since`` is to be kept still."""
    return datetime.fromisoformat(since) > datetime.fromisoformat(now) - timedelta(days=keep_days)


def layers(buried: Iterable[Buried], living: Collection[tuple[str, int]]) -> list[Mapping[str, Buried]]:
    """The buried versions by document id, in as few mappings as hold each of them once; those that live on (id and
    version) need no second place."""
    held = set(living)
    made: list[dict[str, Buried]] = []
    for one in buried:
        id, version = one.document.id, one.document.version
        if (id, version) in held:
            continue
        held.add((id, version))
        layer = next((layer for layer in made if id not in layer), None)
        if layer is None:
            made.append(layer := {})
        layer[id] = one
    return list(made)
