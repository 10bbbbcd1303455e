"""Running services for tests: waiting for one, and a live one on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from api.run.server import make_server
from rag import Assistant, Settings
from tests.api.fake import FakeAssistant, as_assistant

URL = "http://127.0.0.1:8000"
EXAMPLES = ("谁在种茶和制茶？", "茶园面积有多少亩？")


def wait_ready(client: httpx.Client, path: str = "/readyz") -> None:
    """Of a live service or of an application (a TestClient): until the loading thread is done: at most ten seconds."""
    for _ in range(1000):
        if client.get(path).status_code == 200:
            return
        threading.Event().wait(0.01)
    raise AssertionError("the service did not become ready")


def until(done: Callable[[], object]) -> None:
    """At most ten seconds, until ``done()`` is true."""
    for _ in range(1000):
        if done():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come about")


@contextmanager
def running(settings: Settings, assistant: FakeAssistant | Assistant) -> Iterator[str]:
    """A live server on loopback in a thread; its URL."""
    urls: list[str] = []
    listening = threading.Event()

    def ready(url: str) -> None:
        urls.append(url)
        listening.set()

    given = as_assistant(assistant) if isinstance(assistant, FakeAssistant) else assistant
    server = make_server(settings, assistant=given, ready=ready, examples=EXAMPLES)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert listening.wait(10)
        yield urls[0]
    finally:
        if isinstance(assistant, FakeAssistant):
            assistant.release.set()
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()
