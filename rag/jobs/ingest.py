"""Files → an index: each is read, those that cannot be are told apart, the rest is built in one generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.documents.load import document_id, find_files, load_file
from rag.errors import FileError
from rag.index.build import Built, Progress, build
from rag.index.embed import Encoder, open_encoder
from rag.index.local import LocalStore
from rag.settings import Settings


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
    progress: Progress | None = None,
    stage: Callable[[str], None] | None = None,
) -> Ingested:
    """Bring the settings' index to hold what is under ``paths``.

    A file that cannot be read is reported and the rest goes on; what the index held of it stays. Where none can be
    read nothing is changed.

    Args:
        encoder: opened from the settings unless given. progress: told (stage, done, total).
        stage: told of each stage of preparing the model.

    Raises:
        NoDocumentsError: there is no readable kind of file. FileError: every one of them failed (the first's error).
        ModelError, IndexMismatchError, IndexBusyError, StorageError: see their messages.
    """
    report = progress or (lambda name, done, total: None)
    files = find_files(paths)
    documents, failures, unread = [], [], set()
    for number, (path, key) in enumerate(files):
        try:
            documents.append(load_file(path, key=key))
        except FileError as error:
            failures.append(error)
            unread.add(document_id(key))
        report("read", number + 1, len(files))
    if not documents:
        raise failures[0]
    encoder = encoder or encoder_of(settings, progress=stage)
    built = build(
        store_of(settings),
        documents,
        encoder,
        passage_chars=settings.passage_chars,
        fresh=fresh,
        keep=unread,
        progress=report,
    )
    return Ingested(built, tuple(failures))
