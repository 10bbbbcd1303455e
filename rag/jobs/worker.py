"""Works the queue of ingestions off: reads what was sent, and puts into the index together what waits together."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Protocol

from rag.documents.assemble import document_from_text, document_id
from rag.documents.upload import load_upload
from rag.errors import IndexBusyError, InputError, SuanlianError
from rag.index.build import Outcome
from rag.index.embed import Encoder
from rag.index.store import missing_collection
from rag.jobs.collections import has_collection
from rag.jobs.documents import add_documents
from rag.jobs.ingestion import Job, Problem, Result, Stage, Upload
from rag.jobs.queue import CancelledError, IngestionQueue
from rag.jobs.reader import APART, Reader
from rag.settings import Settings
from rag.types import Document

logger = logging.getLogger("suanlian.jobs")

POLL_SECONDS = 1.0  # until what another process was sent and left is looked for
PRUNE_SECONDS = 3600.0
IDLE_SECONDS = 30.0  # after which the process that reads files is let go
TOLD_SECONDS = 0.5  # between two notes of progress
MAX_TRIES = 3  # of a job that its process did not outlive

CRASHED = Problem(
    "ingestion_crashed",
    "处理这些文件时服务多次意外退出，已放弃；请拆小或重新保存后再上传。",
    "The service died several times while it read these files, and gave up; split them or save them anew.",
)
FAULT = Problem(
    "internal_error",
    "导入时服务内部出错，原因见服务日志；请联系维护者。",
    "Something went wrong inside the service while it read this; its log says what. Tell its maintainer.",
)
LOST = Problem(
    "upload_lost",
    "已接收的文件在磁盘上找不到了；请重新上传。",
    "The file that was received is gone from the disk; send it again.",
)


class StoppedError(Exception):
    """The worker is to stop; what it was doing is to be done again."""


class Library(Protocol):
    """What the worker needs of an assistant."""

    @property
    def settings(self) -> Settings: ...
    @property
    def encoder(self) -> Encoder: ...


class IngestionWorker:
    """A thread that works the queue off, along with those of other processes, one group of jobs at a time.

    Args:
        library: the settings and the embedding model of the index, or None while they are not yet there.
    """

    def __init__(self, queue: IngestionQueue, library: Callable[[], Library | None]) -> None:
        self._queue = queue
        self._library = library
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._pruned = 0.0
        self._reader = Reader()

    def start(self) -> None:
        """Begin. The thread is a daemon: what it does when the process ends is done again by another."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="suanlian-ingest", daemon=True)
        self._thread.start()

    def stop(self, *, seconds: float = 10.0) -> None:
        """Stop where the running job can be taken up again, waiting for that at most ``seconds``."""
        self._stopping.set()
        self._reader.close()
        self._queue.arrived.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        worked, failing = 0.0, ""
        while not self._stopping.is_set():
            self._queue.arrived.clear()
            try:
                if self.work():
                    worked = time.monotonic()
                    continue
                if time.monotonic() - worked > IDLE_SECONDS:
                    self._reader.close()
                self._prune()
                failing = ""
            except Exception as error:  # a full disk, or a bug: what waits is safe, and is tried again
                if failing != (now := repr(error)):  # once, and not at each try
                    logger.exception("ingestion_worker")
                failing = now
            self._queue.arrived.wait(POLL_SECONDS)
        self._reader.close()

    def work(self) -> bool:
        """Do what is next; whether there was anything that could be done."""
        library = self._library()
        if library is None:
            return False
        with self._queue.claimed() as jobs:
            if not jobs:
                return False
            group = _Group(self._queue, jobs, library, self._stopping, self._reader)
            try:
                group.run()
            except (StoppedError, IndexBusyError):
                self._queue.put_back(jobs)
                return False
            except CancelledError:
                pass
        return True

    def _prune(self) -> None:
        if time.monotonic() - self._pruned > PRUNE_SECONDS or not self._pruned:
            self._pruned = time.monotonic()
            self._queue.prune()


