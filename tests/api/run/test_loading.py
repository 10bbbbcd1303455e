"""Every collection of the index is served, each apart from the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import create_app
from api.run.loading import Loader
from rag import (
    Assistant,
    CollectionNotFoundError,
    Settings,
    add_documents,
    create_collection,
    delete_collection,
    document_from_text,
    encoder_of,
    load_upload,
)
from tests.api.live import URL, wait_ready

TEA = """# 茶叶

## 揉捻机

绿茶产于云岭。揉捻机的厂商主要有青禾机械、云脚机械、松风机械等。
"""
POTS = """# 陶艺

## 拉坯机

绿茶壶产于石门。拉坯机的厂商主要有河湾机械、七窑机械、石桥机械等。
"""
OF = {"default": ("云岭", "青禾机械"), "pots": ("石门", "河湾机械")}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(index=tmp_path / "index", model="hash")
    for collection, text in (("default", TEA), ("pots", POTS)):
        document = load_upload("notes.md", text.encode())
        add_documents([document], settings.model_copy(update={"collection": collection}))
    return settings


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of a service over two real collections; both have a document of the same key."""
    assistant = Assistant.open(settings.index, settings=settings)
    with TestClient(create_app(assistant), base_url=URL) as client:
        wait_ready(client)
        yield client
    assistant.close()


def said(client: TestClient, collection: str | None) -> dict[str, str]:
    """Everything that each route says of a collection, as text."""
    of: dict[str, Any] = {} if collection is None else {"collection": collection}
    question = "绿茶产于哪里，企业有哪些"
    listed = client.get("/v1/documents", params=of)
    (document,) = listed.json()["documents"]
    replies = {
        "chat": client.post("/v1/chat", json={"question": question, "explain": True, **of}),
        "search": client.post("/v1/search", json={"query": question, "top_k": 50, **of}),
        "documents": listed,
        "document": client.get(f"/v1/documents/{document['id']}", params=of),
        "graph": client.get("/v1/graph", params=of),
    }
    assert {name: reply.status_code for name, reply in replies.items()} == dict.fromkeys(replies, 200)
    assert replies["chat"].json()["index"]["collection"] == (collection or "default")
    assert replies["graph"].json()["index"]["collection"] == (collection or "default")
    return {name: reply.text for name, reply in replies.items()}


def test_no_route_shows_anything_of_another_collection(client: TestClient) -> None:
    for collection in (None, "pots", "default", "pots"):
        own, other = (OF["pots"], OF["default"]) if collection == "pots" else (OF["default"], OF["pots"])
        for route, text in said(client, collection).items():
            assert not any(word in text for word in other), route
            assert route == "documents" or any(word in text for word in own), route


@pytest.mark.parametrize("name", ["none", "../default", ".", "", "po ts", "默认"])
def test_a_collection_that_is_not_there_is_404_everywhere(client: TestClient, name: str) -> None:
    of = {"collection": name}
    for reply in (
        client.post("/v1/chat", json={"question": "绿茶", **of}),
        client.post("/v1/search", json={"query": "绿茶", **of}),
        client.get("/v1/documents", params=of),
        client.get("/v1/documents/doc_1", params=of),
        client.get("/v1/graph", params=of),
    ):
        error = reply.json()["error"]
        assert (reply.status_code, error["code"], error["param"]) == (404, "collection_not_found", "collection")


def test_collections_come_and_go_while_the_service_runs(client: TestClient, settings: Settings) -> None:
    asked = {"question": "绿茶产于哪里", "collection": "later"}
    assert client.post("/v1/chat", json=asked).status_code == 404
    encoder = encoder_of(settings)
    create_collection(settings, "later", encoder=encoder)
    empty = client.post("/v1/chat", json=asked).json()
    assert (empty["refused"], empty["index"]) == (True, {"collection": "later", "generation": 1})
    later = settings.model_copy(update={"collection": "later"})
    add_documents([document_from_text("绿茶产于南坡。", key="tea")], later, encoder=encoder)
    assert "南坡" in client.post("/v1/chat", json=asked).json()["answer"]
    delete_collection(settings, "later")
    assert client.post("/v1/chat", json=asked).status_code == 404
    create_collection(settings, "later", encoder=encoder)
    assert client.post("/v1/chat", json=asked).json()["refused"]
    assert said(client, "pots")


def test_many_threads_share_one_assistant_a_collection(settings: Settings) -> None:
    own = Assistant.open(settings.index, settings=settings)
    loader = Loader(settings, own)
    found: list[Assistant] = []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        found.append(loader.assistant("pots"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1
    assert loader.assistant("default") is loader.assistant() is own
    delete_collection(settings, "pots")
    with pytest.raises(CollectionNotFoundError):
        loader.assistant("pots")
    own.close()


def test_only_what_was_not_given_is_closed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    monkeypatch.setattr(Assistant, "close", lambda self: closed.append(self.collection))
    loader = Loader(settings, Assistant.open(settings.index, settings=settings))
    loader.assistant("pots")
    loader.stop()
    assert closed == ["pots"]
