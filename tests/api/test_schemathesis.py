"""The service holds to its own OpenAPI document, on every route, those added later too.

Schemathesis makes requests from the document, such as it allows and such as it does not, and holds each reply to it:
status, content type, schema, headers, what is refused and what is taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pydantic import SecretStr
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api import create_app
from api.guard.access import is_open
from api.replies import ErrorReply
from rag import Assistant, Settings, document_from_text, ingest_documents
from rag.index.embed import HashEncoder
from tests.api.fake import DOCUMENTS, FakeAssistant, as_assistant
from tests.api.live import running, wait_ready

EXAMPLES = 15  # a route; beside them come one for each bound and each type that the document names
CODE_OF_SCHEMA = "invalid_request"


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def lines_of_json(context: schemathesis.SerializationContext, value: Any) -> Any:
    """A body that is a list as a line of JSON each; any other as it is."""
    if isinstance(value, str | bytes):
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    return "\n".join(json.dumps(line) for line in (value if isinstance(value, list) else [value])).encode()


schema = schemathesis.openapi.from_dict(create_app(as_assistant(FakeAssistant()), Settings()).openapi())


def operations() -> list[Any]:
    """(method, path, operation) of every route in the document."""
    return [
        pytest.param(method.upper(), path, operation, id=f"{method.upper()} {path}")
        for path, methods in schema.raw_schema["paths"].items()
        for method, operation in methods.items()
    ]


def filled(path: str) -> str:
    """``path`` with a word for each of its parameters."""
    return "/".join("some" if part.startswith("{") else part for part in path.split("/"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real assistant over an index of its own, so that routes that write have something to write to."""
    settings = Settings(port=0, index=tmp_path_factory.mktemp("index"), model="hash")
    encoder = HashEncoder()
    documents = [document_from_text(document.text, key=document.key, tags=document.tags) for document in DOCUMENTS]
    ingest_documents(documents, settings, encoder=encoder)
    with closing(Assistant.open(settings=settings, encoder=encoder)) as assistant, running(settings, assistant) as url:
        with httpx.Client(base_url=url) as client:
            wait_ready(client)
        yield url


@pytest.fixture(scope="module")
def http(service: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service, timeout=20) as client:
        yield client


def taken_or_a_rule(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """What the schema allows is taken, or breaks a rule that a schema cannot say and that has a code of its own."""
    try:
        positive_data_acceptance(ctx, response, case)
    except Failure:
        error = response.json().get("error", {}) if response.status_code in (415, 422) else {}
        if response.status_code == 415 and error.get("code") != "unsupported_format":  # what a file is, no schema says
            raise
        # Of the schema's own rules one is not in it: the last message is the user's.
        if error.get("code", CODE_OF_SCHEMA) == CODE_OF_SCHEMA and not str(error.get("param")).startswith("messages"):
            raise


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_route_does_as_documented(case: schemathesis.Case, service: str) -> None:
    excluded = [positive_data_acceptance]
    if case.media_type == "application/x-ndjson":  # any text is one; what is wrong with a line is told in the results
        excluded.append(negative_data_rejection)
    case.call_and_validate(base_url=service, excluded_checks=excluded, additional_checks=[taken_or_a_rule])


HOSTILE = {
    "deep": b"[" * 100_000,
    "deep and closed": b'{"question": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "deep objects": b'{"question": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
    "NUL": b'{"question": "a\\u0000b", "query": "\\u0000", "key": "\\u0000", "text": "\\u0000", "name": "\\u0000"}',
    "a raw NUL": b'{"question": "a\x00b"}',
    "half a pair": b'{"question": "\\ud800", "query": "\\udfff", "text": "\\ud800", "key": "\\ud800", "name": "\\ud800"}',
    "half a pair in a name": b'{"\\ud800": "\\ud800"}',
    "half a pair beside": b'{"question": "a", "query": "a", "collection": "\\ud800", "filter": {"tags": ["\\ud800"]}}',
    "half a pair in a filter": b'{"question": "a", "filter": {"documents": ["\\udc00"], "published_after": "\\ud800"}}',
    "a huge number": b'{"question": "a", "query": "a", "top_k": ' + b"9" * 50_000 + b"}",
    "a huge exponent": b'{"question": "a", "query": "a", "top_k": 1e400}',
    "NaN": b'{"question": "a", "query": "a", "top_k": NaN}',
    "Infinity": b'{"question": NaN, "query": -Infinity, "messages": Infinity}',
    "a name twice": b'{"question": "a", "question": "b", "query": "a", "query": "b"}',
    "not UTF-8": b'{"question": "\xff\xfe"}',
    "UTF-16": '{"question": "a"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"question": "a"}',
    "nothing": b"",
    "a number": b"1",
    "null": b"null",
}


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in HOSTILE.items()])
def test_no_body_is_a_fault_of_the_service(http: httpx.Client, body: bytes) -> None:
    for parameter in operations():
        method, path, operation = parameter.values
        if "requestBody" not in operation:
            continue
        for kind in ("application/json", *operation["requestBody"]["content"]):
            reply = http.request(method, filled(path), content=body, headers={"Content-Type": kind})
            assert reply.status_code < 500, (path, kind, reply.text)
            assert str(reply.status_code) in operation["responses"], (path, kind, reply.text)
            if reply.status_code >= 400:
                assert ErrorReply.model_validate(reply.json()).error.message


@pytest.mark.parametrize(
    "text", ["%00", "%ed%a0%80", "%ff", "a" * 5000, "..%2f..%2fetc%2fpasswd", "%F0%9F%8D%B5", "-1"]
)
def test_no_address_is_a_fault_of_the_service(http: httpx.Client, text: str) -> None:
    for parameter in operations():
        method, path, operation = parameter.values
        names = [given["name"] for given in operation.get("parameters", []) if given["in"] == "query"]
        address = "/".join(text if part.startswith("{") else part for part in path.split("/"))
        query = "&".join(f"{name}={text}" for name in names)
        reply = http.request(method, f"{address}?{query}")
        assert reply.status_code < 500, (address, query, reply.text)
        if reply.status_code >= 400:
            assert ErrorReply.model_validate(reply.json()).error.message


@pytest.mark.parametrize(("method", "path", "operation"), operations())
def test_every_route_documents_who_may_and_what_may_go_wrong(method: str, path: str, operation: dict[str, Any]) -> None:
    replies = operation["responses"]
    expected = {"403", "500"} if is_open(path) else {"401", "403", "429", "500", "503"}
    expected |= {"400", "413", "415", "422"} if "requestBody" in operation else set()
    assert expected <= set(replies)
    assert ("security" in operation) is not is_open(path)
    for status, reply in replies.items():
        assert "X-Request-Id" in reply["headers"]
        assert ("Retry-After" in reply["headers"]) is (status in ("429", "503"))
        if status >= "400":
            assert reply["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorReply")
    assert "HTTPValidationError" not in schema.raw_schema["components"]["schemas"]


def test_where_keys_are_set_every_route_needs_one() -> None:
    settings = Settings(port=0, api_keys=SecretStr("whole-key"))
    with running(settings, FakeAssistant()) as url, httpx.Client(base_url=url) as http:
        assert http.get("/openapi.json").status_code == 401
        document = http.get("/openapi.json", headers={"Authorization": "Bearer whole-key"}).json()
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                bare = http.request(method, filled(path))
                assert (bare.status_code == 401) is not is_open(path), (method, path)
                if bare.status_code == 401:
                    assert {} not in operation["security"]
                    assert ErrorReply.model_validate(bare.json()).error.code == "unauthorized"
