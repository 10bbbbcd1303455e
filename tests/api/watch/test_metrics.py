"""``GET /metrics``."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from api import create_app
from api.watch.metrics import Metrics
from rag import NotFoundError, Settings, StorageError
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.indexed import TEA, finished, indexed, serving
from tests.api.live import URL, wait_ready

Values = dict[tuple[str, frozenset[tuple[str, str]]], float]


def read(client: TestClient) -> Values:
    reply = client.get("/metrics")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def value(values: Values, name: str, **labels: str) -> float | None:
    return values.get((name, frozenset(labels.items())))


@contextmanager
def service(fake: FakeAssistant, settings: Settings | None = None) -> Iterator[TestClient]:
    app = create_app(as_assistant(fake), settings or Settings())
    with TestClient(app, base_url=URL) as client:
        wait_ready(client)
        yield client


def test_requests_are_counted_by_route_and_never_by_path(client: TestClient) -> None:
    for path in (
        "/v1/documents/doc_tea",
        "/v1/documents/doc_pottery",
        "/v1/documents/none",
        "/.env",
        "/%00",
        "/static/app.js",
    ):
        client.get(path)
    client.post("/v1/chat", json={"question": "谁种茶"})
    client.post("/v1/chat", json={"question": "故障"})
    client.request("BREW", "/v1/chat")
    client.get("/v1/chat")
    client.get("/docs")
    values = read(client)

    def count(route: str, method: str, status: int) -> float | None:
        return value(values, "suanlian_http_requests_total", route=route, method=method, status=str(status))

    assert count("/v1/documents/{id}", "GET", 200) == 2
    assert count("/v1/documents/{id}", "GET", 404) == 1
    assert count("unmatched", "GET", 404) == 2
    assert count("/static/*", "GET", 200) == 1
    assert count("/v1/chat", "POST", 200) == 1
    assert count("/v1/chat", "POST", 500) == 1
    assert count("/v1/chat", "GET", 405) == 1
    assert count("/v1/chat", "OTHER", 405) == 1
    assert count("/docs", "GET", 200) == 1
    assert value(values, "suanlian_http_request_seconds_count", route="/v1/documents/{id}", method="GET") == 3
    assert value(values, "suanlian_http_requests_in_flight") == 1  # this one
    assert not any("doc_tea" in label for _, labels in values for _, label in labels)


def test_answers_their_stages_and_the_index(client: TestClient) -> None:
    for question in ("谁种茶", "茶园面积多少", "茶园何时开垦"):
        client.post("/v1/chat", json={"question": question})
    values = read(client)
    assert value(values, "suanlian_answers_total", mode="extractive", refused="false") == 2
    assert value(values, "suanlian_answers_total", mode="extractive", refused="true") == 1
    for stage, ms in (("rewrite", 0.1), ("retrieve", 4.2), ("rerank", 3.1), ("answer", 0.8), ("total", 8.4)):
        assert value(values, "suanlian_answer_stage_seconds_count", stage=stage) == 3
        assert value(values, "suanlian_answer_stage_seconds_sum", stage=stage) == pytest.approx(3 * ms / 1000)
    assert value(values, "suanlian_answer_confidence_bucket", le="0.3") == 1
    assert value(values, "suanlian_ready_workers") == 1
    assert value(values, "suanlian_index_generation", collection="default") == 12
    assert value(values, "suanlian_index_documents", collection="default") == 2
    assert value(values, "suanlian_index_passages", collection="default") == 7
    assert value(values, "suanlian_batches", state="running") == 0
    assert any(name == "suanlian_build_info" and dict(labels)["version"] for name, labels in values)
    assert any(name == "process_resident_memory_bytes" for name, _ in values)


def test_an_index_is_counted_anew_when_its_generation_changes_and_left_out_when_it_is_gone(
    fake: FakeAssistant, client: TestClient
) -> None:
    assert value(read(client), "suanlian_index_passages", collection="default") == 7
    fake.generation, fake.passages = 13, 9
    assert value(read(client), "suanlian_index_passages", collection="default") == 9

    def gone() -> list[object]:
        raise NotFoundError("It was deleted.")

    fake.generation, fake.documents = 14, gone  # type: ignore[method-assign,assignment]
    values = read(client)
    assert value(values, "suanlian_index_passages", collection="default") is None
    assert value(values, "suanlian_ready_workers") == 1


def test_two_services_in_one_process_count_for_themselves(fake: FakeAssistant, client: TestClient) -> None:
    client.post("/v1/chat", json={"question": "谁种茶"})
    with service(FakeAssistant()) as other:
        assert value(read(other), "suanlian_answers_total", mode="extractive", refused="false") is None
    assert value(read(client), "suanlian_answers_total", mode="extractive", refused="false") == 1


def test_a_key_is_needed_where_keys_are_set_and_it_must_have_the_right(fake: FakeAssistant) -> None:
    with service(fake, Settings(api_keys=SecretStr("sesame"))) as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"Authorization": "Bearer sesame"}).status_code == 200
    with service(fake, Settings(api_keys=SecretStr("asker:ask+write, watcher:ops"))) as client:
        for key, status in (("asker", 403), ("watcher", 200)):
            assert client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code == status


def test_streamed_answers_and_those_of_other_shapes_are_counted_too(client: TestClient) -> None:
    client.post("/v1/chat", json={"question": "谁种茶", "stream": True})
    messages = [{"role": "user", "content": "谁种茶"}]
    client.post("/v1/chat/completions", json={"model": "suanlian", "messages": messages})
    client.post("/v1/chat/completions", json={"model": "suanlian", "messages": messages, "stream": True})
    values = read(client)
    assert value(values, "suanlian_answers_total", mode="extractive", refused="false") == 3
    assert value(values, "suanlian_answer_stage_seconds_count", stage="retrieve") == 3


def test_answers_of_batches_and_over_mcp_are_counted_too(tmp_path: Path) -> None:
    with service(FakeAssistant(Settings(index=tmp_path))) as client:  # not the checkout's own batches
        call = {"name": "ask", "arguments": {"question": "谁种茶"}}
        reply = client.post(
            "/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
            headers={"Accept": "application/json", "MCP-Protocol-Version": "2025-06-18"},
        )
        assert not reply.json()["result"].get("isError")
        lines = "\n".join(json.dumps({"question": question}) for question in ("谁种茶", "多少亩"))
        client.post("/v1/batches", content=lines, headers={"Content-Type": "application/x-ndjson"})
        for _ in range(1000):
            values = read(client)
            if value(values, "suanlian_batches", state="done") == 1:
                break
            time.sleep(0.01)
    assert value(values, "suanlian_answers_total", mode="extractive", refused="false") == 3


def test_ingestions_and_the_threads_that_write(tmp_path: Path) -> None:
    with serving(indexed(tmp_path)) as client:
        empty = read(client)
        assert value(empty, "suanlian_ingestions", state="done") == 0
        assert value(empty, "suanlian_writing_busy", pool="changes") == 0
        files = [("file", ("tea.md", TEA.encode())), ("file", ("broken.pdf", b"%PDF-1.7 broken"))]
        finished(client, client.post("/v1/documents", files=files).json()["id"])
        values = read(client)
    assert value(values, "suanlian_ingestions", state="done") == 1
    assert value(values, "suanlian_ingestions", state="queued") == 0
    assert value(values, "suanlian_ingestion_documents", state="added") == 1
    assert value(values, "suanlian_ingestion_documents", state="failed") == 1
    for pool in ("changes", "uploads"):
        assert value(values, "suanlian_writing_waiting", pool=pool) == 0


def test_what_cannot_be_read_is_left_out_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()

    def broken() -> dict[str, float]:
        raise StorageError("The disk is gone.")

    metrics.states("suanlian_batches", "Batches, by state.", broken)
    for _ in range(2):
        text = metrics.text()[0]
        assert b"suanlian_batches{" not in text
        assert b"suanlian_ready_workers 0.0" in text
    assert caplog.messages == ["metric_unreadable"]


def test_the_format_that_is_asked_for(client: TestClient) -> None:
    reply = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert reply.headers["content-type"].startswith("application/openmetrics-text")
    assert "suanlian_ready_workers" in {family.name for family in openmetrics(reply.text)}


def test_other_parts_show_their_states() -> None:
    metrics = Metrics()
    jobs = {"queued": 2, "running": 1}
    metrics.states("suanlian_batches", "Batches, by state.", lambda: jobs)
    assert b'suanlian_batches{state="queued"} 2.0' in metrics.text()[0]
    jobs["queued"] = 0
    assert b'suanlian_batches{state="queued"} 0.0' in metrics.text()[0]


def test_what_a_language_model_wrote_and_what_became_of_it(client: TestClient) -> None:
    for question in ("谁撰写", "谁撰写", "谁中断", "谁退回", "谁种茶"):
        client.post("/v1/chat", json={"question": question})
    values = read(client)
    assert value(values, "suanlian_answers_total", mode="llm", refused="false") == 3
    assert value(values, "suanlian_answers_incomplete_total", mode="llm") == 1
    assert value(values, "suanlian_answer_fallbacks_total", reason="late") == 1
    assert value(values, "suanlian_answer_repairs_total", kind="moved", reason="name") == 2
    assert value(values, "suanlian_answer_repairs_total", kind="dropped", reason="word") == 2
    assert value(values, "suanlian_llm_tokens_total", model="tea-writer", direction="input") == 3 * 412
    assert value(values, "suanlian_llm_tokens_total", model="tea-writer", direction="output") == 3 * 96
    assert value(values, "suanlian_answer_stage_seconds_count", stage="write") == 4
    assert value(values, "suanlian_answer_stage_seconds_sum", stage="write") == pytest.approx(3 * 1.5 + 20)
