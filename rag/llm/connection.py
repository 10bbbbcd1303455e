"""The HTTP client for servers that speak OpenAI's protocol: it sends what the settings say and nothing that some variable
of the environment says, and its calls can be ended at once.

The SDK reads an address, a key, an organisation, a project, headers and a proxy from ``OPENAI_*``. They belong to OpenAI's own
server, not to one that the settings name.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import openai

from rag.llm.line import current_line
from rag.llm.near import is_near

# What is left of a request's headers; OPENAI_CUSTOM_HEADERS can set any, and the SDK tells of the machine it runs on.
_SENT = frozenset({"host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length"})
_PROXIED = ("http://", "https://", "all://")


def http_client(base_url: str, key: str, *, connect: float, read: float) -> openai.DefaultHttpxClient:
    """A client for the server at ``base_url`` alone.

    Args:
        base_url: the server's address.
        key: sent as ``Authorization: Bearer``; none is sent where it is empty.
        connect: seconds that a connection may take to come about.
        read: seconds without a byte after which a call is given up.

    A proxy that the environment names (``HTTPS_PROXY`` …) is kept to as ``NO_PROXY`` says, for there may be no other way
    out, but never between this machine or its network and a server of theirs. No redirect is followed: the questions and
    the key are for the server named.
    """
    given: dict[str, Any] = {
        "timeout": openai.Timeout(read, connect=connect),
        # A connection of its own for each call, so that shutting it ends that call and no other. Kept ones would be closed
        # after 5 s anyway, and beside what a reply takes the handshake is nothing.
        "limits": type(openai.DEFAULT_CONNECTION_LIMITS)(max_connections=None, max_keepalive_connections=0),
        "follow_redirects": False,
    }
    if is_near(base_url):
        given["mounts"] = dict.fromkeys(_PROXIED)
    return _Client(key, **given)


class _Client(openai.DefaultHttpxClient):
    def __init__(self, key: str, **given: Any) -> None:
        super().__init__(**given)
        self._key = key

    def send(self, request: Any, **given: Any) -> Any:
        for name in set(request.headers) - _SENT:
            del request.headers[name]
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        if line := current_line():
            request.extensions = {**request.extensions, "trace": _shut_by(line.on_cut)}
        return super().send(request, **given)


def _shut_by(on_cut: Callable[[Callable[[], None]], None]) -> Callable[[str, dict[str, Any]], None]:
    """A trace of httpcore's (its documented extension) that lets ``on_cut`` shut each connection made."""

    def trace(event: str, info: dict[str, Any]) -> None:
        # TLS takes the socket over into one of its own, so the last one made is the one to shut.
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            connection = info["return_value"].get_extra_info("socket")
            if connection is not None:
                on_cut(lambda: _shut(connection))

    return trace


def _shut(connection: socket.socket) -> None:
    """Shut it down under the thread that reads from it, which then finds its end. Closing it would leave that thread waiting."""
    with contextlib.suppress(OSError):  # it is closed already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
