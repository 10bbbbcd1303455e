"""How often and how much at once: requests a minute and open streams, for each caller.

A caller is a key; where the service is open, a client's address. Each worker process counts for itself.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, error_response
from api.guard.access import is_open
from api.guard.addresses import own_path
from api.guard.caller import Caller
from rag import Settings

MINUTE = 60.0
STREAM = "text/event-stream"
STREAM_RETRY_SECONDS = 5

# Beyond as many callers, those that sent nothing for a minute are forgotten.
REMEMBERED = 1000


class Window:
    """At most ``limit`` requests of a caller in any 60 seconds (a sliding log; what is refused does not count).

    Args:
        limit: 1 or more.
        now: seconds, from any beginning.
    """

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._now = now
        self._taken: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, name: str) -> tuple[bool, int, int]:
        """Whether ``name`` may send one more now; how many more after it; whole seconds until one more may come
        (where none is left) or until all are back."""
        with self._lock:
            now = self._now()
            if len(self._taken) > REMEMBERED:
                self._taken = {known: log for known, log in self._taken.items() if log[-1] > now - MINUTE}
            log = self._taken.setdefault(name, deque())
            while log and log[0] <= now - MINUTE:
                log.popleft()
            allowed = len(log) < self.limit
            if allowed:
                log.append(now)
            left = self.limit - len(log)
            wait = (log[-1] if left else log[0]) + MINUTE - now
            return allowed, left, max(1, math.ceil(wait))


class Rates:
    """429 ``rate_limited`` beyond ``requests_per_minute``, ``too_many_streams`` beyond ``max_streams`` at once.

    A stream is known by its reply's content type, so that no route needs to know of the limit. Open paths (the page,
    the probes) are not counted.
    """

    def __init__(self, app: ASGIApp, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._window = Window(settings.requests_per_minute, now) if settings.requests_per_minute else None
        self._max_streams = settings.max_streams
        self._streams: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(own_path(scope)):
            await self.app(scope, receive, send)
            return
        name = caller_name(scope)
        told: dict[str, str] = {}
        if self._window:
            allowed, left, seconds = self._window.take(name)
            told = {
                "RateLimit-Limit": str(self._window.limit),
                "RateLimit-Remaining": str(left),
                "RateLimit-Reset": str(seconds),
            }
            if not allowed:
                await error_response(scope, _rate_limited(self._window.limit, seconds, told))(scope, receive, send)
                return
        await self._watch(name, told, scope, receive, send)

    async def _watch(self, name: str, told: dict[str, str], scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and count its reply where that is a stream."""
        counted = refused = False

        async def watching(message: Message) -> None:
            nonlocal counted, refused
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if self._max_streams and headers.get("content-type", "").startswith(STREAM):
                    if self._streams[name] >= self._max_streams:
                        refused = True
                        # What a server raises when the client is gone: the route stops its work and cleans up.
                        raise OSError("too many streams")
                    counted = True
                    self._streams[name] += 1
                headers.update(told)
            await send(message)

        try:
            await self.app(scope, receive, watching)
        except Exception:
            if not refused:
                raise
        finally:
            if counted:
                self._streams[name] -= 1
                self._streams += Counter()  # drops what is at zero
        if refused:
            await error_response(scope, _too_many_streams(self._max_streams, told))(scope, receive, send)


def caller_name(scope: Scope) -> str:
    """Who is counted: the key's name, or the client's address where the service is open."""
    caller = scope.get("state", {}).get("caller")
    if isinstance(caller, Caller) and caller.name != Caller().name:
        return caller.name
    return str((scope.get("client") or ("unknown",))[0])


def _rate_limited(limit: int, seconds: int, told: dict[str, str]) -> ApiError:
    return ApiError(
        429,
        "rate_limited",
        f"每分钟最多 {limit} 个请求，请 {seconds} 秒后再试。",
        f"At most {limit} requests a minute are taken; try again in {seconds} seconds.",
        headers={**told, "Retry-After": str(seconds)},
    )


def _too_many_streams(limit: int, told: dict[str, str]) -> ApiError:
    return ApiError(
        429,
        "too_many_streams",
        f"同时最多 {limit} 个流式回答，请等其中一个结束再试。",
        f"At most {limit} streamed replies may be open at once; wait until one of them ends.",
        headers={**told, "Retry-After": str(STREAM_RETRY_SECONDS)},
    )
