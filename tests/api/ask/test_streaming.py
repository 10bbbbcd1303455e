"""Streams of /v1/chat against a live service, read from the wire; and clients that go away."""

from __future__ import annotations

import json
import logging
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from api.run.pool import Gauge, Pool
from rag import Settings
from tests.api.fake import FakeAssistant
from tests.api.live import running, until, wait_ready

LIST = "谁在种茶和制茶？"


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[Pool]:
    """The pools of the services that the test runs."""
    made: list[Pool] = []

    def make(workers: int, waiting: int, gauge: Gauge | None = None) -> Pool:
        made.append(Pool(workers, waiting, gauge))
        return made[-1]

    monkeypatch.setattr("api.app.Pool", make)
    return made


@pytest.fixture
def url(fake: FakeAssistant, pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A live service of two threads with a place for one request that waits."""
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with running(Settings(port=0, max_waiting=1), fake) as url, httpx.Client(base_url=url) as client:
        wait_ready(client)
        yield url


def parsed(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: name and data; ("", …) for a comment."""
    events = []
    for block in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.split("\n"))
        events.append((fields.get("event", ""), json.loads(fields["data"]) if "data" in fields else block))
    return events


def test_an_answer_comes_statement_by_statement(url: str) -> None:
    with httpx.stream("POST", f"{url}/v1/chat", json={"question": LIST, "stream": True}) as reply:
        assert reply.status_code == 200
        assert reply.headers["content-type"].startswith("text/event-stream")
        assert reply.headers["cache-control"] == "no-cache"
        assert reply.headers["x-accel-buffering"] == "no"
        assert reply.headers["x-request-id"]
        events = parsed(reply.read().decode())
    names = [name for name, _ in events]
    assert names == ["meta", "citations", "delta", "citations", "delta", "citations", "delta", "done"]
    meta, done = events[0][1], events[-1][1]
    assert meta == {"id": done["id"], "mode": "extractive", "standalone_question": done["standalone_question"]}
    assert "".join(data["text"] for name, data in events if name == "delta") == done["answer"]
    whole = httpx.post(f"{url}/v1/chat", json={"question": LIST}).json()
    assert done == whole
    sent: list[Any] = []
    for name, data in events:
        if name == "citations":
            sent += data["citations"]
        if name == "delta":
            assert {int(n) for n in re.findall(r"\[(\d+)\]", data["text"])} <= {c["id"] for c in sent}
    assert sent == done["citations"]


def test_a_refusal_is_streamed_too(url: str) -> None:
    events = parsed(httpx.post(f"{url}/v1/chat", json={"question": "哪一年开垦", "stream": True}).text)
    assert [name for name, _ in events] == ["meta", "delta", "done"]
    assert events[-1][1]["related"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": "谁", "mode": "llm"}, 409, "llm_not_configured"),
        ({"question": "长" * 9000}, 422, "question_too_long"),
        ({"question": "谁", "collection": "other"}, 404, "collection_not_found"),
        ({"question": "故障"}, 500, "internal_error"),
    ],
)
def test_what_is_wrong_before_the_first_event_is_an_ordinary_error(
    url: str, body: dict[str, Any], status: int, code: str
) -> None:
    reply = httpx.post(f"{url}/v1/chat", json={**body, "stream": True})
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert reply.headers["content-type"] == "application/json"
    assert "/secret" not in reply.text


def test_what_goes_wrong_later_is_an_event(url: str) -> None:
    headers = {"Accept-Language": "en", "X-Request-Id": "mine"}
    reply = httpx.post(f"{url}/v1/chat", json={"question": "谁断", "stream": True}, headers=headers)
    events = parsed(reply.text)
    assert [name for name, _ in events] == ["meta", "citations", "delta", "error"]
    error = events[-1][1]["error"]
    assert (error["code"], error["request_id"], error["param"]) == ("internal_error", "mine", None)
    assert error["message"].startswith("Something went wrong")
    assert "/secret" not in reply.text


def test_the_first_statement_leaves_before_the_second_is_made(url: str, fake: FakeAssistant) -> None:
    with httpx.stream("POST", f"{url}/v1/chat", json={"question": "谁停", "stream": True}) as reply:
        got = ""
        for text in reply.iter_text():
            got += text
            if got.count("event: delta") == 1 and not fake.release.is_set():
                assert "event: done" not in got
                fake.release.set()
    assert [name for name, _ in parsed(got)][-1] == "done"


def test_more_streams_than_a_caller_may_have_are_refused_and_let_go(fake: FakeAssistant, pools: list[Pool]) -> None:
    with running(Settings(port=0, max_streams=1), fake) as url, httpx.Client(base_url=url) as client:
        wait_ready(client)
        room = pools[0].room
        body = {"question": "谁停", "stream": True}
        with client.stream("POST", "/v1/chat", json=body) as first:
            assert first.status_code == 200
            second = client.post("/v1/chat", json={**body, "question": "谁"})
            assert (second.status_code, second.json()["error"]["code"]) == (429, "too_many_streams")
            assert client.post("/v1/chat", json={"question": "谁"}).status_code == 200
            fake.release.set()
            assert "event: done" in first.read().decode()
        until(lambda: pools[0].room == room)


