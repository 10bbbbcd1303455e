"""Files or documents → an index: those that cannot be read are told apart, the rest is built in one generation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rag.documents.load import document_id, find_files, load_file
from rag.errors import FileError, IndexBusyError, StorageError
from rag.index.build import Built, Progress, build
from rag.index.compact import compact
from rag.index.embed import Encoder, open_encoder
from rag.index.local import LocalStore
from rag.settings import Settings
from rag.types import Document


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingestion did, and the files that could not be read."""

    built: Built
    failures: tuple[FileError, ...]


def encoder_of(settings: Settings, *, progress: Callable[[str], None] | None = None) -> Encoder:
    """The embedding model that the settings name. Raises ModelError."""
    return open_encoder(
        settings.model,
        model_dir=settings.model_dir,
        engine=settings.engine,
        threads=settings.threads or None,
        progress=progress,
    )


def store_of(settings: Settings) -> LocalStore:
    """The store that the settings name."""
    return LocalStore(settings.index / settings.collection, k1=settings.bm25_k1, b=settings.bm25_b)


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    fresh: bool = False,
    keep: Collection[str] = (),
    others: bool = False,
    load: Callable[[Path, str], Document] | None = None,
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
) -> Ingested:
    """Bring the settings' index to hold what is under ``paths``.

    A file that cannot be read is reported and the rest goes on; what the index held of it stays. Where none can be
    read nothing is changed.

    Args:
        encoder: opened from the settings unless given. keep: ids of documents to leave in the index although they are
        not under ``paths``; any other goes, unless ``others`` are to stay. progress: told (stage, done, total).
        stage: told of each stage of preparing the model. load: reads a file of a key; ``load_file`` unless given.

    Raises:
        NoDocumentsError: there is no readable kind of file. FileError: every one of them failed (the first's error).
        ModelError, IndexMismatchError, IndexBusyError, StorageError: see their messages.
    """
    report = progress or (lambda name, done, total: None)
    files = find_files(paths)
    documents, failures, unread = [], [], set(keep)
    for number, (path, key) in enumerate(files):
        try:
            _check_name(key)
            documents.append(load(path, key) if load else load_file(path, key=key))
        except FileError as error:
            failures.append(error)
            unread.add(document_id(key))
        report("read", number + 1, len(files))
    if not documents:
        raise failures[0]
    built = ingest_documents(
        documents, settings, encoder=encoder, fresh=fresh, keep=unread, others=others, progress=progress, stage=stage
    )
    return Ingested(built, tuple(failures))


def _check_name(key: str) -> None:
    """Raises FileError for a name that is not UTF-8 (a file from an old archive): nothing could store or show it."""
    if key != (shown := key.encode("utf-8", "replace").decode()):
        raise FileError(
            f"The name of the file {shown} is not UTF-8; rename it and try again.",
            f"文件 {shown} 的名称不是 UTF-8 编码；请改名后重试。",
        )


def ingest_documents(
    documents: Sequence[Document],
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    fresh: bool = False,
    keep: Collection[str] = (),
    others: bool = False,
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
) -> Built:
    """Bring the settings' index to hold these documents, and no others but those in ``keep``. Where many such changes
    have left many segments, they are merged.

    Args:
        encoder, progress, stage: as for :func:`ingest`. fresh: make the whole index anew.
        keep: ids of documents that stay in the index although they are not given. others: all of them do.

    Raises:
        ModelError, IndexMismatchError, IndexBusyError, StorageError: see their messages.
    """
    store = store_of(settings)
    built = build(
        store,
        documents,
        encoder or encoder_of(settings, progress=stage),
        passage_chars=settings.passage_chars,
        fresh=fresh,
        keep=keep,
        others=others,
        progress=progress,
    )
    if store.crowded():
        with suppress(IndexBusyError, StorageError):  # what was given is on disk; a later change merges
            return replace(built, generation=compact(store).generation)
    return built
