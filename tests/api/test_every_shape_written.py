"""What a language model wrote, in every shape that leaves a live service over a real index: a model that lies changes no promise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.api.ask.test_streaming import parsed
from tests.api.indexed import finished, indexed
from tests.api.live import running, wait_ready
from tests.api.mcp.test_http import call
from tests.api.test_every_shape import (
    BODY,
    HANDBOOK,
    NOTES,
    QUESTION,
    Shape,
    batch,
    chat,
    chat_stream,
    completion,
    hold,
    http,
    mcp_ask,
    post,
)

SHAPES: list[Shape] = [chat, chat_stream, completion, mcp_ask, batch]


@pytest.fixture(scope="module", params=["honest", "wrong_number", "invented_name", "breaking"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The URL of a service whose answers are written in a way, and the way."""
    index = tmp_path_factory.mktemp("written") / "index"
    assistant = indexed(
        index, refuse_below=0.0, port=0, llm_provider="fake", llm_model=request.param, llm_failures=1000
    )
    with closing(assistant), running(assistant.settings, assistant) as url, http(url) as client:
        wait_ready(client)
        for key, text in (("handbook.md", HANDBOOK), ("notes.md", NOTES)):
            finished(client, client.post("/v1/documents", json={"key": key, "text": text}).json()["id"])
        yield url, request.param


@pytest.mark.parametrize("shape", SHAPES)
def test_a_quote_is_what_the_stored_text_says_whoever_wrote_the_answer(written: tuple[str, str], shape: Shape) -> None:
    url, _ = written
    hold(url, shape(url, None))


def test_every_shape_says_who_wrote_and_what_was_mended(written: tuple[str, str]) -> None:
    url, way = written
    reply = post(url, "/v1/chat", None, question=QUESTION).json()
    assert (reply["mode"], reply["fallback"], reply["incomplete"]) == ("llm", None, way == "breaking")
    streamed = parsed(post(url, "/v1/chat", None, question=QUESTION, stream=True).text)
    assert streamed[0][1]["mode"] == "llm"
    assert "".join(data["text"] for name, data in streamed if name == "delta") == streamed[-1][1]["answer"]
    whole = post(url, "/v1/chat/completions", None, model="suanlian-llm", **BODY).json()
    told: list[dict[str, Any]] = [
        streamed[-1][1],
        whole["choices"][0]["message"],
        call(url, "ask", question=QUESTION).structured_content,
    ]
    for other in told:
        assert [other[name] for name in ("answer", "mode", "fallback", "repairs", "incomplete")] == [
            reply[name] for name in ("answer", "mode", "fallback", "repairs", "incomplete")
        ]
    assert whole["choices"][0]["finish_reason"] == ("length" if way == "breaking" else "stop")
    assert whole["usage"]["counted"] == ("characters" if reply["usage"] is None else "tokens")
    assert reply["timings"]["write"] > 0
    with http(url) as client:
        assert client.get("/version").json()["language_model"] == way
        assert 'suanlian_answer_stage_seconds_count{stage="write"}' in client.get("/metrics").text


def test_quotes_alone_are_given_where_they_are_asked_for(written: tuple[str, str]) -> None:
    url, _ = written
    reply = post(url, "/v1/chat", None, question=QUESTION, mode="extractive").json()
    assert (reply["mode"], reply["fallback"], reply["repairs"], reply["usage"]) == ("extractive", None, [], None)


def test_a_model_that_does_not_answer_is_503_where_it_is_asked_for_alone(tmp_path: Path) -> None:
    assistant = indexed(
        tmp_path / "index", refuse_below=0.0, port=0, llm_provider="fake", llm_model="failing", llm_retries=0
    )
    with closing(assistant), running(assistant.settings, assistant) as url, http(url) as client:
        wait_ready(client)
        finished(client, client.post("/v1/documents", json={"key": "notes.md", "text": NOTES}).json()["id"])
        for stream in (False, True):
            reply = client.post("/v1/chat", json={"question": QUESTION, "mode": "llm", "stream": stream})
            assert (reply.status_code, reply.json()["error"]["code"]) == (503, "llm_unavailable")
            assert int(reply.headers["retry-after"]) >= 1
        fallen = post(url, "/v1/chat", None, question=QUESTION).json()
        assert (fallen["mode"], fallen["fallback"]) == ("extractive", "failed")
        hold(url, fallen["citations"])
