"""A service whose answers are written by a language model behind HTTP, and what leaves it in each shape, down to the bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai

from rag import Assistant, Settings, encoder_of, ingest
from rag.index.embed import Encoder
from tests.api.ask.test_streaming import parsed
from tests.api.live import running, until, wait_ready
from tests.api.mcp.test_http import call
from tests.api.test_every_shape import http, marked
from tests.llm_stub import MODEL, Stub
from tests.rag.material import written
from tests.rag.test_language_model import PUMPS


def pumps(model_dir: Path, folder: Path) -> tuple[Settings, Encoder]:
    """An index of a report on pumps, made with the real embedding model."""
    settings = Settings(model_dir=model_dir, index=folder / "index", port=0)
    encoder = encoder_of(settings)
    ingest([written(folder / "files", {"pumps.md": PUMPS})], settings, encoder=encoder)
    return settings, encoder


@contextmanager
def service(made: tuple[Settings, Encoder], stub: Stub, **given: Any) -> Iterator[str]:
    """The URL of a live service over that index whose model is behind ``stub``."""
    settings, encoder = made
    settings = settings.model_copy(update={"llm_model": MODEL, "llm_base_url": stub.url, "llm_failures": 1000, **given})
    assistant = Assistant.open(settings=settings, encoder=encoder)
    with closing(assistant), running(settings, assistant) as url, http(url) as client:
        wait_ready(client)
        yield url


class Tee(httpx.HTTPTransport):
    """Keeps what comes over the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = b""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        return httpx.Response(response.status_code, headers=response.headers, stream=_Teed(self, response.stream))


class _Teed(httpx.SyncByteStream):
    def __init__(self, tee: Tee, stream: httpx.SyncByteStream) -> None:
        self._tee, self._stream = tee, stream

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._tee.bytes += piece
            yield piece

    def close(self) -> None:
        self._stream.close()


def asked(url: str, shape: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    """The answer's native fields as a shape gives them, and all the JSON that left for it.

    What each shape promises of its own is asserted: citations come before the words that use them, deltas joined are the answer.
    """
    return {
        "chat": _chat,
        "chat streamed": _chat_streamed,
        "openai": _openai,
        "openai streamed": _openai_streamed,
        "mcp": _mcp,
        "batch": _batch,
    }[shape](url, question)


SHAPES = ("chat", "chat streamed", "openai", "openai streamed", "mcp", "batch")


def _chat(url: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    with http(url) as client:
        reply = client.post("/v1/chat", json={"question": question})
    assert reply.status_code == 200, reply.text
    return reply.json(), [json.loads(reply.content)]


def _chat_streamed(url: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    with http(url) as client:
        events = parsed(client.post("/v1/chat", json={"question": question, "stream": True}).text)
    (first, meta), (last, whole) = events[0], events[-1]
    assert (first, last, meta["mode"]) == ("meta", "done", whole["mode"])
    sent: list[Any] = []
    text = ""
    for name, data in events[1:-1]:
        if name == "citations":
            sent += data["citations"]
        else:
            text += data["text"]
            marked(text, sent)  # those of the words so far, and no other
    assert text == whole["answer"]
    return whole, [data for _, data in events]


def _openai(url: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    tee = Tee()
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", http_client=httpx.Client(transport=tee)) as client:
        reply = client.chat.completions.create(model="suanlian", messages=[{"role": "user", "content": question}])
    (choice,) = reply.choices
    return _native(choice.message.model_extra, choice.finish_reason, choice.message.content, reply.usage), [
        json.loads(tee.bytes)
    ]


def _openai_streamed(url: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    tee, text, last, usage = Tee(), "", None, None
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", http_client=httpx.Client(transport=tee)) as client:
        for chunk in client.chat.completions.create(
            model="suanlian",
            messages=[{"role": "user", "content": question}],
            stream=True,
            stream_options={"include_usage": True},
        ):
            usage = chunk.usage or usage
            for choice in chunk.choices:
                text += choice.delta.content or ""
                last = choice
    lines = [line for line in tee.bytes.decode().split("\n\n") if line.startswith("data: {")]
    assert last is not None
    return _native(last.delta.model_extra, last.finish_reason, text, usage), [json.loads(line[6:]) for line in lines]


def _native(extra: Any, finish_reason: Any, content: str | None, usage: Any) -> dict[str, Any]:
    reply: dict[str, Any] = dict(extra)
    assert (content or "").startswith(reply["answer"])
    assert finish_reason == ("length" if reply["incomplete"] else "stop")
    counted = usage.model_extra["counted"] == "tokens"
    reply["usage"] = {"model": MODEL, "output_tokens": usage.completion_tokens} if counted else None
    return reply


def _mcp(url: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    result = call(url, "ask", question=question)
    texts = [content.text for content in result.content]
    assert result.structured_content["answer"] in texts[0]
    return result.structured_content, [result.structured_content, texts]


def _batch(url: str, question: str) -> tuple[dict[str, Any], list[Any]]:
    with http(url) as client:
        body = json.dumps({"question": question}).encode()
        id = client.post("/v1/batches", content=body, headers={"Content-Type": "application/x-ndjson"}).json()["id"]
        until(lambda: client.get(f"/v1/batches/{id}").json()["state"] == "done")
        (line,) = client.get(f"/v1/batches/{id}/results").text.splitlines()
    return json.loads(line)["reply"], [json.loads(line)]


def own_words(left: list[Any]) -> str:
    """What left, less what is the material's or the asker's: stored passages around quotes, and the question."""

    def cut(value: Any) -> Any:
        if isinstance(value, dict):
            passage = "quote" in value or "start" in value
            return {
                name: cut(one)
                for name, one in value.items()
                if not (name == "text" and passage) and name not in ("question", "standalone_question")
            }
        return [cut(one) for one in value] if isinstance(value, (list, tuple)) else value

    return json.dumps(cut(left), ensure_ascii=False)
