"""The queue of ingestions: it outlives the process, and all processes of one machine work it off together.

It stands below the index, in SQLite, with the bytes of waiting documents beside it:

    <index>/.ingestions/queue.sqlite
    <index>/.ingestions/files/<ingestion>/<number>
    <index>/.ingestions/<collection's hash>.lock    held by the one process that works on a collection

Who holds a collection's lock may take whatever is unfinished in it: what still says ``running`` then was left by a
process that died, since the system frees a lock with its process, and is done again. (Adding is idempotent.)
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import get_args

from filelock import FileLock, Timeout

from rag.errors import IdempotencyError, IndexBusyError, NotFoundError
from rag.index.files import storage
from rag.jobs.ingestion import Ingestion, Job, Outcome, Problem, Result, Stage, State, Upload
from rag.jobs.rows import columns, digest_of, packed, result_of, unpacked
from rag.jobs.spool import Incoming, remove, remove_orphans
from rag.jobs.table import Row, Table

KEPT_SECONDS = 7 * 24 * 3600
GROUP_JOBS = 200  # what is put into one segment at the most
GROUP_BYTES = 32_000_000
_LOCK_SECONDS = 10.0


class CancelledError(Exception):
    """The ingestion was cancelled while it ran."""


class IngestionQueue:
    """The ingestions of an index, those of all its collections. Safe for many threads and processes of one machine.

    Nothing is written until the first upload arrives.

    Args:
        index: the folder of the index, as the settings name it.
    """

    def __init__(self, index: Path) -> None:
        self.folder = index / ".ingestions"
        self._files = self.folder / "files"
        self._table = Table(self.folder / "queue.sqlite")
        self.arrived = threading.Event()  # set by each submission of this process

    def incoming(self) -> Incoming:
        """A place for the files of an upload that arrives."""
        return Incoming(self._files / f"ing_{uuid.uuid4().hex}")

    def submit(
        self,
        incoming: Incoming,
        collection: str,
        uploads: Sequence[Upload],
        *,
        caller: str = "",
        idempotency_key: str = "",
    ) -> Ingestion:
        """Put an upload into the queue; it is durable when this returns.

        Args:
            uploads: at least one; their bytes are in ``incoming``.
            idempotency_key: the sender's name for this request. Where ``caller`` sent the same request under it before, that
                one's ingestion is returned and nothing is queued.

        Raises:
            IdempotencyError: ``caller`` sent another request under ``idempotency_key``. StorageError: the disk refused.
        """
        digest = digest_of(collection, uploads)
        try:
            incoming.seal()
            before = self._enter(incoming.id, collection, uploads, digest, caller, idempotency_key)
        except BaseException:
            incoming.discard()
            raise
        if before is None:
            self.arrived.set()
            return self.get(incoming.id)
        incoming.discard()
        if before["digest"] != digest:
            raise IdempotencyError.reused()
        return self.get(before["id"])

    def _enter(
        self, id: str, collection: str, uploads: Sequence[Upload], digest: str, caller: str, idempotency_key: str
    ) -> Row | None:
        """Put the ingestion down, as one step; or return what was put down under the same ``idempotency_key``."""
        with self._table.writing() as db:
            if idempotency_key:
                repeated = "SELECT digest, id FROM repeats WHERE caller = ? AND key = ?"
                before: Row | None = db.execute(repeated, (caller, idempotency_key)).fetchone()
                if before is not None:
                    return before
                db.execute("INSERT INTO repeats VALUES (?, ?, ?, ?)", (caller, idempotency_key, digest, id))
            db.execute(
                "INSERT INTO ingestions (id, collection, state, total, created) VALUES (?, ?, 'queued', ?, ?)",
                (id, collection, len(uploads), time.time()),
            )
            db.executemany(
                "INSERT INTO documents (ingestion, number, name, key, upload) VALUES (?, ?, ?, ?, ?)",
                [(id, n, u.name, u.document_key, packed(u)) for n, u in enumerate(uploads)],
            )
        return None

    def get(self, id: str, *, within: Collection[str] = ()) -> Ingestion:
        """An ingestion; where collections are given, one of theirs.

        Raises:
            NotFoundError: there is none, or it ended more than seven days ago.
        """
        found = self._read("WHERE id = ?", (id,))
        if not found or (within and found[0].collection not in within):
            raise NotFoundError(
                "There is no such ingestion; use an id from the list of those of the last 7 days.",
                "没有这个导入任务；请使用最近 7 天的任务列表里的 id。",
                param="id",
            )
        return found[0]

    def newest(self, collection: str, limit: int = 50) -> list[Ingestion]:
        """A collection's ingestions, newest first."""
        return self._read("WHERE collection = ? ORDER BY number DESC LIMIT ?", (collection, limit))

    def waiting(self) -> bool:
        """Whether anything is not finished."""
        return bool(self._table.rows("SELECT 1 FROM ingestions WHERE state IN ('queued', 'running') LIMIT 1"))

    def states(self) -> dict[str, int]:
        """How many ingestions of the last seven days are in each state. Raises StorageError."""
        found = self._table.rows("SELECT state, COUNT(*) AS number FROM ingestions GROUP BY state")
        return dict.fromkeys(get_args(State), 0) | {row["state"]: row["number"] for row in found}

    def outcomes(self) -> dict[str, int]:
        """How many of their documents are in each state. Raises StorageError."""
        found = self._table.rows("SELECT state, COUNT(*) AS number FROM documents GROUP BY state")
        return dict.fromkeys(get_args(Outcome), 0) | {row["state"]: row["number"] for row in found}

    @contextmanager
    def claimed(self) -> Iterator[list[Job]]:
        """The next jobs to do: those of one collection that wait together; none where others do all there is.

        They are this process's until the block is left, or the process dies.
        """
        unfinished = self._table.rows(
            "SELECT collection FROM ingestions WHERE state IN ('queued', 'running') GROUP BY collection "
            "ORDER BY MIN(number)"
        )
        for row in unfinished:
            with ExitStack() as held:
                try:
                    held.enter_context(self._lock(row["collection"], 0))
                except Timeout:
                    continue
                jobs = self._take(row["collection"])
                if jobs:
                    yield jobs
                    return
        yield []

    def _take(self, collection: str) -> list[Job]:
        """Mark the oldest unfinished jobs as running: as many as may go into one segment.

        A job that a process died of goes alone, so that it takes no other one along. No key comes twice, so that what
        was sent later under a key becomes the later version.
        """
        with self._table.writing() as db:
            found = db.execute(
                "SELECT * FROM ingestions WHERE collection = ? AND state IN ('queued', 'running') ORDER BY number "
                "LIMIT ?",
                (collection, GROUP_JOBS),
            ).fetchall()
            jobs: list[Job] = []
            keys: set[str] = set()
            size = 0
            for row in found:
                job = self._job(row)
                own = {upload.document_key for upload in job.uploads}
                size += sum(upload.file.size for upload in job.uploads)
                if jobs and (job.tries or keys & own or size > GROUP_BYTES):
                    break
                jobs.append(job)
                keys |= own
                if job.tries:
                    break
            db.executemany(
                "UPDATE ingestions SET state = 'running', stage = 'read', done = 0, tries = tries + 1 WHERE id = ?",
                [(job.id,) for job in jobs],
            )
        return jobs

    def _job(self, row: Row) -> Job:
        rows = self._table.rows("SELECT upload FROM documents WHERE ingestion = ? ORDER BY number", (row["id"],))
        uploads = tuple(unpacked(each["upload"]) for each in rows)
        return Job(row["id"], row["collection"], row["tries"], self._files / row["id"], uploads)

    def progress(self, jobs: Sequence[Job], stage: Stage, done: int, total: int) -> None:
        """Tell how far jobs that run together are. Raises CancelledError: they are not to go on."""
        with self._table.writing() as db:
            for job in jobs:
                told = db.execute(
                    "UPDATE ingestions SET stage = ?, done = ?, total = ? WHERE id = ? AND state = 'running'",
                    (stage, done, total, job.id),
                )
                if not told.rowcount:
                    raise CancelledError

    def finish(self, job: Job, results: Sequence[Result], generation: int | None) -> None:
        """Put down what became of a job, an entry a document, and let its bytes go. One that was cancelled stays so."""
        done = any(result.state != "failed" for result in results)
        with self._table.writing() as db:
            ended = db.execute(
                "UPDATE ingestions SET state = ?, stage = NULL, done = ?, total = ?, finished = ?, generation = ? "
                "WHERE id = ? AND state = 'running'",
                ("done" if done else "failed", len(results), len(results), time.time(), generation, job.id),
            )
            if ended.rowcount:
                db.executemany(
                    "UPDATE documents SET state = ?, id = ?, version = ?, code = ?, zh = ?, en = ? "
                    "WHERE ingestion = ? AND number = ?",
                    [(*columns(result), job.id, n) for n, result in enumerate(results)],
                )
        remove(job.folder)

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Let jobs wait again, as if they had not been begun."""
        with self._table.writing() as db:
            db.executemany(
                "UPDATE ingestions SET state = 'queued', stage = NULL, done = 0, tries = tries - 1 "
                "WHERE id = ? AND state = 'running'",
                [(job.id,) for job in jobs],
            )

    def cancel(self, collection: str, problem: Problem) -> None:
        """End what is unfinished in a collection as failed, because of ``problem``; what is sent again later is new."""
        if not self._table.exists():
            return
        unfinished = "SELECT id FROM ingestions WHERE collection = ? AND state IN ('queued', 'running')"
        with self._table.writing() as db:
            ids = [row["id"] for row in db.execute(unfinished, (collection,))]
            db.executemany(
                "UPDATE documents SET state = 'failed', code = ?, zh = ?, en = ? WHERE ingestion = ?",
                [(problem.code, problem.zh, problem.en, id) for id in ids],
            )
            db.executemany(
                "UPDATE ingestions SET state = 'failed', stage = NULL, finished = ? WHERE id = ?",
                [(time.time(), id) for id in ids],
            )
            db.execute(
                "DELETE FROM repeats WHERE id IN (SELECT id FROM ingestions WHERE collection = ?)", (collection,)
            )
        for id in ids:
            remove(self._files / id)

    @contextmanager
    def exclusive(self, collection: str, *, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
        """Nobody ingests into a collection within this block.

        Raises:
            IndexBusyError: an ingestion still ran after ``seconds``.
        """
        with ExitStack() as held:
            try:
                held.enter_context(self._lock(collection, seconds))
            except Timeout:
                raise IndexBusyError(
                    "Documents are being read into this collection; wait until that is done, then try again.",
                    "正在向这个资料集导入文档；请等它完成后再试。",
                    param="collection",
                ) from None
            yield

    def prune(self) -> None:
        """Forget what ended more than seven days ago, and bytes that belong to nothing."""
        if not self._table.exists():
            return
        with self._table.writing() as db:
            db.execute("DELETE FROM ingestions WHERE finished < ?", (time.time() - KEPT_SECONDS,))
            for table, column in (("documents", "ingestion"), ("repeats", "id")):
                db.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM ingestions)")
        open_ = self._table.rows("SELECT id FROM ingestions WHERE state IN ('queued', 'running')")
        remove_orphans(self._files, {row["id"] for row in open_})

    def close(self) -> None:
        """Let the files go; what comes later opens them again."""
        self._table.close()

    def _lock(self, collection: str, seconds: float) -> FileLock:
        name = hashlib.sha256(collection.encode()).hexdigest()[:16]  # a name may be longer than a file's may be
        with storage(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.folder / f"{name}.lock", timeout=seconds)

    def _read(self, which: str, values: tuple[str | int, ...]) -> list[Ingestion]:
        return [
            Ingestion(
                id=row["id"],
                collection=row["collection"],
                state=row["state"],
                stage=row["stage"],
                done=row["done"],
                total=row["total"],
                created=row["created"],
                finished=row["finished"],
                generation=row["generation"],
                documents=tuple(
                    result_of(each)
                    for each in self._table.rows(
                        "SELECT * FROM documents WHERE ingestion = ? ORDER BY number", (row["id"],)
                    )
                ),
            )
            for row in self._table.rows(f"SELECT * FROM ingestions {which}", values)
        ]
