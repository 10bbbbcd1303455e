"""Host, Origin and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api import create_app
from api.access import is_loopback
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
