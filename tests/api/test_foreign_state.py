"""Queues and batches that another version, or a damaged disk, has left below the index: the service goes on without them."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path

import pytest

from api.batches import runner as batch_runner
from rag.jobs import worker
from tests.api.indexed import TEA, finished, indexed, serving

BATCH = "bat_0123456789abcdef01234567"
JSONL = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_runner, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is worth a warning in the log, but for what requests met."""
    return [r.message for r in caplog.records if r.levelno >= logging.WARNING and r.message != "storage_error"]


def test_a_queue_of_another_version(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assistant = indexed(tmp_path)
    folder = tmp_path / ".ingestions"
    folder.mkdir()
    db = sqlite3.connect(folder / "queue.sqlite")
    db.executescript("PRAGMA user_version = 99; CREATE TABLE ingestions (number TEXT, state TEXT, what TEXT);")
    db.close()
    with serving(assistant) as client:
        for _ in range(3):
            reply = client.post("/v1/documents", files=[("file", ("tea.md", TEA.encode()))])
            assert (reply.status_code, reply.json()["error"]["code"]) == (503, "storage_error")
            assert str(tmp_path) not in reply.text
            assert client.get("/v1/ingestions").status_code == 503
            assert client.get("/metrics").status_code == 200
        assert client.post("/v1/search", json={"query": "茶"}).status_code == 200
        assert client.get("/readyz").status_code == 200
    assert sorted(events(caplog)) == ["ingestion_worker", "metric_unreadable", "metric_unreadable"]
    assert "another version of Suanlian" in caplog.text
    assert len(list((folder / "files").iterdir())) == 0


@pytest.mark.parametrize(
    ("batch", "progress"),
    [({"id": BATCH, "version": 9, "questions": []}, None), ("no object", None), ({}, "{half")],
)
def test_a_batch_of_another_version(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, batch: object, progress: str | None
) -> None:
    assistant = indexed(tmp_path)
    folder = tmp_path / ".batches" / BATCH
    folder.mkdir(parents=True)
    (folder / "batch.json").write_text(json.dumps(batch), encoding="utf-8")
    if progress:
        (folder / "progress.json").write_text(progress, encoding="utf-8")
    with serving(assistant) as client:
        assert client.get(f"/v1/batches/{BATCH}").status_code == 404
        assert client.get("/v1/batches").json() == {"batches": []}
        assert client.get("/metrics").status_code == 200
        made = client.post("/v1/batches", content=json.dumps({"question": "有茶园吗"}), headers=JSONL)
        assert made.status_code == 202
    assert events(caplog) == ["batches_unreadable"]
    assert folder.is_dir()


def test_files_in_the_place_of_the_folders(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assistant = indexed(tmp_path)
    for name in (".batches", ".ingestions"):
        (tmp_path / name).write_text("?", encoding="utf-8")
    with serving(assistant) as client:
        reply = client.post("/v1/batches", content=json.dumps({"question": "有茶园吗"}), headers=JSONL)
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "storage_error")
        reply = client.post("/v1/documents", files=[("file", ("tea.md", TEA.encode()))])
        assert (reply.status_code, reply.json()["error"]["code"]) == (503, "storage_error")
        assert client.get("/v1/ingestions").json() == {"ingestions": []}
        assert client.get("/metrics").status_code == 200
        assert events(caplog) == ["batches_unreadable"]
        (tmp_path / ".ingestions").unlink()  # mended while it runs
        sent = client.post("/v1/documents", files=[("file", ("tea.md", TEA.encode()))]).json()
        assert finished(client, sent["id"])["state"] == "done"
