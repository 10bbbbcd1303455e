import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import IndexBusyError, NotFoundError, StorageError
from rag.jobs import queue as queue_module
from rag.jobs.ingestion import Problem, Result
from rag.jobs.queue import CancelledError, IdempotencyError, IngestionQueue
from tests.rag.jobs.uploading import send

GONE = Problem("collection_deleted", "资料集已删除。", "The collection was deleted.")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[IngestionQueue]:
    queue = IngestionQueue(tmp_path)
    yield queue
    queue.close()


def ended(queue: IngestionQueue) -> None:
    """Finish what is next in the queue."""
    with queue.claimed() as jobs:
        for job in jobs:
            results = [Result(upload.name, upload.document_key, "added", "doc_1", 1) for upload in job.uploads]
            queue.finish(job, results, 7)


def test_nothing_is_written_before_the_first_upload(queue: IngestionQueue, tmp_path: Path) -> None:
    assert queue.newest("default") == []
    assert set(queue.states().values()) == set(queue.outcomes().values()) == {0}
    queue.prune()
    queue.cancel("default", GONE)
    with queue.claimed() as jobs:
        assert jobs == []
    with pytest.raises(NotFoundError):
        queue.get("ing_1")
    assert list(tmp_path.iterdir()) == []


def test_states_are_counted(queue: IngestionQueue) -> None:
    send(queue, "松树", "桦树")
    ended(queue)
    send(queue, "白鹭")
    assert queue.states() == {"queued": 1, "running": 0, "done": 1, "failed": 0}
    assert queue.outcomes() == {"waiting": 1, "added": 2, "replaced": 0, "unchanged": 0, "failed": 0}


def test_what_was_submitted_outlives_the_queue(queue: IngestionQueue, tmp_path: Path) -> None:
    sent = send(queue, "松树", "桦树", name="树.md")
    queue.close()
    other = IngestionQueue(tmp_path)
    assert other.get(sent.id) == sent
    assert (sent.state, sent.total, [document.state for document in sent.documents]) == ("queued", 2, ["waiting"] * 2)
    with other.claimed() as (job,):
        assert [job.path(upload).read_text(encoding="utf-8") for upload in job.uploads] == ["松树", "桦树"]
        assert other.get(sent.id).state == "running"
    other.close()


def test_a_key_is_made_of_name_and_content(queue: IngestionQueue) -> None:
    first, again = send(queue, "甲", name="report.pdf"), send(queue, "甲", name="report.pdf")
    other, named = send(queue, "乙", name="report.pdf"), send(queue, "乙", name="report.pdf", key="mine")
    keys = [ingestion.documents[0].key for ingestion in (first, again, other, named)]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0].startswith("report.pdf#")
    assert keys[3] == "mine"


def test_the_end_is_put_down_and_the_bytes_go(queue: IngestionQueue) -> None:
    sent = send(queue, "松树")
    ended(queue)
    now = queue.get(sent.id)
    assert (now.state, now.done, now.generation, now.documents[0].id) == ("done", 1, 7, "doc_1")
    assert now.finished is not None
    assert list((queue.folder / "files").iterdir()) == []


def test_where_no_document_was_read_it_has_failed(queue: IngestionQueue) -> None:
    sent = send(queue, "甲", "乙")
    with queue.claimed() as (job,):
        queue.finish(
            job, [Result("a.md", "a", "failed", problem=GONE), Result("a.md", "b", "failed", problem=GONE)], None
        )
    now = queue.get(sent.id)
    assert (now.state, now.generation, now.documents[1].problem) == ("failed", None, GONE)


def test_what_waits_together_is_claimed_together_in_order(queue: IngestionQueue) -> None:
    sent = [send(queue, f"第{n}份").id for n in range(5)]
    with queue.claimed() as jobs:
        assert [job.id for job in jobs] == sent


def test_a_key_that_comes_again_waits_for_the_next_turn(queue: IngestionQueue) -> None:
    first, other, second = send(queue, "甲", key="k"), send(queue, "丙"), send(queue, "乙", key="k")
    with queue.claimed() as jobs:
        assert [job.id for job in jobs] == [first.id, other.id]
        for job in jobs:
            queue.finish(job, [Result("a.md", "k", "added", "doc_1", 1)], 1)
    with queue.claimed() as jobs:
        assert [job.id for job in jobs] == [second.id]


def test_a_group_is_no_larger_than_memory_takes(queue: IngestionQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "GROUP_BYTES", 10)
    sent = [send(queue, text).id for text in ("x" * 100, "yyy", "zzz")]
    with queue.claimed() as jobs:
        assert [job.id for job in jobs] == sent[:1]


def test_one_works_on_a_collection_while_others_take_another(queue: IngestionQueue, tmp_path: Path) -> None:
    first, second = send(queue, "甲"), send(queue, "乙", collection="法规")
    other = IngestionQueue(tmp_path)
    with queue.claimed() as mine, other.claimed() as theirs:
        assert [job.id for job in mine] == [first.id]
        assert [job.id for job in theirs] == [second.id]
        third = IngestionQueue(tmp_path)
        with third.claimed() as rest:
            assert rest == []
    other.close()
    third.close()