@dataclass(slots=True)
class _Group:
    """Jobs of one collection that go into one segment."""

    queue: IngestionQueue
    jobs: Sequence[Job]
    library: Library
    stopping: threading.Event
    reader: Reader
    told: tuple[str, float] = ("", 0.0)
    results: dict[tuple[str, int], Result] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)  # by key

    def run(self) -> None:
        """Read all, add them, put down what became of each.

        Raises:
            StoppedError, CancelledError: between two steps. IndexBusyError: others write to the index. StorageError: the
            queue itself cannot be written.
        """
        if len(self.jobs) == 1 and self.jobs[0].tries >= MAX_TRIES:
            self._fail(CRASHED)
        elif not has_collection(self.library.settings, self.jobs[0].collection):
            self._fail(_problem(missing_collection(self.jobs[0].collection)))
        else:
            self._read()
            self._add()

    def _read(self) -> None:
        total = sum(len(job.uploads) for job in self.jobs)
        number = 0
        for job in self.jobs:
            for position, upload in enumerate(job.uploads):
                result = Result(upload.name, upload.document_key)
                try:
                    self.documents.setdefault(upload.document_key, _document(job, upload, self.reader))
                except InputError as error:
                    self._unless_stopping()  # its process may have been ended for that
                    result = replace(result, state="failed", problem=_problem(error))
                except OSError:
                    result = replace(result, state="failed", problem=LOST)
                self.results[job.id, position] = result
                number += 1
                self._report("read", number, total)

    def _add(self) -> None:
        settings = self.library.settings.model_copy(update={"collection": self.jobs[0].collection})
        generation, outcomes = None, dict[str, Outcome]()
        if self.documents:
            try:
                built = add_documents(
                    list(self.documents.values()), settings, encoder=self.library.encoder, progress=self._report
                )
            except (StoppedError, CancelledError, IndexBusyError):
                raise
            except Exception as error:
                self._without(error)
                return
            generation = built.generation
            outcomes = {outcome.key: outcome for outcome in built.outcomes}
        for job in self.jobs:
            results = []
            for position in range(len(job.uploads)):
                result = _after(self.results[job.id, position], outcomes)
                results.append(result)
                if (
                    result.id and outcomes[result.key].state != "unchanged"
                ):  # the same file a second time changes nothing
                    outcomes[result.key] = replace(outcomes[result.key], state="unchanged")
            self._finish(job, results, generation)

    def _without(self, error: Exception) -> None:
        """The documents could not be added together: each job on its own, so that one does not fail the others; a job
        on its own has failed."""
        logger.error("ingestion_failed", exc_info=error, extra={"jobs": [job.id for job in self.jobs]})
        if len(self.jobs) == 1:
            self._fail(_problem(error))
            return
        for job in self.jobs:
            _Group(self.queue, [job], self.library, self.stopping, self.reader).run()

    def _fail(self, problem: Problem) -> None:
        """All that was not refused for a reason of its own fails for this one."""
        for job in self.jobs:
            results = [
                self.results.get((job.id, position), Result(upload.name, upload.document_key))
                for position, upload in enumerate(job.uploads)
            ]
            failed = [r if r.problem else replace(r, state="failed", problem=problem) for r in results]
            self._finish(job, failed, None)

    def _finish(self, job: Job, results: Sequence[Result], generation: int | None) -> None:
        self.queue.finish(job, results, generation)
        failed = sum(result.state == "failed" for result in results)
        logger.info("ingested", extra={"ingestion": job.id, "documents": len(results), "failed": failed})

    def _report(self, stage: str, done: int, total: int) -> None:
        """Put down how far it is, not too often. Raises StoppedError, CancelledError."""
        self._unless_stopping()
        now = time.monotonic()
        if stage != self.told[0] or now - self.told[1] >= TOLD_SECONDS:
            self.told = stage, now
            self.queue.progress(self.jobs, _STAGES[stage], done, total)

    def _unless_stopping(self) -> None:
        if self.stopping.is_set():
            raise StoppedError


_STAGES: dict[str, Stage] = {"read": "read", "learn": "learn", "encode": "encode"}


def _document(job: Job, upload: Upload, reader: Reader) -> Document:
    """Raises InputError: it cannot be read. OSError: its bytes are gone."""
    path, key = job.path(upload), upload.document_key
    if upload.plain:
        title = upload.title or upload.name
        text = path.read_bytes().decode()
        return document_from_text(
            text, key=key, title=title, source=upload.source, published=upload.published, tags=upload.tags
        )
    # Read by its name, which is what errors call it.
    said: dict[str, Any] = {
        "title": upload.title,
        "source": upload.source,
        "published": upload.published,
        "tags": upload.tags,
    }
    if PurePosixPath(upload.name).suffix.lower() in APART:
        document = reader.read(path, upload.name, said)
    else:
        document = load_upload(upload.name, path.read_bytes(), **said)
    return replace(document, key=key, id=document_id(key))


def _after(result: Result, outcomes: dict[str, Outcome]) -> Result:
    outcome = outcomes.get(result.key)
    if result.problem or outcome is None:
        return result
    return replace(result, state=outcome.state, id=outcome.id, version=outcome.version)


def _problem(error: Exception) -> Problem:
    """What the sender is told. An error that is not about what was sent may name places on this machine: it is told by
    its code alone."""
    if isinstance(error, InputError):
        return Problem(error.code, error.zh, error.en)
    if isinstance(error, SuanlianError):
        return Problem(
            error.code,
            f"文档已接收，但无法写入索引（{error.code}），原因见服务日志；排除后请重新上传。",
            f"The documents arrived but could not be put into the index ({error.code}); the service's log says why. "
            "Send them again once that is mended.",
        )
    return FAULT
