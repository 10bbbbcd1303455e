"""What an ingestion is: documents that were sent together, and how far they have come.

    queued → running → done     (``failed`` where not one of its documents could be read)

Times are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

State = Literal["queued", "running", "done", "failed"]
Stage = Literal["read", "learn", "encode"]
Outcome = Literal["waiting", "added", "replaced", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Spooled:
    """A file that was received: its number in its ingestion, ``size`` in bytes, hex ``sha256``."""

    number: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that was sent: its bytes on the disk and what the sender says of it.

    ``name`` is a label, and says the format by its suffix; it never names a file here. Without a ``key`` one is made of
    the name and the content. ``plain``: the bytes are UTF-8 text, to be stored character for character. ``published``
    is an ISO date or "".
    """

    MAX_KEY: ClassVar[int] = 512  # characters
    MAX_NAME: ClassVar[int] = 200

    name: str
    file: Spooled
    key: str = ""
    title: str = ""
    source: str = ""
    published: str = ""
    tags: tuple[str, ...] = ()
    plain: bool = False

    @property
    def document_key(self) -> str:
        """The key that it is stored by: the same file twice is one document, another of the same name is another."""
        return self.key or f"{self.name}#{self.file.sha256[:16]}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document was not read: a code, and one sentence in Chinese and in English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Result:
    """What has become of one document of an ingestion. ``id`` and ``version`` once it is in the index."""

    name: str
    key: str
    state: Outcome = "waiting"
    id: str | None = None
    version: int | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Ingestion:
    """Documents that were sent together. ``done`` of ``total`` count within ``stage``; ``generation`` is the one that
    holds them, once they are done."""

    id: str
    collection: str
    state: State
    stage: Stage | None
    done: int
    total: int
    created: float
    finished: float | None
    generation: int | None
    documents: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """An ingestion that is being worked on: its uploads in order, and how often it was begun before."""

    id: str
    collection: str
    tries: int
    folder: Path
    uploads: tuple[Upload, ...]

    def path(self, upload: Upload) -> Path:
        """Where the bytes of one of its uploads are."""
        return self.folder / str(upload.file.number)
