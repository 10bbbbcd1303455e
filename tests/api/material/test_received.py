"""What an upload may hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.material.received import label
from rag import Upload
from tests.api.indexed import TEA, finished, indexed, serving
from tests.api.material.test_uploads import MD, code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(indexed(tmp_path_factory.mktemp("received") / "index", "law")) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/tea.md", "tea.md"),
        ("C:" + "\\notes\\tea.md", "tea.md"),
        ("te\x00a\n\r.md", "tea.md"),
        ("tea\ud800.md", "tea.md"),
        ("tea\u202edm.md", "teadm.md"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("///", "unnamed"),
        ("茶" * 300 + ".md", "茶" * (Upload.MAX_NAME - 3) + ".md"),
        ("a." + "b" * 300, "a." + "b" * (Upload.MAX_NAME - 2)),
    ],
)
def test_a_name_is_a_label(name: str, shown: str) -> None:
    assert label(name) == shown


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_name_becomes_one_that_can_be_shown(name: str) -> None:
    shown = label(name)
    assert 0 < len(shown) <= Upload.MAX_NAME
    assert not set(shown) & set("/\\\n\x00")
    shown.encode()


@pytest.mark.parametrize("name", ["../../x.md", "\\\\host\\x.md", "x\x07.md", "..md", "x" * 300 + ".md", "/etc/x.md"])
def test_no_name_touches_the_disk(served: TestClient, tmp_path: Path, name: str) -> None:
    done = finished(served, served.post("/v1/documents", files={"f": (name, TEA.encode())}).json()["id"])
    assert done["documents"][0]["state"] in ("added", "unchanged")
    assert list(tmp_path.rglob("*.md")) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"key": ""}, "key_empty"),
        ({"key": " "}, "key_empty"),
        ({"key": "k" * (Upload.MAX_KEY + 1)}, "key_too_long"),
        ({"key": "a\nb"}, "key_invalid"),
        ({"published": "31.1.2024"}, "invalid_date"),
        ({"published": "2024-02-30"}, "invalid_date"),
        ({"title": "t" * 2001}, "text_too_long"),
        ({"tags": ",".join(map(str, range(101)))}, "invalid_request"),
        ({"tags": "t" * 101}, "tag_too_long"),
        ({"colour": "blue"}, "invalid_request"),
        ({"text": "甲"}, "invalid_request"),
    ],
)
def test_a_field_that_breaks_a_rule(served: TestClient, said: dict[str, str], expected: str) -> None:
    status, told, param = code(served.post("/v1/documents", files=MD, data=said))
    assert (status, told) == (422, expected)
    assert (param or "").startswith(next(iter(said)))


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ("{", 400, "malformed_json"),
        ("[" * 100_000, 400, "malformed_json"),
        ("\xff", 400, "malformed_json"),
        ('"text"', 422, "invalid_request"),
        ("{}", 422, "invalid_request"),
        ('{"text": " "}', 422, "empty_text"),
        ('{"text": "\\ud800"}', 422, "invalid_text"),
        ('{"text": "甲", "title": "\\ud800"}', 422, "invalid_text"),
        ('{"text": "甲", "key": "\\ud800"}', 422, "invalid_text"),
        ('{"text": "甲", "key": 7}', 422, "invalid_request"),
        ('{"text": "甲", "tags": "a"}', 422, "invalid_request"),
        ('{"text": "甲", "tags": [""]}', 422, "tag_empty"),
        ('{"text": "甲", "file": "x"}', 422, "invalid_request"),
    ],
)
def test_json_that_breaks_a_rule(served: TestClient, body: str, status: int, expected: str) -> None:
    content = body.encode("latin-1") if body == "\xff" else body.encode()
    reply = served.post("/v1/documents", content=content, headers={"Content-Type": "application/json"})
    assert code(reply)[:2] == (status, expected)


def test_a_text_beyond_what_json_may_hold_is_to_be_a_file(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.material.received.MAX_JSON_BYTES", 1000)
    assert code(served.post("/v1/documents", json={"text": "x" * 1000}))[:2] == (413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/pdf", ""])
def test_another_kind_of_body(served: TestClient, kind: str) -> None:
    reply = served.post("/v1/documents", content=b"x", headers={"Content-Type": kind})
    assert code(reply) == (415, "unsupported_media_type", "Content-Type")


def test_a_key_is_for_one_file(served: TestClient) -> None:
    reply = served.post("/v1/documents", files=[*MD, *MD], data={"key": "k"})
    assert code(reply) == (422, "invalid_request", "key")


def test_a_form_without_a_file(served: TestClient) -> None:
    blank = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'  # as a browser sends it
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert code(served.post("/v1/documents", content=blank, headers=kind)) == (422, "no_files", "file")
    assert code(served.post("/v1/documents", files={"title": (None, "t")})) == (422, "no_files", "file")


def test_a_field_twice(served: TestClient) -> None:
    reply = served.post("/v1/documents", files=[*MD, ("title", (None, "a")), ("title", (None, "b"))])
    assert code(reply) == (422, "invalid_request", "title")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"text": "第一行\n第二行"}, "第一行"),
        ({"text": "x", "key": "a/b"}, "a/b"),
        ({"text": "x", "key": "a/b", "title": "题"}, "题"),
        ({"text": "\x01"}, "unnamed"),
    ],
)
def test_what_a_text_is_called(served: TestClient, body: dict[str, Any], name: str) -> None:
    reply = served.post("/v1/documents", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (reply.status_code, reply.json()["documents"][0]["name"]) == (202, name)
