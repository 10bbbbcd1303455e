"""A server on loopback that speaks OpenAI's protocol, for tests: its replies are a fake model's, its troubles as in life.

    with served(FakeChatModel()) as stub:
        Settings(llm_model="a-model", llm_base_url=stub.url)

``troubles`` are what becomes of the calls to come, one each, in order; then all is well:

    ``401`` …               that status, with an error as OpenAI words it
    ``429 after 0.1``       the same, with ``Retry-After``
    ``dropped``             the connection breaks after some pieces
    ``refused``             it breaks before a byte of the reply
    ``garbage``             a page of HTML, with status 200
    ``broken_json``         an event that is no JSON
    ``error_event``         an error in the middle of the stream
    ``ends``                the stream ends cleanly, but without a reason
    ``never``               no reply, until the client goes
    ``headers``             the head of a reply and nothing more, until the client goes
    ``alive``               comments that keep the connection alive before and between the pieces
    ``so_far``              the usage so far in every chunk
    ``thinks``              reasoning in chunks of its own before the text
    ``moved``               a redirect to another server
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from langchain_core.messages import AIMessageChunk

from rag.llm.fake import FakeChatModel
from rag.llm.line import Line

MODEL = "a-model"


class Stub(ThreadingHTTPServer):
    """The server. ``requests`` are the calls to write it has had: ``path``, ``headers`` and ``body``; ``gone`` counts the clients
    that went before their reply had ended."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, chat: FakeChatModel, troubles: list[str], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tls = tls
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.chat = chat
        self.troubles = troubles
        self.requests: list[dict[str, Any]] = []
        self.gone = 0
        self.stopping = threading.Event()
        self.line = Line()  # what the fake model waits on
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Its address, up to and with /v1."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes is none."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Stub

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        else:
            self._error(404, "no such page")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.requests.append({"path": self.path, "headers": dict(self.headers.items()), "body": body})
            trouble = self.server.troubles.pop(0) if self.server.troubles else ""
        if self.path != "/v1/chat/completions":
            self._error(404, "no such page")
        elif trouble[:3].isdigit():
            _, _, after = trouble.partition(" after ")
            self._error(int(trouble[:3]), f"trouble {trouble[:3]} of {self.headers['authorization']}", after)
        elif trouble == "refused":
            self._drop()
        elif trouble == "never":
            self._until_gone()
        elif trouble == "moved":
            self.send_response(307)
            self.send_header("location", f"{self.server.url.replace('/v1', '/elsewhere')}/chat/completions")
            self.send_header("content-length", "0")
            self.end_headers()
        elif trouble == "garbage":
            self._send(200, b"<html><body>Please log in</body></html>", "text/html")
        elif body.get("stream"):
            try:
                self._stream(body, trouble)
            except OSError:
                self._count_gone()
        else:
            self._whole(body)

    def _whole(self, body: dict[str, Any]) -> None:
        message = self.server.chat.invoke([(m["role"], m["content"]) for m in body["messages"]])
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": message.text},
            "finish_reason": message.response_metadata["finish_reason"],
        }
        self._json(200, {**_head("chat.completion"), "choices": [choice], "usage": _usage(message.usage_metadata)})

    def _stream(self, body: dict[str, Any], trouble: str) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if trouble == "headers":
            self._until_gone()
            return
        if trouble == "alive":
            self._chunk(": keep-alive\n\n: still there\n\n")
        self._delta({"role": "assistant", "content": ""}, None)
        if trouble == "thinks":
            self._delta({"reasoning_content": "让我想一想。", "content": None}, None)
        counted = None
        for place, chunk in enumerate(self._pieces(body)):
            if trouble and place == 3:
                if trouble == "dropped":
                    self._drop()
                    return
                if trouble == "broken_json":
                    self._chunk('data: {"id": \n\n')
                if trouble == "error_event":
                    self._chunk(f"data: {json.dumps({'error': {'message': 'out of memory', 'code': 'oom'}})}\n\n")
                if trouble == "ends":
                    self._chunk("")
                    return
                if trouble == "alive":
                    self._chunk(": keep-alive\n\n")
            if chunk.text:
                extra = (
                    {"usage": _usage({"input_tokens": 7, "output_tokens": place + 1})} if trouble == "so_far" else {}
                )
                self._delta({"content": str(chunk.text)}, None, **extra)
            counted = chunk.usage_metadata or counted
            if reason := chunk.response_metadata.get("finish_reason"):
                self._delta({}, reason)
        if body.get("stream_options", {}).get("include_usage") and trouble != "so_far":
            self._event({**_head("chat.completion.chunk"), "choices": [], "usage": _usage(counted)})
        self._chunk("data: [DONE]\n\n")
        self._chunk("")

    def _pieces(self, body: dict[str, Any]) -> Iterator[AIMessageChunk]:
        """The fake model's; where it raises, the connection breaks as a server's does that goes down."""
        messages = [(m["role"], m["content"]) for m in body["messages"]]
        self.server.line.take()
        try:
            yield from self.server.chat.stream(messages)
        except ConnectionError:
            self._drop()
            raise

    def _delta(self, delta: dict[str, Any], reason: str | None, **extra: Any) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        self._event({**_head("chat.completion.chunk"), "choices": [choice], **extra})

    def _event(self, data: dict[str, Any]) -> None:
        self._chunk(f"data: {json.dumps(data, ensure_ascii=False)}\n\n")

    def _chunk(self, text: str) -> None:
        """A chunk of the body; the last one where it is empty."""
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, data: dict[str, Any], after: str = "") -> None:
        self._send(status, json.dumps(data).encode(), "application/json", after)

    def _error(self, status: int, message: str, after: str = "") -> None:
        self._json(status, {"error": {"message": message, "type": "trouble", "code": None, "param": None}}, after)

    def _send(self, status: int, data: bytes, kind: str, after: str = "") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        if after:
            self.send_header("retry-after", after)
        self.end_headers()
        self.wfile.write(data)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _until_gone(self) -> None:
        self.connection.settimeout(0.05)
        while not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    self._count_gone()
                    break
            except TimeoutError:
                continue
            except OSError:
                self._count_gone()
                break
        self.close_connection = True

    def _count_gone(self) -> None:
        self.close_connection = True
        with self.server.lock:
            self.server.gone += 1


def _head(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1764000000, "model": MODEL}


def _usage(counted: Any) -> dict[str, int]:
    read, wrote = (counted["input_tokens"], counted["output_tokens"]) if counted else (0, 0)
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


@contextmanager
def served(chat: FakeChatModel | None = None, *troubles: str, tls: ssl.SSLContext | None = None) -> Iterator[Stub]:
    """A server that replies as ``chat`` does (the honest one, unless given), after ``troubles``."""
    stub = Stub(chat or FakeChatModel(), list(troubles), tls)
    thread = threading.Thread(target=stub.serve_forever, kwargs={"poll_interval": 0.02}, name="llm-stub")
    thread.start()
    try:
        yield stub
    finally:
        stub.stopping.set()
        stub.line.cut()
        stub.shutdown()
        thread.join(10)
        stub.server_close()
        assert not thread.is_alive()
