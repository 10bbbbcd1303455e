"""The routes, as a client sees them."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, SecretStr

from api import create_app, replies
from rag import Assistant, Filter, IndexMissingError, Settings
from tests.api.fake import DOCUMENTS, FakeAssistant, as_assistant
from tests.api.live import EXAMPLES, URL, wait_ready


def conform(model: type[BaseModel], reply: dict[str, Any]) -> None:
    """The reply has the fields that /docs shows, of the types it shows, and no others."""
    read = model.model_validate(reply)
    assert not read.model_extra


def test_chat_answers_with_citations_that_hold(client: TestClient) -> None:
    reply = client.post("/v1/chat", json={"question": "谁种茶"}).json()
    conform(replies.ChatReply, reply)
    assert reply["index"] == {"collection": "default", "generation": 12}
    for citation in reply["citations"]:
        text = client.get(f"/v1/documents/{citation['document']['id']}", params={"version": 1}).json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "related" not in reply
    assert "trace" not in reply


def test_chat_passes_on_what_was_asked(client: TestClient, fake: FakeAssistant) -> None:
    messages = [
        {"role": "user", "content": "谁种茶"},
        {"role": "assistant", "content": "青禾茶园[1]。"},
        {"role": "user", "content": "面积多少"},
    ]
    body = {
        "messages": messages,
        "mode": "extractive",
        "top_k": 5,
        "collection": "default",
        "explain": True,
        "filter": {"tags": ["tea"], "published_after": "2024-01-01"},
    }
    reply = client.post("/v1/chat", json=body).json()
    assert reply["trace"]
    assert reply["short_answer"]["text"] == "三千二百亩"
    assert fake.calls[-1] == {
        "question": messages,
        "mode": "extractive",
        "top_k": 5,
        "filter": Filter(tags=("tea",), published_after="2024-01-01"),
        "explain": True,
    }


def test_refusal_brings_near_passages(client: TestClient) -> None:
    reply = client.post("/v1/chat", json={"question": "哪一年开垦"}).json()
    conform(replies.ChatReply, reply)
    assert reply["refused"]
    assert reply["missing"]
    assert reply["related"]
    assert reply["citations"] == []


def test_search(client: TestClient, fake: FakeAssistant) -> None:
    reply = client.post("/v1/search", json={"query": "种植", "top_k": 3}).json()
    conform(replies.SearchReply, reply)
    found = reply["results"][0]
    assert found["text"] == DOCUMENTS[0].text[found["start"] : found["end"]]
    assert found["highlights"] == [[3, 7]]
    assert "trace" not in found
    assert fake.calls[-1]["top_k"] == 3
    explained = client.post("/v1/search", json={"query": "种植", "explain": True}).json()
    assert explained["results"][0]["trace"] == {"lexical_rank": 1}


def test_documents_are_paged_by_cursor(client: TestClient) -> None:
    first = client.get("/v1/documents", params={"limit": 1}).json()
    conform(replies.DocumentsReply, first)
    second = client.get("/v1/documents", params={"limit": 1, "cursor": first["next"]}).json()
    assert [page["documents"][0]["id"] for page in (first, second)] == ["doc_pottery", "doc_tea"]
    assert second["next"] is None
    assert "text" not in first["documents"][0]


def test_document_with_sections_and_text(client: TestClient) -> None:
    reply = client.get("/v1/documents/doc_tea").json()
    conform(replies.DocumentReply, reply)
    assert reply["text"] == DOCUMENTS[0].text
    assert reply["characters"] == len(reply["text"])
    section = reply["sections"][-1]
    assert section["path"][-1] == "中游：加工"
    assert reply["text"][section["start"] :].startswith("中游：加工")


def test_operations(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    version = client.get("/version").json()
    conform(replies.VersionReply, version)
    assert version["index"]["generation"] == 12
    assert version["fingerprint"]["model"] == "none"
    assert version["language_model"] is None


def test_the_version_names_the_language_model_and_nothing_else_of_it() -> None:
    settings = Settings(
        llm_model="tea-writer", llm_base_url="http://writer.internal/v1", llm_api_key=SecretStr("sesame")
    )
    with TestClient(create_app(as_assistant(FakeAssistant(settings))), base_url=URL) as client:
        wait_ready(client)
        reply = client.get("/version")
    assert reply.json()["language_model"] == "tea-writer"
    assert "internal" not in reply.text and "sesame" not in reply.text


def test_how_an_answer_was_written_is_in_the_reply(client: TestClient) -> None:
    reply = client.post("/v1/chat", json={"question": "谁撰写"}).json()
    conform(replies.ChatReply, reply)
    assert (reply["mode"], reply["fallback"], reply["incomplete"]) == ("llm", None, False)
    assert [(mended["kind"], mended["statement"]) for mended in reply["repairs"]] == [
        ("moved", 0),
        ("replaced", 1),
        ("dropped", None),
    ]
    assert reply["usage"] == {"model": "tea-writer", "input_tokens": 412, "output_tokens": 96}
    fallen = client.post("/v1/chat", json={"question": "谁退回"}).json()
    conform(replies.ChatReply, fallen)
    assert (fallen["mode"], fallen["fallback"], fallen["usage"]) == ("extractive", "late", None)
    asked = client.post("/v1/chat", json={"question": "谁撰写", "mode": "extractive"}).json()
    assert (asked["mode"], asked["fallback"], asked["repairs"]) == ("extractive", None, [])


def test_examples_from_a_sequence_or_a_file(client: TestClient, fake: FakeAssistant, tmp_path: Path) -> None:
    assert client.get("/v1/examples").json() == {"examples": list(EXAMPLES)}
    listed = tmp_path / "examples.txt"
    listed.write_text("# 示例\n\n甲是什么？\n 乙呢？ \n", encoding="utf-8")
    with TestClient(create_app(as_assistant(fake), examples=listed), base_url=URL) as other:
        assert other.get("/v1/examples").json() == {"examples": ["甲是什么？", "乙呢？"]}


def test_page_and_its_files_come_under_a_strict_policy(client: TestClient) -> None:
    for path, kind in (("/", "text/html"), ("/static/app.js", "text/javascript"), ("/static/style.css", "text/css")):
        reply = client.get(path)
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith(kind)
        assert reply.headers["content-security-policy"].startswith("default-src 'self'")
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert client.head("/").status_code == 200


def test_openapi_describes_requests_replies_and_errors(client: TestClient) -> None:
    spec = client.get("/openapi.json").json()
    chat = spec["paths"]["/v1/chat"]["post"]["responses"]
    assert chat["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/ChatReply")
    assert chat["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorReply")
    assert client.get("/docs").status_code == 200


def test_every_reply_has_a_request_id(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "mine-1"}).headers["x-request-id"] == "mine-1"
    forged = client.get("/healthz", headers={"X-Request-Id": "a b\tc"}).headers["x-request-id"]
    assert forged.startswith("req_")
    nowhere = client.get("/nowhere")
    assert nowhere.headers["x-request-id"] == nowhere.json()["error"]["request_id"]


def test_beyond_the_queue_is_503_at_once(fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)  # two workers
    app = create_app(as_assistant(fake), Settings(max_waiting=1))
    with TestClient(app, base_url=URL) as client, ThreadPoolExecutor(4) as many:
        wait_ready(client)

        def ask(question: str) -> Future[Any]:
            return many.submit(client.post, "/v1/chat", json={"question": question})

        working = [ask("慢慢答，谁种茶") for _ in range(2)]
        for _ in working:
            assert fake.started.acquire(timeout=10)
        # Both workers are held and one may wait: of two more, one is told to come back while nothing moves.
        done, waiting = wait([ask("谁种茶"), ask("谁种茶")], timeout=10, return_when=FIRST_COMPLETED)
        assert len(done) == len(waiting) == 1
        refused = done.pop().result()
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        assert refused.json()["error"]["code"] == "overloaded"
        fake.release.set()
        assert [reply.result(10).status_code for reply in (*working, *waiting)] == [200, 200, 200]
        assert client.post("/v1/chat", json={"question": "谁种茶"}).status_code == 200


def test_lives_while_it_loads_and_then_is_ready(fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    may_open = threading.Event()

    def open_slowly(*_: object, **__: object) -> Assistant:
        may_open.wait(10)
        return as_assistant(fake)

    monkeypatch.setattr(Assistant, "open", open_slowly)
    with TestClient(create_app(settings=Settings()), base_url=URL) as client:
        assert client.get("/healthz").status_code == 200
        loading = client.get("/readyz")
        assert loading.status_code == 503
        assert loading.headers["retry-after"]
        assert loading.json()["error"]["code"] == "loading"
        assert client.post("/v1/chat", json={"question": "谁"}).status_code == 503
        assert client.get("/version").json()["index"] is None
        may_open.set()
        wait_ready(client)
        assert fake.warmed == 1
        assert fake.closed == 0
    assert fake.closed == 1


def test_failed_load_names_the_code_and_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> Assistant:
        raise IndexMissingError("There is no index at /secret/index; build one.")

    monkeypatch.setattr(Assistant, "open", fail)
    with TestClient(create_app(settings=Settings()), base_url=URL) as client:
        for _ in range(1000):
            reply = client.get("/readyz")
            if reply.json()["error"]["code"] != "loading":
                break
            threading.Event().wait(0.01)
        assert reply.status_code == 503
        assert reply.json()["error"]["code"] == "index_missing"
        assert "/secret" not in reply.text


def test_given_assistant_is_not_closed(fake: FakeAssistant) -> None:
    with TestClient(create_app(as_assistant(fake)), base_url=URL) as client:
        wait_ready(client)
    assert fake.warmed == 1
    assert fake.closed == 0


def test_a_whole_number_may_be_written_with_a_point(client: TestClient, fake: FakeAssistant) -> None:
    body = b'{"query": "\xe8\xb0\x81", "top_k": 3.0}'
    assert client.post("/v1/search", content=body, headers={"Content-Type": "application/json"}).status_code == 200
    assert fake.calls[-1]["top_k"] == 3
    half = client.post("/v1/search", json={"query": "谁", "top_k": 3.5})
    assert (half.status_code, half.json()["error"]["param"]) == (422, "top_k")
