import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from rag.errors import NotFoundError
from rag.index.embed import HashEncoder
from rag.index.encoder import EncodedPassage
from rag.index.manifest import read_manifest, writer_lock
from rag.jobs.collections import delete_collection
from rag.jobs.ingest import store_of
from rag.jobs.ingestion import Ingestion, Problem, Upload
from rag.jobs.queue import IngestionQueue
from rag.jobs.worker import IngestionWorker
from tests.rag.jobs.uploading import TinyLibrary, send, tiny_library

TREES, BIRDS = "# 树木\n\n松树四季常青。\n", "# 鸟类\n\n白鹭站在浅水里。\n"
Progress = Callable[[int], None] | None


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[IngestionQueue]:
    queue = IngestionQueue(tmp_path)
    yield queue
    queue.close()


@pytest.fixture
def library(tmp_path: Path) -> TinyLibrary:
    return tiny_library(tmp_path)


@pytest.fixture
def worker(queue: IngestionQueue, library: TinyLibrary) -> Iterator[IngestionWorker]:
    worker = IngestionWorker(queue, lambda: library)
    yield worker
    worker.stop()


def keys(library: TinyLibrary) -> dict[str, int]:
    return {d.key: d.version for d in store_of(library.settings).view().documents()}


def outcomes(ingestion: Ingestion) -> list[tuple[str, int | None]]:
    return [(document.state, document.version) for document in ingestion.documents]


def test_added_replaced_unchanged(queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker) -> None:
    told = []
    for text in (TREES, BIRDS, BIRDS):
        sent = send(queue, text, key="notes/1")
        assert worker.work()
        told.append(queue.get(sent.id))
    assert [outcomes(ingestion) for ingestion in told] == [[("added", 1)], [("replaced", 2)], [("unchanged", 2)]]
    assert told[1].generation == told[2].generation == store_of(library.settings).generation()
    assert {ingestion.documents[0].id for ingestion in told} == {store_of(library.settings).view().documents()[0].id}
    assert not worker.work()


def test_the_same_file_twice_is_one_document_and_another_of_its_name_is_another(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker
) -> None:
    sent = send(queue, TREES, TREES, BIRDS, name="report.md")
    worker.work()
    assert outcomes(queue.get(sent.id)) == [("added", 1), ("unchanged", 1), ("added", 1)]
    again = send(queue, TREES, name="copy.md")
    worker.work()
    assert outcomes(queue.get(again.id)) == [("unchanged", 1)]
    assert queue.get(again.id).documents[0].id == queue.get(sent.id).documents[0].id
    assert len(keys(library)) == 2


def test_a_file_that_cannot_be_read_does_not_hold_up_the_rest(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker
) -> None:
    incoming = queue.incoming()
    uploads = [
        Upload("trees.md", incoming.put(TREES.encode()), tags=("树",), published="2024-01-02", title="树木志"),
        Upload("broken.pdf", incoming.put(b"no pdf")),
        Upload("empty.md", incoming.put(b"")),
    ]
    sent = queue.submit(incoming, "default", uploads)
    worker.work()
    now = queue.get(sent.id)
    assert (now.state, [d.state for d in now.documents]) == ("done", ["added", "failed", "failed"])
    problem = now.documents[1].problem
    assert problem is not None
    assert problem.code == "unreadable_file"
    assert problem.zh.startswith("broken.pdf ")  # by its name, not by the key that was made of it
    (document,) = store_of(library.settings).view().documents()
    assert (document.title, document.tags, document.published) == ("树木志", ("树",), "2024-01-02")


def test_a_plain_text_is_stored_character_for_character(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker
) -> None:
    text = "# 这不是标题\n\n  松树  四季常青。 "
    incoming = queue.incoming()
    queue.submit(incoming, "default", [Upload("笔记", incoming.put(text.encode()), "n/1", plain=True)])
    worker.work()
    (document,) = store_of(library.settings).view().documents()
    assert (document.key, document.title, document.text) == ("n/1", "笔记", text)


def test_many_that_wait_together_become_one_segment(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker
) -> None:
    sent = [send(queue, f"# 第{n}种树\n\n第{n}种树高{n}米。\n").id for n in range(30)]
    assert worker.work()
    assert not worker.work()
    assert {queue.get(id).state for id in sent} == {"done"}
    assert len(keys(library)) == 30
    assert len(read_manifest(store_of(library.settings).folder).segments) == 1


def test_jobs_of_several_collections(queue: IngestionQueue, tmp_path: Path) -> None:
    library = tiny_library(tmp_path, "法规")
    worker = IngestionWorker(queue, lambda: library)
    first, second = send(queue, TREES), send(queue, BIRDS, collection="法规")
    assert worker.work()
    assert worker.work()
    assert (queue.get(first.id).state, queue.get(second.id).state) == ("done", "done")
    assert len(keys(library)) == 1


