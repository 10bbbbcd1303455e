"""Documents into a collection and out of it, one or many at a time; what else is there stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.errors import IndexMissingError, NotFoundError
from rag.index import compact as index
from rag.index.archive import KEEP_DAYS
from rag.index.build import Built, Progress
from rag.index.embed import Encoder
from rag.index.store import Store, missing_collection, retried
from rag.jobs.ingest import ingest_documents, store_of
from rag.settings import Settings
from rag.types import Document


def add_documents(
    documents: Sequence[Document],
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
) -> Built:
    """Add documents to the settings' collection; every other one stays, whatever another writer does meanwhile.

    A document whose key is there already is replaced by a new version, unless it is the same in text and metadata. One
    of another key whose stored text is there is not added again: its outcome names the document that holds it. The
    collection is made where there is none. What is returned is on disk.

    Args:
        encoder: opened from the settings unless given. progress: told (stage, done, total). stage: told of each stage of
            preparing the model.

    Raises:
        InputError: two of the documents have one key. CollectionNotFoundError: the collection was deleted meanwhile.
        ModelError, IndexMismatchError, IndexCorruptError, IndexBusyError, StorageError: see their messages.
    """
    return ingest_documents(documents, settings, encoder=encoder, others=True, progress=progress, stage=stage)


def compact(settings: Settings, *, keep_days: float = KEEP_DAYS, progress: Progress | None = None) -> Built:
    """Merge the collection's segments into one, learn its terms anew, and forget what was deleted or replaced more than
    ``keep_days`` ago. Adding does so by itself when it is due; no model is needed.

    Args:
        progress: told (stage, done, total).

    Returns:
        The living documents, as unchanged, and the number of their passages.

    Raises:
        CollectionNotFoundError: there is no such collection.
        IndexMismatchError, IndexCorruptError, IndexBusyError, StorageError: see their messages.
    """
    store = store_of(settings)
    try:
        return index.compact(store, keep_days=keep_days, progress=progress)
    except IndexMissingError:
        raise missing_collection(store.name) from None


def remove_documents(ids: Sequence[str], settings: Settings, *, encoder: Encoder | None = None) -> int:
    """Remove documents from the settings' collection, all of them or, where one is not there, none.

    Their text can still be read, by id and version, for seven days.

    Args:
        ids: the documents' ids. encoder: not needed.

    Returns:
        The generation without them.

    Raises:
        NotFoundError: naming the first that is not there. CollectionNotFoundError: there is no such collection.
        IndexCorruptError, IndexBusyError, StorageError: see their messages.
    """
    store = store_of(settings)
    return retried(lambda: _removed(store, ids))


def _removed(store: Store, ids: Sequence[str]) -> int:
    expected = store.generation()
    try:
        held = store.document_ids()
    except IndexMissingError:
        raise missing_collection(store.name) from None
    for id in ids:
        if id not in held:
            raise NotFoundError(
                f"There is no document {id!r}; nothing was removed.", f"没有文档 {id}；没有移除任何文档。", param="id"
            )
    return store.remove(ids, expected=expected) if ids else expected