def test_what_a_process_died_of_is_taken_up_alone(queue: IngestionQueue, tmp_path: Path) -> None:
    sent = [send(queue, text).id for text in ("甲", "乙")]
    died = "import os, sys; from pathlib import Path; from rag import IngestionQueue\n"
    died += "with IngestionQueue(Path(sys.argv[1])).claimed() as jobs: print(len(jobs), flush=True); os._exit(9)"
    done = subprocess.run([sys.executable, "-c", died, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (9, "2"), done.stderr
    assert queue.get(sent[0]).state == "running"
    with queue.claimed() as jobs:
        assert [(job.id, job.tries) for job in jobs] == [(sent[0], 1)]


def test_what_is_put_back_waits_as_if_it_had_not_begun(queue: IngestionQueue) -> None:
    sent = send(queue, "甲")
    with queue.claimed() as jobs:
        queue.progress(jobs, "encode", 3, 9)
        assert (queue.get(sent.id).stage, queue.get(sent.id).done, queue.get(sent.id).total) == ("encode", 3, 9)
        queue.put_back(jobs)
    assert (queue.get(sent.id).state, queue.get(sent.id).stage) == ("queued", None)
    with queue.claimed() as (job,):
        assert job.tries == 0


def test_a_repeated_request_is_one(queue: IngestionQueue) -> None:
    first = send(queue, "甲", repeat="once")
    assert send(queue, "甲", repeat="once").id == first.id
    ended(queue)
    again = send(queue, "甲", repeat="once")
    assert (again.id, again.state) == (first.id, "done")
    assert len(queue.newest("default")) == 1
    assert send(queue, "甲").id != first.id
    with pytest.raises(IdempotencyError):
        send(queue, "乙", repeat="once")
    with pytest.raises(IdempotencyError):
        send(queue, "甲", repeat="once", collection="法规")
    assert [folder.name for folder in (queue.folder / "files").iterdir()] == [queue.newest("default")[0].id]


def test_requests_repeated_at_once_from_many_processes_are_one(tmp_path: Path) -> None:
    ready = threading.Barrier(8)

    def one(_: int) -> str:
        queue = IngestionQueue(tmp_path)
        ready.wait(10)
        try:
            return send(queue, "甲", repeat="once").id
        finally:
            queue.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(8)))) == 1


def test_what_waits_in_a_deleted_collection_is_cancelled(queue: IngestionQueue) -> None:
    waiting, other = send(queue, "甲", repeat="once", collection="法规"), send(queue, "乙")
    queue.cancel("法规", GONE)
    now = queue.get(waiting.id)
    assert (now.state, now.documents[0].state, now.documents[0].problem) == ("failed", "failed", GONE)
    assert queue.get(other.id).state == "queued"
    assert send(queue, "甲", repeat="once", collection="法规").id != waiting.id


def test_what_is_cancelled_while_it_runs_is_told_and_stays_so(queue: IngestionQueue) -> None:
    sent = send(queue, "甲")
    with queue.claimed() as jobs:
        queue.cancel("default", GONE)
        with pytest.raises(CancelledError):
            queue.progress(jobs, "encode", 1, 2)
        queue.finish(jobs[0], [Result("a.md", "k", "added", "doc_1", 1)], 7)
    assert queue.get(sent.id).state == "failed"


def test_nobody_works_where_someone_is_alone(queue: IngestionQueue, tmp_path: Path) -> None:
    send(queue, "甲")
    other = IngestionQueue(tmp_path)
    with queue.exclusive("default"), other.claimed() as jobs:
        assert jobs == []
    with other.claimed() as jobs, pytest.raises(IndexBusyError), queue.exclusive("default", seconds=0):
        pass
    assert len(jobs) == 1
    other.close()


def test_an_ingestion_is_seen_within_its_collection(queue: IngestionQueue) -> None:
    sent = send(queue, "甲", collection="法规")
    assert queue.get(sent.id, within=["法规"]) == sent
    with pytest.raises(NotFoundError):
        queue.get(sent.id, within=["default"])


def test_what_ended_long_ago_is_forgotten(queue: IngestionQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    old = send(queue, "甲", repeat="once")
    ended(queue)
    waiting = send(queue, "乙")
    queue.prune()
    assert queue.get(old.id).state == "done"
    monkeypatch.setattr(queue_module, "KEPT_SECONDS", -1)
    queue.prune()
    with pytest.raises(NotFoundError):
        queue.get(old.id)
    assert [each.id for each in queue.newest("default")] == [waiting.id]
    assert send(queue, "甲", repeat="once").id != old.id


def test_a_damaged_queue_is_an_error_that_says_where(queue: IngestionQueue) -> None:
    queue.folder.mkdir()
    (queue.folder / "queue.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(StorageError, match=r"queue\.sqlite"):
        send(queue, "甲")
    assert list((queue.folder / "files").iterdir()) == []
    with pytest.raises(StorageError):
        queue.newest("default")


def test_the_last_commit_is_on_the_disk(queue: IngestionQueue) -> None:
    sent = send(queue, "甲")
    with sqlite3.connect(f"file:{queue.folder / 'queue.sqlite'}?mode=ro", uri=True) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("SELECT id FROM ingestions").fetchall() == [(sent.id,)]
    db.close()
