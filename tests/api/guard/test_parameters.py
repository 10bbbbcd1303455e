"""What an address says after its ``?`` is heard, or told."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.indexed import indexed, serving


@pytest.mark.parametrize("path", ["/v1/chat?collection=other", "/v1/search?top_k=3", "/v1/chat?a=1&%ff=2"])
def test_a_parameter_that_is_not_looked_for_is_told(client: TestClient, path: str) -> None:
    reply = client.post(path, json={"question": "谁", "query": "谁"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "unknown_parameter")


def test_those_that_there_are_are_named(client: TestClient) -> None:
    error = client.get("/v1/documents?collections=other").json()["error"]
    assert error["param"] == "collections"
    assert "collection, cursor, limit" in error["message"]
    assert client.get("/v1/documents?limit=1").status_code == 200


def test_openai_clients_may_carry_parameters_of_other_services(client: TestClient) -> None:
    body = {"model": "suanlian", "messages": [{"role": "user", "content": "谁在种茶？"}]}
    assert client.post("/v1/chat/completions?api-version=2024-10-21", json=body).status_code == 200


def test_an_upload_goes_into_the_collection_that_its_address_names(tmp_path: Path) -> None:
    text = {"key": "a", "text": "青石桥全长412米。"}
    with serving(indexed(tmp_path / "index")) as client:
        assert client.post("/v1/collections", json={"name": "other"}).status_code == 201
        assert client.post("/v1/documents?collection=other", json=text).json()["collection"] == "other"
        both = client.post("/v1/documents?collection=other", json={**text, "collection": "default"})
        assert (both.status_code, both.json()["error"]["param"]) == (422, "collection")
        same = client.post(
            "/v1/documents?collection=other", files={"file": ("b.txt", "石桥。")}, data={"collection": "other"}
        )
        assert same.json()["collection"] == "other"