def test_a_collection_that_is_gone(queue: IngestionQueue, tmp_path: Path) -> None:
    library = tiny_library(tmp_path, "法规")
    sent = send(queue, TREES, collection="法规")
    delete_collection(library.settings, "法规")
    IngestionWorker(queue, lambda: library).work()
    problem = queue.get(sent.id).documents[0].problem
    assert problem is not None
    assert problem.code == "collection_not_found"
    assert not (tmp_path / "法规").exists()


class BadEncoder(HashEncoder):
    """Fails at one text."""

    def encode_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        *,
        progress: Progress = None,
    ) -> list[EncodedPassage]:
        if any("坏" in text for text in texts):
            raise ValueError("/secret/place")
        return super().encode_passages(texts, spans, progress=progress)


def test_a_document_that_cannot_be_added_fails_no_other_upload(queue: IngestionQueue, tmp_path: Path) -> None:
    library = tiny_library(tmp_path, encoder=BadEncoder())
    sent = [send(queue, text).id for text in (TREES, "# 坏\n\n坏的。\n", BIRDS)]
    IngestionWorker(queue, lambda: library).work()
    assert [queue.get(id).state for id in sent] == ["done", "failed", "done"]
    problem = queue.get(sent[1]).documents[0].problem
    assert problem is not None
    assert problem.code == "internal_error"
    assert "secret" not in problem.en + problem.zh
    assert len(keys(library)) == 2


def test_a_job_that_its_process_never_outlives_is_given_up(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker
) -> None:
    sent = send(queue, TREES)
    for _ in range(3):
        with queue.claimed():
            pass  # as a process that dies leaves it
    worker.work()
    problem = queue.get(sent.id).documents[0].problem
    assert problem is not None
    assert problem.code == "ingestion_crashed"
    assert keys(library) == {}


def test_what_was_added_before_the_process_died_is_not_added_twice(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(queue, TREES)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(queue, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            worker.work()
    assert queue.get(sent.id).state == "running"
    worker.work()
    assert (queue.get(sent.id).state, outcomes(queue.get(sent.id))) == ("done", [("unchanged", 1)])
    assert len(keys(library)) == 1


def test_while_others_write_it_waits(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(writer_lock.__wrapped__.__kwdefaults__, "seconds", 0.0)  # type: ignore[attr-defined]
    sent = send(queue, TREES)
    with writer_lock(store_of(library.settings).folder):
        assert not worker.work()
    assert queue.get(sent.id).state == "queued"
    assert worker.work()
    assert queue.get(sent.id).state == "done"


class SlowEncoder(HashEncoder):
    """Waits at each encoding for ``go``."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def encode_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        *,
        progress: Progress = None,
    ) -> list[EncodedPassage]:
        self.begun.set()
        assert self.go.wait(20)
        return super().encode_passages(texts, spans, progress=progress)


def test_a_worker_that_is_stopped_leaves_its_job_to_the_next(queue: IngestionQueue, tmp_path: Path) -> None:
    encoder = SlowEncoder()
    library = tiny_library(tmp_path, encoder=encoder)
    first = IngestionWorker(queue, lambda: library)
    first.start()
    sent = send(queue, TREES)
    assert encoder.begun.wait(20)
    first.stop(seconds=0)
    encoder.go.set()
    first.stop()
    assert queue.get(sent.id).state == "queued"
    other = IngestionQueue(tmp_path)
    second = IngestionWorker(other, lambda: library)
    second.start()
    until(lambda: queue.get(sent.id).state == "done")
    second.stop()
    other.close()


def test_a_cancelled_ingestion_stops(queue: IngestionQueue, tmp_path: Path) -> None:
    encoder = SlowEncoder()
    library = tiny_library(tmp_path, encoder=encoder)
    worker = IngestionWorker(queue, lambda: library)
    worker.start()
    sent = send(queue, TREES)
    assert encoder.begun.wait(20)
    queue.cancel("default", Problem("collection_deleted", "已删除。", "Deleted."))
    encoder.go.set()
    with queue.exclusive("default"):
        assert queue.get(sent.id).state == "failed"
    worker.stop()


def test_no_library_yet_no_work(queue: IngestionQueue) -> None:
    sent = send(queue, TREES)
    assert not IngestionWorker(queue, lambda: None).work()
    assert queue.get(sent.id).state == "queued"


def test_a_worker_forgets_what_is_old(
    queue: IngestionQueue, library: TinyLibrary, worker: IngestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.jobs.queue.KEPT_SECONDS", -1)
    sent = send(queue, TREES)
    worker.start()
    until(lambda: not queue.newest("default"))
    worker.stop()
    with pytest.raises(NotFoundError):
        queue.get(sent.id)
    assert len(keys(library)) == 1


def until(met: Callable[[], bool]) -> None:
    """Waits for a condition: at most twenty seconds."""
    for _ in range(1000):
        if met():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")
