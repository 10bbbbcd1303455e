"""Batches on disk, a folder each, so that any worker may go on with one and none is lost with a process.

<index>/.batches/bat_…/
  batch.json       what was asked for, by whom
  questions.jsonl  the lines as they came
  answers.jsonl    the journal (:class:`rag.BatchJournal`), locked by who is at work
  progress.json    how far it is, as that one last said
  cancelled        there once it was stopped
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from pydantic import TypeAdapter

from rag import BatchJournal, BatchLine, BatchProgress, Mode, batch_lines, replace_file, storage

logger = logging.getLogger("suanlian.api")

FOLDER = ".batches"
KEPT_SECONDS = 7 * 24 * 3600
_UNFINISHED_UPLOAD = ".new-"
_UPLOAD_SECONDS = 24 * 3600
_ID = re.compile(r"bat_[0-9a-f]{24}")

BatchState = Literal["queued", "running", "done", "cancelled"]
_Kind = TypeVar("_Kind")
State = Literal["queued", "running", "done", "cancelled"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch asks. ``owner`` is the caller's name; ``sha256`` tells the body and what it was sent with apart."""

    id: str
    collection: str
    owner: str
    mode: Mode
    top_k: int | None
    created: float
    total: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """How far a batch is. ``done`` lines have come to an end, of which ``failed`` with an error and ``refused`` with a refusal;
    ``rate`` is questions a second, ``eta`` seconds (None: not known, or over), ``finished`` Unix time."""

    state: BatchState
    done: int
    failed: int
    refused: int
    rate: float
    eta: float | None
    finished: float | None


@dataclass(frozen=True, slots=True)
class _Told:
    """What progress.json says: :class:`rag.BatchProgress`, and when the batch was done."""

    done: int = 0
    failed: int = 0
    refused: int = 0
    rate: float = 0.0
    eta: float | None = None
    finished: float | None = None


_BATCH, _TOLD = TypeAdapter(Batch), TypeAdapter(_Told)