class Leaving:
    """A client that sends a request and goes away without waiting for the reply."""

    def __init__(self, url: str, body: dict[str, Any], path: str = "/v1/chat") -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=10)
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        self._socket.sendall(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data)

    def read(self) -> bytes:
        return self._socket.recv(65536)

    def leave(self) -> None:
        self._socket.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat", {"question": "谁后来的", "stream": True}),
        ("/v1/chat", {"question": "谁后来的"}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "谁后来的"}], "stream": True}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "谁后来的"}]}),
    ],
)
def test_a_request_that_waits_is_dropped_with_its_client(
    url: str, fake: FakeAssistant, pools: list[Pool], path: str, body: dict[str, Any]
) -> None:
    held = [Leaving(url, {"question": "慢慢答，谁种茶"}) for _ in range(2)]
    for _ in held:
        assert fake.started.acquire(timeout=10)
    waiting = Leaving(url, body, path)
    until(lambda: pools[0].room == 0)
    for stream in (False, True):
        refused = httpx.post(f"{url}/v1/chat", json={"question": "谁", "stream": stream})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "overloaded")
        assert refused.headers["retry-after"]
    waiting.leave()
    until(lambda: pools[0].room == 1)
    fake.release.set()
    for one in held:
        assert b"200 OK" in one.read()
        one.leave()
    assert httpx.post(f"{url}/v1/chat", json={"question": "谁最后"}).status_code == 200
    assert not [call for call in fake.calls if "后来的" in str(call["question"])]


def test_a_stream_whose_client_is_gone_ends_with_the_step_that_it_is_at(
    url: str, fake: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    client = Leaving(url, {"question": "谁停", "stream": True})
    got = b""
    while b"event: delta" not in got:
        got += client.read()
    with caplog.at_level(logging.INFO, logger="suanlian.api"):
        client.leave()
        until(lambda: "request" in caplog.messages)  # its log line: the service has done with it, the thread has not
    assert "bug" not in caplog.messages
    assert [getattr(record, "code", None) for record in caplog.records if record.message == "request"] == [
        "client_gone"
    ]
    fake.release.set()
    assert fake.let_go.wait(10)
    assert fake.told[-1] == "delta"
    assert "done" not in fake.told


def test_a_long_wait_is_kept_open_and_then_errors_are_events(
    url: str, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.ask.sse.KEEP_ALIVE_SECONDS", 0.02)
    for question, last in (("谁慢", "done"), ("慢故障", "error")):
        fake.release.clear()
        with httpx.stream("POST", f"{url}/v1/chat", json={"question": question, "stream": True}) as reply:
            assert reply.status_code == 200
            got = ""
            for text in reply.iter_text():
                got += text
                fake.release.set()  # not before the first comment has come
        events = parsed(got)
        assert events[0] == ("", ": keep-alive")
        assert events[-1][0] == last


def test_it_works_in_process_as_well(client: TestClient) -> None:
    reply = client.post("/v1/chat", json={"question": "茶园面积有多少亩", "stream": True})
    assert [name for name, _ in parsed(reply.text)] == ["meta", "citations", "delta", "done"]


def test_openapi_tells_of_both_kinds_of_reply(client: TestClient) -> None:
    replies = client.get("/openapi.json").json()["paths"]["/v1/chat"]["post"]["responses"]["200"]
    assert set(replies["content"]) == {"application/json", "text/event-stream"}


def test_a_language_model_that_fails_later_is_an_event_too(url: str) -> None:
    events = parsed(httpx.post(f"{url}/v1/chat", json={"question": "谁失联", "stream": True}).text)
    assert [name for name, _ in events] == ["meta", "citations", "delta", "error"]
    assert events[-1][1]["error"]["code"] == "llm_unavailable"
    assert events[-1][1]["error"]["message"].startswith("语言模型连续出错")


def test_what_a_language_model_wrote_comes_statement_by_statement(url: str) -> None:
    events = parsed(httpx.post(f"{url}/v1/chat", json={"question": "谁撰写", "stream": True}).text)
    assert [name for name, _ in events] == ["meta", "citations", "delta", "citations", "delta", "done"]
    assert events[0][1]["mode"] == "llm"
    whole = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "delta") == whole["answer"]
    assert len(whole["repairs"]) == 3

    *_, (name, broken) = parsed(httpx.post(f"{url}/v1/chat", json={"question": "谁中断", "stream": True}).text)
    assert (name, broken["mode"], broken["incomplete"]) == ("done", "llm", True)
