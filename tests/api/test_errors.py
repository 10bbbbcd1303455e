"""Every error leaves in the one shape, with the right status, code and field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.errors import from_library
from api.replies import ErrorReply
from rag import (
    CollectionExistsError,
    FileError,
    IndexBusyError,
    IndexCorruptError,
    IndexMissingError,
    LanguageModelError,
    QuestionError,
    SettingError,
    StorageError,
    SuanlianError,
)

USER = {"role": "user", "content": "谁种茶"}


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({}, "invalid_request", "messages"),
        ({"question": "谁", "messages": [USER]}, "invalid_request", "messages"),
        ({"question": " \n"}, "empty_text", "question"),
        ({"messages": []}, "invalid_request", "messages"),
        ({"messages": [USER, {"role": "user", "content": ""}]}, "empty_text", "messages[1].content"),
        ({"messages": [{"role": "robot", "content": "谁"}]}, "invalid_request", "messages[0].role"),
        ({"messages": [{"role": "user", "content": ["谁"]}]}, "invalid_request", "messages[0].content"),
        ({"messages": [USER, {"role": "assistant", "content": "他"}]}, "invalid_request", "messages[1].role"),
        ({"question": "谁", "qestion": "谁"}, "invalid_request", "qestion"),
        ({"question": "谁", "top_k": 0}, "invalid_request", "top_k"),
        ({"question": "谁", "top_k": 51}, "invalid_request", "top_k"),
        ({"question": "谁", "top_k": "8"}, "invalid_request", "top_k"),
        ({"question": "谁", "mode": "magic"}, "invalid_request", "mode"),
        ({"question": "谁", "stream": "yes"}, "invalid_request", "stream"),
        ({"question": "谁", "filter": {"tag": []}}, "invalid_request", "filter.tag"),
        ({"question": "谁", "filter": {"published_after": "2024-13-01"}}, "invalid_date", "filter.published_after"),
        ({"question": "谁" * 51}, "question_too_long", "question"),
        ({"messages": [USER, {"role": "user", "content": "谁" * 51}]}, "question_too_long", "messages[1].content"),
        ({"question": "\ud800"}, "invalid_text", "question"),
        ({"question": "谁", "\ud800": 1}, "invalid_request", None),
        ({"question": "谁", "a" * 999: 1}, "invalid_request", "a" * 100),
        ([], "invalid_request", None),
    ],
)
def test_broken_rule_is_422_and_names_the_field(client: TestClient, body: Any, code: str, param: str | None) -> None:
    content = json.dumps(body)
    reply = client.post("/v1/chat", content=content, headers={"Content-Type": "application/json"})
    error = ErrorReply.model_validate(reply.json()).error
    assert (reply.status_code, error.code, error.param) == (422, code, param)
    assert error.request_id == reply.headers["x-request-id"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"question": }', b"\xff\xfe", b"[" * 4000])
def test_body_that_is_not_json_is_400(client: TestClient, content: bytes) -> None:
    reply = client.post("/v1/chat", content=content, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert ErrorReply.model_validate(reply.json()).error.code.startswith("malformed")


def test_other_content_types_are_415(client: TestClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        reply = client.post("/v1/chat", content=b'{"question": "a"}', headers={"Content-Type": kind})
        assert (reply.status_code, reply.json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "param"),
    [
        ("GET", "/nowhere", 404, "not_found", None),
        ("GET", "/static/nowhere.js", 404, "not_found", None),
        ("GET", "/static/../app.py", 404, "not_found", None),
        ("GET", "/static/%2e%2e/app.py", 404, "not_found", None),
        ("GET", "/v1/chat", 405, "method_not_allowed", None),
        ("GET", "/v1/documents/doc_none", 404, "not_found", "id"),
        ("GET", "/v1/documents/doc_tea?version=9", 404, "not_found", "id"),
        ("GET", "/v1/documents/doc_tea?version=x", 422, "invalid_request", "version"),
        ("GET", "/v1/documents?limit=0", 422, "invalid_request", "limit"),
        ("GET", "/v1/documents?limit=201", 422, "invalid_request", "limit"),
        ("GET", "/v1/documents?cursor=%C3%BF", 422, "invalid_cursor", "cursor"),
        ("GET", "/v1/documents?cursor=_w", 422, "invalid_cursor", "cursor"),
    ],
)
def test_addresses(client: TestClient, method: str, path: str, status: int, code: str, param: str | None) -> None:
    reply = client.request(method, path)
    error = ErrorReply.model_validate(reply.json()).error
    assert (reply.status_code, error.code, error.param) == (status, code, param)
    if status == 405:
        assert reply.headers["allow"] == "POST"


def test_allow_names_every_method_of_the_address(client: TestClient) -> None:
    @client.app.post("/v1/examples")  # type: ignore[attr-defined]
    async def second() -> None:
        """Another route of an address that one route has already."""

    reply = client.delete("/v1/examples")
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, POST")
    assert client.post("/", content=b"").headers["allow"] == "GET, HEAD"


def test_other_collection_is_404(client: TestClient) -> None:
    for path, asked in (("/v1/chat", "question"), ("/v1/search", "query")):
        reply = client.post(path, json={asked: "谁", "collection": "other"})
        error = reply.json()["error"]
        assert (reply.status_code, error["code"], error["param"]) == (404, "collection_not_found", "collection")


def test_no_language_model_is_409(client: TestClient) -> None:
    reply = client.post("/v1/chat", json={"question": "谁", "mode": "llm"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "llm_not_configured")


@pytest.mark.parametrize(
    ("more", "seconds"),
    [({"reason": "paused", "retry_after": 12.4}, "13"), ({"reason": "paused", "retry_after": 0.2}, "1"), ({}, "5")],
)
def test_a_language_model_that_gives_no_answer_is_503_with_the_time_to_come_back(
    more: dict[str, Any], seconds: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = "The model at http://10.0.0.7:9000 gave no answer; check RAG_LLM_API_KEY."
    shown = from_library(LanguageModelError(told, "没有答复（http://10.0.0.7:9000）。", **more))
    assert (shown.status_code, shown.code) == (503, "llm_unavailable")
    assert shown.zh.endswith("请稍后再问，或用 extractive 模式提问。")
    assert "10.0.0.7" not in shown.zh + shown.en and "RAG_" not in shown.zh + shown.en
    assert [vars(r)["told"] for r in caplog.records] == [told]  # it is for whoever runs the service
    assert shown.headers == {"Retry-After": seconds}
    assert [(r.levelname, r.msg, vars(r)["reason"], r.exc_info) for r in caplog.records] == [
        ("WARNING", "llm_unavailable", more.get("reason", "failed"), None)
    ]


def test_on_every_route_that_asks_it_is_the_same_error(client: TestClient) -> None:
    message = {"role": "user", "content": "不可用"}
    for stream in (False, True):
        for path, body in (("/v1/chat", {"question": "不可用"}), ("/v1/chat/completions", {"messages": [message]})):
            reply = client.post(path, json={**body, "stream": stream}, headers={"Accept-Language": "en"})
            assert (reply.status_code, reply.json()["error"]["code"]) == (503, "llm_unavailable")
            assert reply.headers["retry-after"] == "13"
            assert reply.json()["error"]["message"].startswith("The language model has failed")


def test_bug_is_500_with_a_request_id_and_nothing_else(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    reply = client.post("/v1/chat", json={"question": "故障"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    assert "/secret" not in reply.text
    assert "Runtime" not in reply.text
    assert reply.json()["error"]["request_id"] in {getattr(record, "request_id", None) for record in caplog.records}


def test_message_is_in_the_language_asked_for(client: TestClient) -> None:
    body = {"question": "谁", "top_k": 0}
    chinese = client.post("/v1/chat", json=body)
    english = client.post("/v1/chat", json=body, headers={"Accept-Language": "en-US,en;q=0.9"})
    assert chinese.json()["error"]["message"] == "top_k：不能小于 1。"
    assert english.json()["error"]["message"] == "top_k: It must be at least 1."
    assert english.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (QuestionError("Empty.", code="question_empty"), 422, "question_empty"),
        (FileError("Not a PDF."), 415, "unreadable_file"),
        (CollectionExistsError("There is one."), 409, "collection_exists"),
        (IndexBusyError("Busy."), 503, "index_busy"),
        (StorageError("Cannot write to /secret."), 503, "storage_error"),
        (IndexMissingError("There is none at /secret."), 404, "collection_not_found"),
        (IndexCorruptError("/secret/file differs."), 500, "internal_error"),
        (SettingError("/secret"), 500, "internal_error"),
        (SuanlianError("/secret"), 500, "internal_error"),
    ],
)
def test_statuses_of_the_library_s_errors(error: SuanlianError, status: int, code: str) -> None:
    shown = from_library(error)
    assert (shown.status_code, shown.code) == (status, code)
    assert "/secret" not in shown.en + shown.zh
    assert ("Retry-After" in (shown.headers or {})) == (status == 503)
