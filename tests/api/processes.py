"""Services as processes of their own: started, watched and ended."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
T = TypeVar("T")
PATIENCE = 180  # seconds that anything here may take on a busy machine


class Service:
    """A running process that has told its URL on stderr; ``log`` is what it has written there so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log = ""
        self.url = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        with self.process.stderr as lines:
            for line in lines:
                self.log += line

    def told_url(self) -> str:
        """The URL, once it has told it."""
        assert self.process.poll() is None, self.log
        found = re.search(r"http://127\.0\.0\.1:\d+", self.log)
        return found.group() if found else ""

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def reachable(self) -> bool:
        """Whether a new connection is taken."""
        try:
            with urlopen(f"{self.url}/healthz", timeout=5) as reply:
                return bool(reply.status == 200)
        except (URLError, OSError):
            return False


class Question:
    """A question on its way, on a thread of its own; the service writes ``asked`` when it begins to answer."""

    def __init__(self, service: Service) -> None:
        self.reply: dict[str, Any] = {}
        self.cut_off = False
        self._url = service.url
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()
        eventually(lambda: "asked" in service.log)

    def _ask(self) -> None:
        body = json.dumps({"question": "谁种茶"}).encode()
        try:
            with urlopen(Request(f"{self._url}/v1/chat", body, {"Content-Type": "application/json"})) as reply:
                self.reply = json.load(reply)
        except (URLError, OSError):
            self.cut_off = True

    def wait(self) -> None:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@contextmanager
def started(arguments: Sequence[str], **variables: str) -> Iterator[Service]:
    """``python ARGUMENTS`` as a service, killed at the end if it still runs."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "OTEL_"))}
    process = subprocess.Popen(
        [sys.executable, "-W", "error", *arguments],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**clean, "RAG_MODEL": "hash", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables},
    )
    service = Service(process)
    try:
        service.url = eventually(service.told_url)
        yield service
    finally:
        if process.poll() is None:
            process.kill()
        service.wait()


def eventually(look: Callable[[], T]) -> T:
    """What ``look()`` gives once it gives something; looked for as long as patience lasts."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{look} never came true")
