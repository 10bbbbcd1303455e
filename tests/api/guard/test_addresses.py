"""Paths and the methods that they take."""

from __future__ import annotations

import pytest

from api.guard.addresses import methods_of, own_path

DOCUMENT = {
    "paths": {
        "/v1/notes": {"get": {}, "post": {}},
        "/v1/notes/{id}": {"get": {}, "delete": {}},
        "/v1/notes/{id}/parts": {"get": {}},
        "/v1/notes.json": {"head": {}},
    }
}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/notes", {"GET", "POST"}),
        ("/v1/notes/a(b", {"GET", "DELETE"}),
        ("/v1/notes/a/parts", {"GET"}),
        ("/v1/notes/a/b", set()),
        ("/v1/notesXjson", set()),
        ("/", set()),
    ],
)
def test_methods(path: str, methods: set[str]) -> None:
    assert methods_of(path, DOCUMENT) == methods


def test_own_path() -> None:
    assert own_path({"path": "/v1/notes"}) == "/v1/notes"
    assert own_path({"path": "/below/v1/notes", "root_path": "/below"}) == "/v1/notes"
