"""Body sizes, declared and not."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi.testclient import TestClient

JSON = {"Content-Type": "application/json"}


def test_declared_size_over_the_limit_is_413(client: TestClient) -> None:
    reply = client.post("/v1/chat", content=b" " * 5001, headers=JSON)
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "body_too_large")


def test_absurd_declared_size_is_413(client: TestClient) -> None:
    reply = client.post("/v1/chat", content=b"{}", headers={**JSON, "Content-Length": "9" * 5000})
    assert reply.status_code == 413


def test_chunked_body_is_counted(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(6):
            yield b" " * 1000

    reply = client.post("/v1/chat", content=chunks(), headers=JSON)
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "body_too_large")


def test_body_of_the_limit_is_taken(client: TestClient) -> None:
    body = '{"question": "谁种茶"}'.encode()
    assert client.post("/v1/chat", content=body.ljust(5000), headers=JSON).status_code == 200