class BatchStore:
    """The batches below an index's folder. Nothing is made there before the first batch comes.

    What cannot be read there (damaged, or of another version) is no batch: the log names it once, and the others go on.
    """

    def __init__(self, index: Path) -> None:
        self.folder = index / FOLDER
        self._named: dict[Path, Exception] = {}
        self._over: set[str] = set()  # what has ended stays so, and need not be looked at again

    def upload(self) -> Path:
        """An empty folder for a batch whose lines are still coming. Raises StorageError."""
        folder = self.folder / f"{_UNFINISHED_UPLOAD}{uuid.uuid4().hex}"
        with storage(folder):
            folder.mkdir(parents=True)
        return folder

    def add(self, uploaded: Path, batch: Batch) -> Batch:
        """Take up an uploaded batch as one step; where its id is there already, the batch that has it."""
        replace_file(uploaded / "batch.json", json.dumps(asdict(batch)).encode())
        try:
            os.rename(uploaded, self.folder / batch.id)
        except OSError:
            if (held := self.get(batch.id)) is None:
                raise
            shutil.rmtree(uploaded, ignore_errors=True)
            return held
        return batch

    def get(self, id: str) -> Batch | None:
        """The batch with this id."""
        if not _ID.fullmatch(id):  # what is no id is no path either
            return None
        found = self._held(_BATCH, self.folder / id / "batch.json")
        return found if found and found.id == id else None

    def all(self) -> list[Batch]:
        """Every batch, oldest first."""
        return self._read(self._names())

    def _names(self) -> set[str]:
        try:
            return {entry.name for entry in self.folder.iterdir()}
        except FileNotFoundError:
            return set()
        except OSError as error:
            self._name(self.folder, error)
            return set()

    def _read(self, names: Iterable[str]) -> list[Batch]:
        return sorted((b for name in names if (b := self.get(name))), key=lambda batch: (batch.created, batch.id))

    def lines(self, batch: Batch, max_chars: int) -> Iterator[BatchLine]:
        """Its questions, one after the other."""
        with (self.folder / batch.id / "questions.jsonl").open("rb") as file:
            yield from batch_lines(enumerate(file, 1), max_chars=max_chars)

    def journal(self, batch: Batch) -> BatchJournal:
        """Its answers."""
        return BatchJournal(self.folder / batch.id / "answers.jsonl")

    def status(self, batch: Batch) -> BatchStatus:
        """How far it is."""
        told = self._held(_TOLD, self.folder / batch.id / "progress.json")
        stopped = self._cancelled(batch)
        ended = told.finished if told else None
        over = stopped if stopped is not None else ended
        state: BatchState = "queued"
        if stopped is not None:
            state = "cancelled"
        elif told:
            state = "done" if ended is not None else "running"
        told = told or _Told()
        return BatchStatus(
            state=state,
            done=told.done,
            failed=told.failed,
            refused=told.refused,
            rate=told.rate,
            eta=None if over is not None else told.eta,
            finished=over,
        )

    def states(self) -> dict[str, int]:
        """How many batches are in each state."""
        found = Counter(self.status(batch).state for batch in self.all())
        return {state: found[state] for state in get_args(BatchState)}

    def tell(self, batch: Batch, progress: BatchProgress, *, finished: bool = False) -> None:
        """Note how far it is, for every worker to read."""
        eta = None if progress.eta is None else round(progress.eta, 1)
        told = {**asdict(progress), "rate": round(progress.rate, 2), "eta": eta}
        told["finished"] = time.time() if finished else None
        replace_file(self.folder / batch.id / "progress.json", json.dumps(told).encode())

    def cancel(self, batch: Batch) -> None:
        """Stop it, unless it is over. Who is at work on it sees that before the next question."""
        if self.status(batch).finished is None:
            (self.folder / batch.id / "cancelled").touch()

    def is_cancelled(self, batch: Batch) -> bool:
        """Whether it was stopped."""
        return self._cancelled(batch) is not None

    def unfinished(self) -> list[Batch]:
        """Those that somebody has to work on, oldest first."""
        found, names = [], self._names()
        self._over &= names
        for batch in self._read(names - self._over):
            if self.status(batch).finished is None:
                found.append(batch)
            else:
                self._over.add(batch.id)
        return found

    def prune(self) -> None:
        """Delete what has been over for a week, and uploads that never came to their end."""
        now = time.time()
        for batch in self.all():
            over = self.status(batch).finished
            if over is not None and now - over > KEPT_SECONDS:
                shutil.rmtree(self.folder / batch.id, ignore_errors=True)
        for folder in self.folder.glob(f"{_UNFINISHED_UPLOAD}*"):
            if now - folder.stat().st_mtime > _UPLOAD_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)

    def _held(self, kind: TypeAdapter[_Kind], path: Path) -> _Kind | None:
        """What a file holds, if it is there and of this kind."""
        try:
            return kind.validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._name(path, error)
            return None

    def _name(self, path: Path, error: Exception) -> None:
        if self._named.setdefault(path, error) is error:  # several threads may meet it at once
            logger.warning("batches_unreadable", extra={"path": str(path), "reason": str(error)})

    def _cancelled(self, batch: Batch) -> float | None:
        try:
            return (self.folder / batch.id / "cancelled").stat().st_mtime
        except OSError:
            return None


def batch_id(owner: str, idempotency_key: str | None) -> str:
    """A new id; with a key, the one that this caller's batch of this key has."""
    if idempotency_key is None:
        return f"bat_{uuid.uuid4().hex[:24]}"
    return f"bat_{hashlib.sha256(json.dumps([owner, idempotency_key]).encode()).hexdigest()[:24]}"


def facts_of(path: Path) -> tuple[int, str]:
    """How many lines of a file hold something, and its sha256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        return sum(1 for line in file if line.strip()), digest
