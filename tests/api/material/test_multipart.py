"""Forms as they arrive, whole and broken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from starlette.types import Message, Scope

from api.errors import ApiError
from api.material.multipart import MAX_FIELD_BYTES, MAX_FIELDS, Form, read_form
from rag import Incoming
from tests.api.indexed import TEA, finished, indexed, serving
from tests.api.material.test_uploads import MD, code, files

BOUNDARY = "frontier"


def part(disposition: bytes, data: bytes) -> bytes:
    return b"--frontier\r\nContent-Disposition: form-data; " + disposition + b"\r\n\r\n" + data + b"\r\n"


END = b"--frontier--\r\n"


def read(pieces: list[bytes], incoming: Incoming, *, max_files: int = 3, boundary: str = BOUNDARY) -> Form:
    """The form that arrives in pieces."""
    left = list(pieces)

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return asyncio.run(read_form(Request(scope(boundary), receive), incoming, max_files=max_files))


def scope(boundary: str = BOUNDARY) -> Scope:
    kind = f"multipart/form-data; boundary={boundary}" if boundary else "multipart/form-data"
    return {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", kind.encode())]}


@pytest.fixture
def incoming(tmp_path: Path) -> Incoming:
    return Incoming(tmp_path / "ing_1")


def test_parts_cut_anywhere_are_put_together(incoming: Incoming) -> None:
    body = part(b'name="title"', "岚山".encode()) + part(b'name="f"; filename="\xe8\x8c\xb6.md"', b"a\r\n--front") + END
    form = read([body[n : n + 1] for n in range(len(body))], incoming)
    assert form.fields == {"title": ["岚山"]}
    ((name, file),) = form.files
    assert (name, file.size) == ("茶.md", 10)
    assert (incoming.folder / "0").read_bytes() == b"a\r\n--front"


def test_a_name_as_some_systems_send_it(incoming: Incoming) -> None:
    form = read([part('name="f"; filename="茶叶.md"'.encode("gb18030"), b"x") + END], incoming)
    assert form.files[0][0] == "茶叶.md"


def test_a_large_file_goes_to_the_disk_as_it_comes(incoming: Incoming) -> None:
    seen: list[int] = []
    left = [part(b'name="f"; filename="a.md"', b"")[:-2], *[b"x" * 100_000] * 10, b"\r\n" + END]

    async def receive() -> Message:
        path = incoming.folder / "0"
        seen.append(path.stat().st_size if path.exists() else 0)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    form = asyncio.run(read_form(Request(scope(), receive), incoming, max_files=1))
    assert form.files[0][1].size == 1_000_000
    assert seen[-1] > 900_000
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing of the kind",
        END[:-6],
        part(b'name="f"; filename="a.md"', b"half"),
        part(b'name="f"; filename="a.md"', b"half") + END[:6],
    ],
)
def test_a_form_that_is_not_whole(incoming: Incoming, body: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        read([body], incoming)
    assert (caught.value.status_code, caught.value.code) == (400, "malformed_form")
    incoming.discard()


@pytest.mark.parametrize("boundary", ["", "x" * 10_000])
def test_a_form_without_a_usable_boundary(incoming: Incoming, boundary: str) -> None:
    with pytest.raises(ApiError, match="multipart"):
        read([END], incoming, boundary=boundary)


def test_limits(incoming: Incoming) -> None:
    for body, expected in (
        (part(b'name="f"; filename="a.md"', b"x") * 4, "too_many_files"),
        (part(b'name="t"', b"x") * (MAX_FIELDS + 1), "too_many_fields"),
        (part(b'name="t"', b"x" * (MAX_FIELD_BYTES + 1)), "field_too_large"),
    ):
        with pytest.raises(ApiError) as caught:
            read([body + END], incoming)
        assert (caught.value.status_code, caught.value.code) == (413, expected)
        incoming.discard()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms") / "index"


@pytest.fixture(scope="module")
def served(index: Path) -> Iterator[TestClient]:
    with serving(indexed(index, max_upload_bytes=20_000, max_body_bytes=2000, max_upload_files=2)) as client:
        yield client


def test_uploads_have_a_limit_of_their_own(served: TestClient) -> None:
    large = TEA + "茶" * 3000
    assert served.post("/v1/documents", files=files(("a.md", large))).status_code == 202
    assert code(served.post("/v1/chat", json={"question": "茶" * 3000}))[0] == 413
    refused = served.post("/v1/documents", files=files(("a.md", "茶" * 10_000)))
    assert code(refused)[:2] == (413, "body_too_large")
    assert "分几次" in refused.json()["error"]["message"]


def test_a_body_of_unknown_length_is_counted_and_leaves_nothing(served: TestClient, index: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield part(b'name="f"; filename="a.md"', b"")[:-2]
        for _ in range(30):
            yield b"x" * 1000

    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    before = served.get("/v1/ingestions").json()["ingestions"]
    for ingestion in before:
        finished(served, ingestion["id"])
    refused = served.post("/v1/documents", content=chunks(), headers=kind)
    assert code(refused)[:2] == (413, "body_too_large")
    assert len(served.get("/v1/ingestions").json()["ingestions"]) == len(before)
    assert list(index.rglob("ing_*")) == []


def test_too_many_files(served: TestClient) -> None:
    assert code(served.post("/v1/documents", files=MD * 3))[:2] == (413, "too_many_files")
