"""Traces: a stub of a collector on loopback takes what the real exporter sends."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from api import create_app
from api.watch.tracing import exporter_name
from rag import SettingError, Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, wait_ready

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Collector:
    """What an OTLP receiver was sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []

    @property
    def spans(self) -> list[Span]:
        return [
            span
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def resource(self) -> dict[str, str]:
        resource = ExportTraceServiceRequest.FromString(self.bodies[0]).resource_spans[0].resource
        return {fact.key: fact.value.string_value for fact in resource.attributes}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A receiver on loopback that the environment names."""
    got = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.bodies.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            got.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=birds")
    try:
        yield got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def service() -> Iterator[TestClient]:
    with TestClient(create_app(as_assistant(FakeAssistant()), Settings()), base_url=URL) as client:
        wait_ready(client)
        yield client


def facts(span: Span) -> dict[str, Any]:
    return {fact.key: getattr(fact.value, str(fact.value.WhichOneof("value"))) for fact in span.attributes}


def test_a_request_its_answer_and_their_stages(collector: Collector) -> None:
    with service() as client:
        reply = client.post("/v1/chat", json={"question": "谁种茶"}, headers={"traceparent": PARENT})
        client.post("/v1/chat?note=秘密", json={"question": "谁种茶"})
    request = next(span for span in collector.spans if span.name == "POST /v1/chat")
    assert request.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert request.parent_span_id.hex() == "b7ad6b7169203331"
    assert request.kind == Span.SPAN_KIND_SERVER
    about = facts(request)
    assert (about["http.request.method"], about["http.route"], about["http.response.status_code"]) == (
        "POST",
        "/v1/chat",
        200,
    )
    assert about["suanlian.request_id"] == reply.headers["x-request-id"]

    (answer,) = (span for span in collector.spans if span.name == "answer" and span.parent_span_id == request.span_id)
    assert facts(answer)["suanlian.mode"] == "extractive"
    assert facts(answer)["suanlian.refused"] is False
    assert facts(answer)["suanlian.generation"] == 12
    stages = [span for span in collector.spans if span.parent_span_id == answer.span_id]
    assert [span.name for span in stages] == ["rewrite", "retrieve", "rerank", "answer"]
    at = answer.start_time_unix_nano
    for span in stages:
        assert span.start_time_unix_nano == at
        at = span.end_time_unix_nano
    assert at <= answer.end_time_unix_nano <= request.end_time_unix_nano
    assert {span.trace_id for span in (request, answer, *stages)} == {request.trace_id}

    assert collector.resource["service.name"] == "suanlian"
    assert collector.resource["service.version"]
    assert collector.headers[0]["x-tenant"] == "birds"
    assert not any(word.encode() in body for body in collector.bodies for word in ("谁种茶", "秘密"))


def test_a_bug_is_an_error_without_its_words_and_a_forged_parent_is_none(collector: Collector) -> None:
    with service() as client:
        assert client.post("/v1/chat", json={"question": "故障"}, headers={"traceparent": "x"}).status_code == 500
        client.get("/v1/documents/doc_tea")
        client.get("/nowhere/doc_tea")
    bug = next(span for span in collector.spans if span.name == "POST /v1/chat")
    assert bug.status.code == Status.STATUS_CODE_ERROR
    assert facts(bug)["http.response.status_code"] == 500
    assert facts(bug)["error.type"] == "RuntimeError"
    assert not bug.parent_span_id
    assert {"GET /v1/documents/{id}", "GET unmatched"} <= {span.name for span in collector.spans}
    assert not any(b"secret" in body or b"doc_tea" in body for body in collector.bodies)


def test_the_log_names_the_trace(collector: Collector, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "suanlian.api")
    with service() as client:
        client.post("/v1/chat", json={"question": "谁种茶"}, headers={"traceparent": PARENT})
    lines = [record for record in caplog.records if record.msg == "request"]
    assert vars(lines[-1])["trace_id"] == "0af7651916cd43dd8448eb211c80319c"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://collector:4318/v1/traces"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"}, None),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, None),
    ],
)
def test_what_turns_them_on(environ: dict[str, str], expected: str | None) -> None:
    assert exporter_name(environ) == expected


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "otlp, console, none"),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "http/protobuf"),
    ],
)
def test_what_cannot_be_had_is_told_with_what_can(environ: dict[str, str], names: str) -> None:
    with pytest.raises(SettingError, match=names) as caught:
        exporter_name(environ)
    assert caught.value.zh != caught.value.en


def test_a_missing_package_is_one_sentence_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    with pytest.raises(SettingError, match=r"pip install 'suanlian\[otel\]'"):
        create_app(as_assistant(FakeAssistant()), Settings())


def test_nothing_of_it_is_imported_where_it_is_not_asked_for() -> None:
    script = (
        "import sys, api\nfrom rag import Settings\napi.create_app(settings=Settings())\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry.sdk') or '.otlp.' in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_language_model_is_a_stage_and_its_tokens_are_told(collector: Collector) -> None:
    with service() as client:
        client.post("/v1/chat", json={"question": "谁撰写"})
        client.post("/v1/chat", json={"question": "谁退回"})
    written, fallen = (span for span in collector.spans if "suanlian.mode" in facts(span))
    about = facts(written)
    assert (about["suanlian.mode"], about["suanlian.repairs"], about["suanlian.incomplete"]) == ("llm", 3, False)
    assert (about["gen_ai.request.model"], about["gen_ai.usage.input_tokens"]) == ("tea-writer", 412)
    assert "suanlian.fallback" not in about
    assert facts(fallen)["suanlian.fallback"] == "late"
    stages = [span.name for span in collector.spans if span.parent_span_id == written.span_id]
    assert stages == ["rewrite", "retrieve", "rerank", "write", "answer"]
