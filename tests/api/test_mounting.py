"""The service below a path of another application, with and without a word that it has begun."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.middleware.base import RequestResponseEndpoint

from api import create_app
from rag import Assistant, Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.indexed import TEA, indexed
from tests.api.live import URL, wait_ready

KEYS = Settings(api_keys=SecretStr("secret"))
HELD = {"Authorization": "Bearer secret"}


def around(service: FastAPI, *, told: bool) -> FastAPI:
    """An application that has the service at ``/ask``; ``told``: its lifespan includes the service's."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service.router.lifespan_context(service):
            yield

    app = FastAPI(lifespan=lifespan if told else None)
    app.mount("/ask", service)
    return app


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """What ``Assistant.open`` opens."""
    fake = FakeAssistant()
    monkeypatch.setattr(Assistant, "open", lambda **_: as_assistant(fake))
    return fake


@pytest.mark.parametrize("told", [False, True])
def test_it_loads_and_answers(fake: FakeAssistant, told: bool) -> None:
    with TestClient(around(create_app(settings=Settings()), told=told), base_url=URL) as client:
        wait_ready(client, "/ask/readyz")
        assert client.post("/ask/v1/chat", json={"question": "谁种茶"}).json()["items"]
        assert "event: done" in client.post("/ask/v1/chat", json={"question": "谁", "stream": True}).text
        assert fake.warmed == 1
        assert client.get("/ask/v1/models").status_code == 200
        error = client.post("/ask/v1/chat", json={"question": ""})
        assert (error.status_code, error.json()["error"]["code"]) == (422, "empty_text")
        assert client.get("/v1/models").status_code == 404
    assert fake.closed == int(told)


def test_below_an_application_whose_middleware_reads_along(fake: FakeAssistant) -> None:
    """FastAPI's ``@app.middleware`` puts a receive of its own before the one that tells of clients that go away."""
    app = around(create_app(settings=Settings()), told=True)

    @app.middleware("http")
    async def stamp(request: Request, call_next: RequestResponseEndpoint) -> Response:
        await request.body()
        reply = await call_next(request)
        reply.headers["X-Stamp"] = "1"
        return reply

    with TestClient(app, base_url=URL) as client:
        wait_ready(client, "/ask/readyz")
        for body in ({"question": "谁种茶"}, {"question": "谁种茶", "stream": True}):
            reply = client.post("/ask/v1/chat", json=body)
            assert (reply.status_code, reply.headers["x-stamp"]) == (200, "1")
            assert "松风合作社" in reply.text


def test_an_assistant_that_is_given_answers_at_once() -> None:
    service = create_app(as_assistant(FakeAssistant()))
    with TestClient(around(service, told=False), base_url=URL) as client:
        assert client.post("/ask/v1/chat", json={"question": "谁种茶"}).status_code == 200


def test_without_a_word_that_it_has_begun_uploads_are_read_and_batches_answered(tmp_path: Path) -> None:
    service = create_app(indexed(tmp_path / "index"))

    def over(client: TestClient, address: str) -> dict[str, object]:
        for _ in range(1000):
            found: dict[str, object] = client.get(address).json()
            if found["finished"] is not None:
                return found
            time.sleep(0.01)
        raise AssertionError(found)

    with TestClient(around(service, told=False), base_url=URL) as client:
        sent = client.post("/ask/v1/documents", files=[("file", ("tea.md", TEA.encode()))])
        assert sent.headers["location"].startswith("/ask/v1/ingestions/")
        assert over(client, sent.headers["location"])["state"] == "done"
        line = json.dumps({"question": "青禾茶园的面积是多少"})
        kind = {"Content-Type": "application/x-ndjson"}
        batch = client.post("/ask/v1/batches", content=line, headers=kind).json()
        assert over(client, f"/ask/v1/batches/{batch['id']}")["state"] == "done"
        assert "三千二百亩" in client.get(f"/ask/v1/batches/{batch['id']}/results").json()["reply"]["answer"]
    with TestClient(service):  # whoever tells it of its end
        pass


def test_its_page_finds_its_files_below_the_path(fake: FakeAssistant) -> None:
    with TestClient(around(create_app(settings=Settings()), told=True), base_url=URL) as client:
        page = client.get("/ask")  # without the slash the page's own addresses would be another application's
        assert page.url == f"{URL}/ask/"
        assert 'src="static/app.js"' in page.text
        assert client.get("/ask/static/app.js").status_code == 200


def test_what_is_open_without_a_key_is_open_below_the_path(fake: FakeAssistant) -> None:
    with TestClient(around(create_app(settings=KEYS), told=True), base_url=URL) as client:
        for path in ("/ask/", "/ask/healthz", "/ask/version", "/ask/static/app.js"):
            assert client.get(path).status_code == 200, path
        assert client.get("/ask/v1/models").status_code == 401
        assert client.get("/ask/v1/models", headers=HELD).status_code == 200
