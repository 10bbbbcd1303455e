"""Collections, as a client sees them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.guard.caller import Caller
from api.material.collections import CollectionReply, CollectionsReply
from rag import Document, load_upload
from tests.api.indexed import KILN, TEA, finished, indexed, keys, serving
from tests.api.material.test_uploads import MD, code, files
from tests.api.test_app import conform


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestClient]:
    with serving(indexed(tmp_path / "index")) as client:
        yield client


def names(client: TestClient) -> list[str]:
    return [collection["name"] for collection in client.get("/v1/collections").json()["collections"]]


def test_a_collection_is_made_filled_and_deleted(served: TestClient) -> None:
    made = served.post("/v1/collections", json={"name": "法规-1"})
    assert made.status_code == 201
    conform(CollectionReply, made.json())
    assert (made.json()["name"], made.json()["documents"]) == ("法规-1", 0)
    assert served.post("/v1/chat", json={"question": "茶园有多大", "collection": "法规-1"}).json()["refused"]
    finished(served, served.post("/v1/documents", files=MD, data={"collection": "法规-1"}).json()["id"])
    listed = served.get("/v1/collections").json()
    conform(CollectionsReply, listed)
    assert [(c["name"], c["documents"]) for c in listed["collections"]] == [("default", 0), ("法规-1", 1)]
    assert served.delete("/v1/collections/法规-1").json() == {"name": "法规-1", "deleted": True}
    assert names(served) == ["default"]
    assert served.get("/v1/documents", params={"collection": "法规-1"}).status_code == 404
    assert code(served.delete("/v1/collections/法规-1"))[:2] == (404, "collection_not_found")


def test_a_caller_is_told_what_they_may_do(tmp_path: Path) -> None:
    keys = SecretStr("whole, reader:ask, editor:write+ask@law")
    with serving(indexed(tmp_path / "index", "law", api_keys=keys)) as served:
        for key, rights, seen in (
            ("whole", ["ask", "write", "ops"], ["default", "law"]),
            ("reader", ["ask"], ["default", "law"]),
            ("editor", ["ask", "write"], ["law"]),
        ):
            told = served.get("/v1/collections", headers={"Authorization": f"Bearer {key}"}).json()
            assert (told["rights"], [c["name"] for c in told["collections"]]) == (rights, seen)


def test_one_made_again_is_empty(served: TestClient) -> None:
    for _ in range(2):
        served.post("/v1/collections", json={"name": "law"})
        assert keys(served, "law") == []
        finished(served, served.post("/v1/documents", files=MD, data={"collection": "law"}).json()["id"])
        assert len(keys(served, "law")) == 1
        served.delete("/v1/collections/law")


def test_what_may_not_be(served: TestClient) -> None:
    assert code(served.post("/v1/collections", json={"name": "default"}))[:2] == (409, "collection_exists")
    assert code(served.delete("/v1/collections/default"))[:2] == (409, "collection_in_use")
    for name in ("../x", ".ingestions", "a b", "x" * 65, "a\n", ""):
        assert code(served.post("/v1/collections", json={"name": name}))[0] == 422, name
    assert code(served.post("/v1/collections", json={}))[:2] == (422, "invalid_request")
    assert served.delete("/v1/collections/.ingestions").status_code == 404
    assert names(served) == ["default"]


def test_uploads_that_wait_or_run_are_cancelled(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(name: str, data: bytes, **said: Any) -> Document:
        begun.set()
        assert go.wait(20)
        return load_upload(name, data, **said)

    monkeypatch.setattr("rag.jobs.worker.load_upload", slowly)
    served.post("/v1/collections", json={"name": "law"})
    running = served.post("/v1/documents", files=MD, data={"collection": "law"}).json()["id"]
    assert begun.wait(20)
    waiting = served.post("/v1/documents", files=files(("窑.md", KILN)), data={"collection": "law"}).json()["id"]
    deleting = threading.Thread(target=lambda: served.delete("/v1/collections/law"))
    deleting.start()
    told = [finished(served, id) for id in (running, waiting)]
    go.set()
    deleting.join(20)
    assert [ingestion["state"] for ingestion in told] == ["failed", "failed"]
    assert told[1]["documents"][0]["error"]["code"] == "collection_deleted"
    assert names(served) == ["default"]
    served.post("/v1/collections", json={"name": "law"})
    assert keys(served, "law") == []


def test_rights(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("law", "tea"):
        served.post("/v1/collections", json={"name": name})
    monkeypatch.setattr("api.guard.caller.caller_of", lambda _: Caller("reader", frozenset({"ask"}), ("law",)))
    assert names(served) == ["law"]
    assert code(served.post("/v1/collections", json={"name": "new"}))[:2] == (403, "not_allowed")
    assert code(served.delete("/v1/collections/law"))[:2] == (403, "not_allowed")
    monkeypatch.setattr(
        "api.guard.caller.caller_of", lambda _: Caller("writer", frozenset({"ask", "write"}), ("law", "own"))
    )
    assert code(served.delete("/v1/collections/tea"))[:2] == (403, "collection_not_allowed")
    assert code(served.post("/v1/collections", json={"name": "new"}))[:2] == (403, "collection_not_allowed")
    assert served.post("/v1/collections", json={"name": "own"}).status_code == 201
    assert served.delete("/v1/collections/law").status_code == 200


def test_the_text_of_another_collection_is_never_an_answer(served: TestClient) -> None:
    served.post("/v1/collections", json={"name": "law"})
    finished(served, served.post("/v1/documents", json={"text": TEA, "collection": "law"}).json()["id"])
    assert served.post("/v1/search", json={"query": "茶园"}).json()["results"] == []
    assert served.post("/v1/search", json={"query": "茶园", "collection": "law"}).json()["results"]
