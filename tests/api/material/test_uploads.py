"""Documents that come and go, as a client sees them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.guard.caller import Caller
from api.material.uploads import IngestionReply, IngestionsReply, RemovedReply
from rag import Document, Settings, StorageError, load_upload
from rag.index.manifest import writer_lock
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.indexed import KILN, TEA, finished, indexed, keys, serving
from tests.api.test_app import conform

Files = list[tuple[str, tuple[str, bytes]]]
MD: Files = [("file", ("tea.md", TEA.encode()))]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[TestClient]:
    with serving(indexed(tmp_path / "index", "law", max_upload_bytes=200_000, max_upload_files=5)) as client:
        yield client


def files(*named: tuple[str, str]) -> Files:
    return [("file", (name, text.encode())) for name, text in named]


def code(reply: Any) -> tuple[int, str, str | None]:
    error = reply.json()["error"]
    return reply.status_code, error["code"], error["param"]


def test_files_are_taken_at_once_and_read_in_the_background(served: TestClient) -> None:
    reply = served.post(
        "/v1/documents",
        files=files(("山谷/茶.md", TEA), ("窑.txt", KILN)),
        data={"tags": "手工, 山谷，手工", "published": "2024-03-18", "source": "https://example.com/"},
    )
    assert reply.status_code == 202
    sent = reply.json()
    conform(IngestionReply, sent)
    assert reply.headers["location"] == f"/v1/ingestions/{sent['id']}"
    assert (sent["collection"], sent["total"], sent["finished"]) == ("default", 2, None)
    assert [document["name"] for document in sent["documents"]] == ["茶.md", "窑.txt"]
    done = finished(served, sent["id"])
    conform(IngestionReply, done)
    assert (done["state"], done["stage"], done["done"], done["total"]) == ("done", None, 2, 2)
    assert [document["state"] for document in done["documents"]] == ["added", "added"]
    shown = served.get(f"/v1/documents/{done['documents'][0]['id']}").json()
    assert (shown["tags"], shown["published"], shown["title"]) == (["手工", "山谷"], "2024-03-18", "岚山茶业")
    assert served.get("/version").json()["index"]["generation"] == done["generation"]
    assert "三千二百亩" in served.post("/v1/search", json={"query": "茶园面积"}).json()["results"][0]["text"]


def test_a_text_is_a_document_and_its_key_names_it(served: TestClient) -> None:
    body = {"key": "notes/1", "text": "河湾村有七座龙窑。", "title": "窑", "tags": ["陶"], "published": "2023-11-02"}
    first = finished(served, served.post("/v1/documents", json=body).json()["id"])
    body["text"] += "都还在使用。"
    second = finished(served, served.post("/v1/documents", json=body).json()["id"])
    again = finished(served, served.post("/v1/documents", json=body).json()["id"])
    told = [(i["documents"][0]["state"], i["documents"][0]["version"]) for i in (first, second, again)]
    assert told == [("added", 1), ("replaced", 2), ("unchanged", 2)]
    assert first["documents"][0]["name"] == "窑"
    id = second["documents"][0]["id"]
    assert served.get(f"/v1/documents/{id}").json()["text"] == body["text"]
    assert served.get(f"/v1/documents/{id}", params={"version": 1}).json()["text"] == "河湾村有七座龙窑。"


def test_a_text_whose_key_is_a_file_name_is_read_as_one(served: TestClient) -> None:
    sent = served.post("/v1/documents", json={"key": "notes/tea.md", "text": TEA}).json()
    finished(served, sent["id"])
    (document,) = served.get("/v1/documents").json()["documents"]
    assert (document["key"], document["title"]) == ("notes/tea.md", "岚山茶业")


def test_without_a_key_other_content_is_another_document(served: TestClient) -> None:
    for text in (TEA, KILN, TEA):
        finished(served, served.post("/v1/documents", files=files(("report.md", text))).json()["id"])
    assert len(keys(served)) == 2
    finished(served, served.post("/v1/documents", files=files(("renamed.md", TEA))).json()["id"])
    assert len(keys(served)) == 2


def test_a_deleted_document_is_found_no_more(served: TestClient) -> None:
    id = finished(served, served.post("/v1/documents", files=MD).json()["id"])["documents"][0]["id"]
    removed = served.delete(f"/v1/documents/{id}")
    conform(RemovedReply, removed.json())
    assert (removed.status_code, removed.json()["id"], removed.json()["deleted"]) == (200, id, True)
    assert served.post("/v1/search", json={"query": "茶园"}).json()["results"] == []
    assert served.get("/version").json()["index"]["generation"] == removed.json()["generation"]
    assert code(served.delete(f"/v1/documents/{id}")) == (404, "not_found", "id")


def test_a_delete_waits_for_another_writer_only_so_long(
    served: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = finished(served, served.post("/v1/documents", files=MD).json()["id"])["documents"][0]["id"]
    monkeypatch.setitem(writer_lock.__wrapped__.__kwdefaults__, "seconds", 0.0)  # type: ignore[attr-defined]
    with writer_lock(tmp_path / "index" / "default"):
        busy = served.delete(f"/v1/documents/{id}")
    assert code(busy)[:2] == (503, "index_busy")
    assert int(busy.headers["retry-after"]) > 0
    assert served.delete(f"/v1/documents/{id}").status_code == 200


def test_one_broken_file_is_told_and_the_rest_is_read(served: TestClient) -> None:
    sent = served.post("/v1/documents", files=files(("tea.md", TEA), ("scan.pdf", "no pdf"), ("picture.png", "PNG")))
    done = finished(served, sent.json()["id"])
    assert (done["state"], [d["state"] for d in done["documents"]]) == ("done", ["added", "failed", "failed"])
    zh, en = (
        served.get(f"/v1/ingestions/{done['id']}", headers={"Accept-Language": language}).json()["documents"][2][
            "error"
        ]
        for language in ("zh-CN", "en")
    )
    assert zh["code"] == en["code"] == "unreadable_file"
    assert zh["message"].startswith("picture.png 的格式不受支持")
    assert en["message"].startswith("picture.png is of a format that is not read")


def test_where_no_file_can_be_read_it_has_failed(served: TestClient) -> None:
    done = finished(served, served.post("/v1/documents", files=files(("a.pdf", "x"), ("b.md", ""))).json()["id"])
    assert (done["state"], done["generation"]) == ("failed", None)
    assert keys(served) == []


def test_files_of_which_none_is_of_a_known_format_are_refused_at_once(served: TestClient) -> None:
    refused = served.post("/v1/documents", files=files(("a.exe", "MZ"), ("b", "?")))
    assert code(refused) == (415, "unsupported_format", "file")
    assert ".docx" in refused.json()["error"]["message"]
    assert served.get("/v1/ingestions").json() == {"ingestions": []}


def test_a_repeated_request_is_one(served: TestClient) -> None:
    once = {"Idempotency-Key": "upload-1"}
    first, second = (served.post("/v1/documents", files=MD, headers=once) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json()["id"] == second.json()["id"]
    finished(served, first.json()["id"])
    third = served.post("/v1/documents", files=MD, headers=once)
    assert (third.json()["id"], third.json()["state"]) == (first.json()["id"], "done")
    other = served.post("/v1/documents", files=files(("tea.md", KILN)), headers=once)
    assert code(other) == (422, "idempotency_key_reused", "Idempotency-Key")
    assert len(served.get("/v1/ingestions").json()["ingestions"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_an_idempotency_key_is_a_line(served: TestClient, key: str) -> None:
    refused = served.post("/v1/documents", files=MD, headers={"Idempotency-Key": key})
    assert code(refused) == (422, "invalid_idempotency_key", "Idempotency-Key")


def test_uploads_at_the_same_time_queue(served: TestClient) -> None:
    def one(n: int) -> str:
        reply = served.post("/v1/documents", files=files((f"{n}.md", f"# 第{n}座窑\n\n第{n}座窑长{n}米。\n")))
        assert reply.status_code == 202
        return str(reply.json()["id"])

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(one, range(100)))
    assert {finished(served, id)["state"] for id in sent} == {"done"}
    assert len(keys(served)) == 100
    newest = served.get("/v1/ingestions").json()
    conform(IngestionsReply, newest)
    assert len(newest["ingestions"]) == 50


def test_what_is_read_slowly_holds_up_no_answer(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go = threading.Event(), threading.Event()

    def slowly(name: str, data: bytes, **said: Any) -> Document:
        begun.set()
        assert go.wait(20)
        return load_upload(name, data, **said)

    monkeypatch.setattr("rag.jobs.worker.load_upload", slowly)
    sent = served.post("/v1/documents", files=MD).json()
    assert begun.wait(20)
    assert served.post("/v1/chat", json={"question": "茶园有多大"}).status_code == 200
    assert served.get(f"/v1/ingestions/{sent['id']}").json()["state"] == "running"
    go.set()
    assert finished(served, sent["id"])["state"] == "done"


def test_collections_are_apart(served: TestClient) -> None:
    sent = served.post("/v1/documents", files=MD, data={"collection": "law"}).json()
    assert sent["collection"] == "law"
    finished(served, sent["id"])
    assert (keys(served), len(keys(served, "law"))) == ([], 1)
    assert served.get("/v1/ingestions").json()["ingestions"] == []
    assert len(served.get("/v1/ingestions", params={"collection": "law"}).json()["ingestions"]) == 1
    id = finished(served, sent["id"])["documents"][0]["id"]
    assert served.delete(f"/v1/documents/{id}").status_code == 404
    assert served.delete(f"/v1/documents/{id}", params={"collection": "law"}).status_code == 200
    assert code(served.post("/v1/documents", files=MD, data={"collection": "none"}))[:2] == (
        404,
        "collection_not_found",
    )
    assert code(served.get("/v1/ingestions", params={"collection": "none"}))[0] == 404


def test_rights(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    id = finished(served, served.post("/v1/documents", files=MD).json()["id"])["id"]
    monkeypatch.setattr("api.guard.caller.caller_of", lambda _: Caller("reader", frozenset({"ask"})))
    assert code(served.post("/v1/documents", files=MD))[:2] == (403, "not_allowed")
    assert code(served.delete("/v1/documents/doc_1"))[:2] == (403, "not_allowed")
    assert served.get(f"/v1/ingestions/{id}").status_code == 200
    monkeypatch.setattr("api.guard.caller.caller_of", lambda _: Caller("bound", frozenset({"ask", "write"}), ("law",)))
    assert code(served.get(f"/v1/ingestions/{id}"))[:2] == (404, "not_found")
    assert served.post("/v1/documents", files=MD).json()["collection"] == "law"
    refused = served.post("/v1/documents", files=MD, data={"collection": "default"})
    assert code(refused)[:2] == (403, "collection_not_allowed")


def test_a_disk_that_refuses_is_no_bug(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise StorageError("Cannot write to /secret/place.", "无法写入 /secret/place。")

    monkeypatch.setattr("rag.jobs.spool.Incoming.seal", refuse)
    refused = served.post("/v1/documents", files=MD)
    assert code(refused)[:2] == (503, "storage_error")
    assert "retry-after" in refused.headers
    assert "secret" not in refused.text


def test_an_unknown_ingestion(served: TestClient) -> None:
    assert code(served.get("/v1/ingestions/ing_0")) == (404, "not_found", "id")


def test_the_description_shows_both_bodies(served: TestClient) -> None:
    spec = served.get("/openapi.json").json()
    content = spec["paths"]["/v1/documents"]["post"]["requestBody"]["content"]
    assert set(content) == {"multipart/form-data", "application/json"}
    assert content["multipart/form-data"]["schema"]["required"] == ["file"]
    assert "text" in content["application/json"]["schema"]["required"]


def test_a_service_without_an_index_of_its_own_writes_nothing(tmp_path: Path) -> None:
    fake = FakeAssistant(Settings(index=tmp_path / "index"))
    with serving(as_assistant(fake)) as client:
        assert client.get("/v1/ingestions").json() == {"ingestions": []}
        assert client.post("/v1/chat", json={"question": "谁"}).status_code == 200
    assert not (tmp_path / "index").exists()
