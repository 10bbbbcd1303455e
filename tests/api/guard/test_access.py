"""Host, Origin and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.websockets import WebSocketDisconnect

from api import create_app
from api.guard.access import is_loopback
from api.guard.caller import caller_of
from api.guard.keys import name_of
from rag import Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, wait_ready


@pytest.fixture
def locked(fake: FakeAssistant) -> Iterator[TestClient]:
    settings = Settings(api_keys=SecretStr("first-key, 第二把"), host="0.0.0.0")
    with TestClient(create_app(as_assistant(fake), settings), base_url=URL) as client:
        wait_ready(client)
        yield client


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9000", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000"])
def test_loopback_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.0.9", "127.0.0.1@evil", ""])
def test_other_hosts_are_refused_on_loopback(client: TestClient, host: str) -> None:
    reply = client.get("/healthz", headers={"Host": host})
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "host_not_allowed")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8000"])
def test_other_origins_are_refused(client: TestClient, origin: str, fake: FakeAssistant) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        reply = client.request(method, "/v1/chat", headers={"Origin": origin}, json={"question": "谁"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "origin_not_allowed")
        assert "access-control-allow-origin" not in reply.headers
    assert fake.calls == []


def test_own_origin_is_served(client: TestClient) -> None:
    assert client.post("/v1/chat", headers={"Origin": URL}, json={"question": "谁"}).status_code == 200


def test_any_name_is_served_beyond_loopback(locked: TestClient) -> None:
    assert locked.get("/healthz", headers={"Host": "answers.example"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/version", "/static/app.js"])
def test_open_without_a_key(locked: TestClient, path: str) -> None:
    assert locked.get(path).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic first-key", "Bearer first-key2", "first-key"],
)
def test_wrong_or_no_key_is_401(locked: TestClient, authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for path in ("/v1/documents", "/v1/examples", "/openapi.json", "/static/../v1/documents", "/nowhere"):
        reply = locked.get(path, headers=headers)
        assert (reply.status_code, reply.json()["error"]["code"]) == (401, "unauthorized")
        assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("key", [b"first-key", "第二把".encode()])
def test_each_key_opens(locked: TestClient, key: bytes) -> None:
    reply = locked.get("/v1/documents", headers={b"Authorization": b"bearer " + key})
    assert reply.status_code == 200


def test_keys_are_not_logged(locked: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    locked.get("/v1/documents", headers={"Authorization": "Bearer first-key"})
    assert caplog.records
    assert "first-key" not in caplog.text


def test_loopback() -> None:
    assert is_loopback("localhost")
    assert is_loopback("::1")
    assert is_loopback("[::1]")
    assert is_loopback("127.0.0.2")
    assert not any(is_loopback(host) for host in ("", "0.0.0.0", "::", "example.com", "10.0.0.1"))


def test_x_api_key_is_taken_where_authorization_holds_none(locked: TestClient) -> None:
    assert locked.get("/v1/documents", headers={"X-API-Key": "first-key"}).status_code == 200
    basic = {"Authorization": "Basic dXNlcjpwYXNz", "X-API-Key": "first-key"}  # a proxy's own
    assert locked.get("/v1/documents", headers=basic).status_code == 200
    assert locked.get("/v1/documents", headers={"X-API-Key": "wrong"}).status_code == 401
    assert locked.get("/v1/documents?api_key=first-key&key=first-key").status_code == 401


def test_rights_and_collections_are_the_keys(fake: FakeAssistant) -> None:
    settings = Settings(api_keys=SecretStr("meter-key:ops, reader-key:ask@default, other-key:ask@other"))
    with TestClient(create_app(as_assistant(fake), settings), base_url=URL) as client:
        wait_ready(client)

        def ask(key: str, collection: str) -> tuple[int, str | None]:
            headers = {"Authorization": f"Bearer {key}"}
            reply = client.post("/v1/chat", json={"question": "谁种茶", "collection": collection}, headers=headers)
            return reply.status_code, reply.json().get("error", {}).get("code")

        assert ask("meter-key", "default") == (403, "not_allowed")
        assert ask("reader-key", "default") == (200, None)
        assert ask("reader-key", "other") == (403, "collection_not_allowed")
        assert ask("other-key", "default") == (403, "collection_not_allowed")
    assert len(fake.calls) == 1


def test_with_keys_a_proxys_host_is_taken_on_loopback(fake: FakeAssistant) -> None:
    settings = Settings(api_keys=SecretStr("first-key"))
    with TestClient(create_app(as_assistant(fake), settings), base_url=URL) as client:
        public = {"Host": "answers.example", "Origin": "https://answers.example"}
        assert client.get("/", headers=public).status_code == 200
        assert client.get("/v1/examples", headers=public).status_code == 401
        assert client.get("/v1/examples", headers={**public, "X-API-Key": "first-key"}).status_code == 200


def test_who_sends_no_key_has_no_right_on_an_open_path(locked: TestClient) -> None:
    seen = []

    @locked.app.get("/embed.js")  # type: ignore[attr-defined]
    async def probe(request: Request) -> None:
        seen.append(caller_of(request))

    app = locked.app
    app.router.routes.insert(0, app.router.routes.pop())  # type: ignore[attr-defined]
    assert locked.get("/embed.js").status_code == 200
    assert locked.get("/embed.js", headers={"X-API-Key": "first-key"}).status_code == 200
    assert [bool(caller.rights) for caller in seen] == [False, True]


def test_a_websocket_is_closed(locked: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as caught, locked.websocket_connect("/v1/chat"):
        raise AssertionError("it was opened")
    assert caught.value.code == 1008


def test_the_log_names_the_caller_and_not_the_key(locked: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    locked.get("/v1/documents", headers={"Authorization": "Bearer first-key"})
    callers = {getattr(record, "caller", None) for record in caplog.records}
    assert name_of("first-key") in callers


def test_below_another_applications_path_the_same_is_open(fake: FakeAssistant) -> None:
    outer = FastAPI()
    outer.mount("/answers", create_app(as_assistant(fake), Settings(api_keys=SecretStr("first-key"))))
    with TestClient(outer, base_url=URL) as client:
        assert client.get("/answers/healthz").status_code == 200
        assert client.get("/answers/docs").status_code == 200
        assert client.get("/answers/v1/examples").status_code == 401
        assert client.get("/answers/v1/examples", headers={"X-API-Key": "first-key"}).status_code == 200
