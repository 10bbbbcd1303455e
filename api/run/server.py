"""Runs the service on a host and a port."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from api.app import create_app
from api.guard.access import is_loopback
from api.guard.keys import SHORTEST_STRONG, parse_keys
from api.run.stopping import Stop
from api.watch.tracing import check_tracing
from rag import Assistant, SettingError, Settings

logger = logging.getLogger("suanlian.api")

BACKLOG = 2048


class Server(uvicorn.Server):
    """A uvicorn server that says when it listens, and stops in order. ``should_exit = True`` stops it, from any thread.

    SIGTERM or SIGINT: not ready from then on, no new connections, running answers are finished within the settings'
    ``stop_seconds``. A second SIGINT stops it at once.
    """

    def __init__(self, config: uvicorn.Config, stop: Stop, listening: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.listening = listening
        self.stop = stop
        self.supervised = False  # a supervisor answers SIGINT
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.stop.begin()  # where it was not a signal
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.supervised and sig == signal.SIGINT:
            return
        self.stop.begin()
        super().handle_exit(sig, frame)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        with self.listening:
            super().run([self.listening] if sockets is None else sockets)

    def leave(self) -> None:
        """End the process where threads still work on answers that nobody waits for: Python would wait for them."""
        if self.force_exit or self.stop.abandoned.is_set():
            logger.warning("answers_abandoned")
            logging.shutdown()
            os._exit(128 + signal.SIGINT if self.force_exit else 0)


def make_server(
    settings: Settings,
    *,
    assistant: Assistant | None = None,
    ready: Callable[[str], None],
    examples: Sequence[str] | Path = (),
    listening: socket.socket | None = None,
) -> Server:
    """As :func:`api.run.serving.serve`, one process and not yet running: ``run()`` runs it. ``listening``: the socket, if there is one."""
    check_keys(settings)
    weak = parse_keys(settings).weak
    if weak and not is_loopback(settings.host):
        logger.warning("weak_keys", extra={"callers": list(weak), "shortest_strong": SHORTEST_STRONG})
    app = create_app(assistant, settings, examples=examples)
    listening = listening or listen(settings.host, settings.port)
    url = url_of(settings.host, listening.getsockname()[1])
    return Server(configure(app, settings), app.state.stop, listening, lambda: ready(url))


def configure(app: Callable[..., object], settings: Settings) -> uvicorn.Config:
    """How uvicorn runs ``app``."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # api.watch.logs writes one line a request
        server_header=False,
        proxy_headers=False,
        ws="none",
        workers=settings.workers,
        timeout_graceful_shutdown=settings.stop_seconds,
    )


def check_address(settings: Settings) -> None:
    """Whether the service could be started with the settings now; told before an index is built for it.

    Raises:
        SettingError: as :func:`api.run.serving.serve`.
    """
    check_keys(settings)
    check_tracing()
    listen(settings.host, settings.port).close()


def check_keys(settings: Settings) -> None:
    """Raises SettingError where a host beyond loopback would be opened without keys."""
    if not is_loopback(settings.host) and not parse_keys(settings):
        raise SettingError(
            f"The service is not opened on {settings.host!r} without keys; set RAG_API_KEYS, or use 127.0.0.1.",
            f"没有设置密钥时服务不会绑定到 {settings.host!r}；请设置 RAG_API_KEYS，或使用 127.0.0.1。",
            param="host",
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    It listens here already, and not first in uvicorn: two sockets may bind one port as long as neither listens,
    and uvicorn would report the clash as a log line and an exit.

    Raises:
        SettingError: the port is in use or not allowed, or the host is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise _bad_host(host) from None
    listening = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise SettingError(
                f"Port {port} is in use; stop what uses it, or choose another port (0: a free one).",
                f"端口 {port} 已被占用；请停掉占用它的程序，或换一个端口（0 表示任选空闲端口）。",
                param="port",
            ) from None
        if error.errno == errno.EACCES:
            raise SettingError(
                f"Port {port} may not be used by this user; choose one of 1024 or above.",
                f"当前用户无权使用端口 {port}；请换用 1024 及以上的端口。",
                param="port",
            ) from None
        raise _bad_host(host) from None
    return listening


def _bad_host(host: str) -> SettingError:
    return SettingError(
        f"{host!r} is not an address of this machine; use 127.0.0.1, or 0.0.0.0 with keys set.",
        f"{host!r} 不是本机的地址；请使用 127.0.0.1，或设置密钥后使用 0.0.0.0。",
        param="host",
    )


def url_of(host: str, port: int) -> str:
    """The URL to open: a wildcard address is shown as loopback, an IPv6 address in brackets.

    >>> url_of("::1", 8000)
    'http://[::1]:8000'
    """
    shown = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host.strip("[]"), host.strip("[]"))
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
