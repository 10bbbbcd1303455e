"""The collections of an index: named bodies of documents that know nothing of one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from rag.errors import CollectionExistsError, IndexError_, InputError
from rag.index.build import fingerprint
from rag.index.embed import Encoder
from rag.index.local import LocalStore
from rag.index.segment import texts_alone
from rag.index.store import OvertakenError, missing_collection
from rag.jobs.ingest import store_of
from rag.settings import COLLECTION, Settings
from rag.text.words import Learned

_NAME = re.compile(COLLECTION)


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection, and how many live documents and passages it holds. ``created`` is in seconds since 1970 (UTC)."""

    name: str
    documents: int
    passages: int
    generation: int
    created: int


def list_collections(settings: Settings) -> list[CollectionInfo]:
    """The collections of the settings' index, ordered by name; one that cannot be read is left out."""
    found = []
    folders = settings.index.iterdir() if settings.index.is_dir() else ()
    for name in sorted(folder.name for folder in folders):
        if is_collection_name(name):
            try:
                found.append(collection_info(settings, name))
            except IndexError_:
                continue
    return found


def create_collection(settings: Settings, name: str, *, encoder: Encoder) -> CollectionInfo:
    """Make an empty collection: it can be asked, and has no answers yet.

    Args:
        encoder: the embedding model that its documents will be encoded with.

    Raises:
        CollectionExistsError: there is one of that name. InputError: it is no name for one.
        IndexBusyError, StorageError: see their messages.
    """
    if not is_collection_name(name):
        raise InputError(
            f"{name!r} is no name for a collection; use 1 to 64 letters, digits, hyphens and underscores.",
            f"“{name}”不能用作资料集的名称；请用 1–64 个字母、汉字、数字、连字符或下划线。",
            param="name",
        )
    learned = Learned()
    made_with = fingerprint(encoder, settings.passage_chars, learned)
    try:
        _store(settings, name).add(
            texts_alone((), encoder.dimension), expected=0, fingerprint=made_with, learned=learned
        )
    except OvertakenError:
        raise CollectionExistsError(
            f"There is a collection {name!r} already; use it, or choose another name.",
            f"已有资料集“{name}”；请直接使用，或换一个名称。",
            param="name",
        ) from None
    return collection_info(settings, name)


def delete_collection(settings: Settings, name: str) -> None:
    """Remove a collection and everything in it. Questions in flight are still answered from it.

    Raises:
        CollectionNotFoundError: there is none of that name. IndexBusyError, StorageError: see their messages.
    """
    if not is_collection_name(name):
        raise missing_collection(name)
    _store(settings, name).delete()


def collection_info(settings: Settings, name: str) -> CollectionInfo:
    """What a collection holds. Raises IndexMissingError, IndexCorruptError."""
    told = _store(settings, name).summary()
    created = int(datetime.fromisoformat(told.begun).timestamp())
    return CollectionInfo(name, told.documents, told.passages, told.generation, created)


def is_collection_name(name: str) -> bool:
    """Whether a collection may have this name: 1 to 64 letters (of any script), digits, hyphens, underscores."""
    return _NAME.fullmatch(name) is not None and not name.endswith("\n")


def has_collection(settings: Settings, name: str) -> bool:
    """Whether the settings' index has a collection of that name, sound or damaged; nothing is opened."""
    return is_collection_name(name) and _store(settings, name).exists()


def _store(settings: Settings, name: str) -> LocalStore:
    return store_of(settings.model_copy(update={"collection": name}))
