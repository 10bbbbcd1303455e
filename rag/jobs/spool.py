"""Bytes that were sent, on the disk before anyone is told that they are there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from rag.index.files import storage, sync_folder
from rag.jobs.ingestion import Spooled

ORPHAN_SECONDS = 24 * 3600  # longer than any upload takes: a folder that nobody asks for is then of a process that died


class Incoming:
    """The files of one ingestion on their way to the disk, one after the other.

    They are named by their numbers, never by what the sender calls them. Not for several threads at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        self._size = 0
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()

    @property
    def id(self) -> str:
        """The id of the ingestion that they will be."""
        return self.folder.name

    def begin(self) -> None:
        """Open the next file. Raises StorageError."""
        with storage(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file = (self.folder / str(self._count)).open("xb")
        self._size, self._hash = 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Put more into the open file. Raises StorageError."""
        assert self._file is not None
        with storage(self.folder):
            self._file.write(data)
        self._size += len(data)
        self._hash.update(data)

    def end(self) -> Spooled:
        """Make the open file durable and close it. Raises StorageError."""
        assert self._file is not None
        file, self._file = self._file, None
        with storage(self.folder), file:
            file.flush()
            os.fsync(file.fileno())
        spooled = Spooled(self._count, self._size, self._hash.hexdigest())
        self._count += 1
        return spooled

    def put(self, data: bytes) -> Spooled:
        """A whole file at once. Raises StorageError."""
        self.begin()
        self.write(data)
        return self.end()

    def seal(self) -> None:
        """Make the names durable too. Raises StorageError."""
        with storage(self.folder):
            for folder in (self.folder, *self.folder.parents[:2]):
                sync_folder(folder)

    def discard(self) -> None:
        """Remove what was received; a second time does nothing."""
        if self._file is not None:
            self._file.close()
            self._file = None
        shutil.rmtree(self.folder, ignore_errors=True)


def remove(folder: Path) -> None:
    """Remove the files of an ingestion that is over."""
    shutil.rmtree(folder, ignore_errors=True)


def remove_orphans(files: Path, known: Collection[str]) -> None:
    """Remove what was received for ingestions that never came to be (the process died, or the sender went away)."""
    if not files.is_dir():
        return
    for folder in files.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process removes it too
            if folder.name not in known and folder.stat().st_mtime < time.time() - ORPHAN_SECONDS:
                remove(folder)
