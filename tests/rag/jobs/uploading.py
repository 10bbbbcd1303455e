"""Uploads for tests, and a library to put them into that needs no model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.index.embed import Encoder, HashEncoder
from rag.jobs.collections import create_collection
from rag.jobs.ingestion import Ingestion, Upload
from rag.jobs.queue import IngestionQueue
from rag.settings import Settings


@dataclass(frozen=True)
class TinyLibrary:
    """What a worker needs of an assistant."""

    settings: Settings
    encoder: Encoder


def tiny_library(index: Path, *collections: str, encoder: Encoder | None = None) -> TinyLibrary:
    """A library with empty collections, ``default`` among them."""
    library = TinyLibrary(Settings(index=index, model="hash"), encoder or HashEncoder())
    for name in ("default", *collections):
        create_collection(library.settings, name, encoder=HashEncoder())
    return library


def send(
    queue: IngestionQueue, *texts: str, key: str = "", name: str = "a.md", collection: str = "default", repeat: str = ""
) -> Ingestion:
    """Put texts into the queue, as the files of one upload."""
    incoming = queue.incoming()
    uploads = [Upload(name, incoming.put(text.encode()), key) for text in texts]
    return queue.submit(incoming, collection, uploads, idempotency_key=repeat)
