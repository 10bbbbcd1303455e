"""What version 1 names stays: fields may be added, none is renamed or removed, and no route goes."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.rag.promises import CITATION, DOCUMENT, RELATED, REPLY

ROUTES = (
    "POST /v1/chat", "POST /v1/chat/completions", "GET /v1/models", "POST /v1/search",
    "POST /v1/documents", "GET /v1/documents", "GET /v1/documents/{id}", "DELETE /v1/documents/{id}",
    "GET /v1/ingestions/{id}", "POST /v1/batches", "GET /v1/batches/{id}", "GET /v1/batches/{id}/results",
    "DELETE /v1/batches/{id}", "GET /v1/graph", "GET /healthz", "GET /readyz", "GET /metrics", "GET /version",
)  # fmt: skip
NOT_DESCRIBED = ("/docs", "/openapi.json", "/", "/embed.js")
FIELDS = {
    "ChatRequest": {"messages", "question", "collection", "mode", "top_k", "stream", "filter", "explain"},
    "SearchFilter": {"documents", "tags", "published_after", "published_before"},
    "ChatReply": {*REPLY, "related", "trace"},
    "Citation": CITATION,
    "DocumentRef": DOCUMENT,
    "Related": RELATED,
    "Statement": {"text", "kind", "citations"},
    "Item": {"text", "citations"},
    "ShortAnswer": {"text", "citation", "start", "end"},
    "IndexState": {"collection", "generation"},
    "SearchRequest": {"query", "top_k", "filter", "explain"},
    "SearchReply": {"results", "timings"},
    "Found": {"document", "section", "text", "start", "end", "score", "highlights"},
    "DocumentsReply": {"documents", "next"},
    "DocumentReply": {*DOCUMENT, "key", "sections", "text"},
    "BatchReply": {"id", "state", "done", "failed", "total", "rate", "eta"},
    "GraphReply": {"nodes", "edges", "citations"},
    "ErrorReply": {"error"},
    "ErrorBody": {"code", "message", "param", "request_id"},
}


@pytest.fixture
def spec(client: TestClient) -> dict[str, Any]:
    read: dict[str, Any] = client.get("/openapi.json").json()
    return read


def test_no_route_is_gone(client: TestClient, spec: dict[str, Any]) -> None:
    described = {f"{method.upper()} {path}" for path, methods in spec["paths"].items() for method in methods}
    assert set(ROUTES) <= described
    assert [client.get(path).status_code for path in NOT_DESCRIBED] == [200] * len(NOT_DESCRIBED)


def test_no_field_is_gone(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    gone = {name: fields - set(schemas[name]["properties"]) for name, fields in FIELDS.items()}
    assert {name: fields for name, fields in gone.items() if fields} == {}


def test_no_field_of_what_is_sent_as_a_document_is_gone(spec: dict[str, Any]) -> None:
    body = spec["paths"]["/v1/documents"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    while "$ref" in body:
        body = spec["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    assert {"key", "text", "title", "source", "published", "tags"} <= set(body["properties"])
