"""Requests a minute and open streams, of each caller."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.responses import StreamingResponse

from api import create_app
from api.guard.rates import Window
from rag import Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, running, wait_ready

ALPHA = {"Authorization": "Bearer alpha-key"}
BETA = {"X-API-Key": "beta-key"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_takes_its_limit_in_any_minute() -> None:
    clock = Clock()
    window = Window(2, clock)
    assert window.take("a") == (True, 1, 60)
    clock.now += 20
    assert window.take("a") == (True, 0, 40)
    assert window.take("a") == (False, 0, 40)
    clock.now += 39.5
    assert window.take("a") == (False, 0, 1)
    assert window.take("b") == (True, 1, 60)
    clock.now += 0.5  # the first is a minute old; what was refused does not count
    assert window.take("a") == (True, 0, 20)
    assert window.take("a") == (False, 0, 20)


def test_a_window_forgets_callers_that_are_gone() -> None:
    clock = Clock()
    window = Window(1, clock)
    for number in range(1500):
        window.take(str(number))
    clock.now += 61
    window.take("last")
    assert len(window._taken) == 1


def locked(fake: FakeAssistant, **settings: Any) -> FastAPI:
    return create_app(as_assistant(fake), Settings(api_keys=SecretStr("alpha-key, beta-key:ask"), **settings))


def test_a_key_over_its_limit_is_told_when_to_come_back(fake: FakeAssistant) -> None:
    with TestClient(locked(fake, requests_per_minute=2), base_url=URL) as client:
        wait_ready(client)  # open paths are not counted
        left = [client.get("/v1/examples", headers=ALPHA).headers["ratelimit-remaining"] for _ in range(2)]
        assert left == ["1", "0"]
        refused = client.get("/v1/examples", headers=ALPHA)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limited")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit-limit"] == "2"
        assert client.get("/v1/examples", headers=BETA).status_code == 200
        assert client.get("/v1/examples").status_code == 401
        assert client.get("/healthz", headers=ALPHA).status_code == 200


def test_an_open_service_counts_by_address(fake: FakeAssistant) -> None:
    app = create_app(as_assistant(fake), Settings(requests_per_minute=1))
    with TestClient(app, base_url=URL) as client, TestClient(app, base_url=URL, client=("127.0.0.9", 1)) as other:
        assert client.get("/v1/examples").status_code == 200
        assert client.get("/v1/examples").status_code == 429
        assert other.get("/v1/examples").status_code == 200


def test_without_a_limit_nothing_is_counted(client: TestClient) -> None:
    assert "ratelimit-limit" not in client.get("/v1/examples").headers


class Streams:
    """A route that streams until ``release``; ``closed`` counts the ones that were cleaned up."""

    def __init__(self, app: FastAPI) -> None:
        self.release = threading.Event()
        self.opened = threading.Semaphore(0)
        self.closed = threading.Semaphore(0)

        @app.get("/v1/stream")
        def stream() -> StreamingResponse:
            return StreamingResponse(self._events(), media_type="text/event-stream")

    def _events(self) -> Iterator[str]:
        try:
            yield ": begun\n\n"
            self.opened.release()
            assert self.release.wait(10)
            yield "data: end\n\n"
        finally:
            self.closed.release()


def test_streams_beyond_the_limit_are_429_and_a_place_is_free_when_one_ends(fake: FakeAssistant) -> None:
    app = locked(fake, max_streams=1)
    streams = Streams(app)
    with TestClient(app, base_url=URL) as client, ThreadPoolExecutor(1) as side:
        first = side.submit(client.get, "/v1/stream", headers=ALPHA)
        assert streams.opened.acquire(timeout=10)
        refused = client.get("/v1/stream", headers=ALPHA)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_streams")
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/json"
        other = ThreadPoolExecutor(1)
        second = other.submit(client.get, "/v1/stream", headers=BETA)
        assert streams.opened.acquire(timeout=10)  # another key has places of its own
        streams.release.set()
        assert first.result(10).text == second.result(10).text == ": begun\n\ndata: end\n\n"
        other.shutdown()
        assert client.get("/v1/stream", headers=ALPHA).status_code == 200
        assert client.get("/v1/examples", headers=ALPHA).status_code == 200


def test_a_client_that_leaves_frees_its_place(fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = threading.Event()

    def with_stream(*given: Any, **more: Any) -> FastAPI:
        app = create_app(*given, **more)

        async def events() -> AsyncIterator[str]:
            try:
                while True:
                    yield ": alive\n\n"
                    await anyio.sleep(0.05)
            finally:
                gone.set()

        @app.get("/v1/stream")
        async def stream() -> StreamingResponse:
            return StreamingResponse(events(), media_type="text/event-stream")

        return app

    monkeypatch.setattr("api.run.server.create_app", with_stream)
    with running(Settings(port=0, max_streams=1), fake) as url:
        with httpx.stream("GET", f"{url}/v1/stream") as reply:
            assert reply.status_code == 200
            chunks = reply.iter_text()  # held: an iterator that is dropped closes its reply
            assert next(chunks).startswith(": alive")
            assert httpx.get(f"{url}/v1/stream").status_code == 429
        assert gone.wait(10)
        for _ in range(100):  # the place is given back a moment after the generator ends
            with httpx.stream("GET", f"{url}/v1/stream") as again:
                if again.status_code == 200:
                    break
        assert again.status_code == 200
