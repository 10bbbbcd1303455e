"""Server-sent events: blocking work on the pool's threads → events on the event loop → bytes to the client."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

from fastapi.sse import format_sse_event
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.ask.connected import ClientGone, while_connected
from api.errors import error_body, from_any
from api.run.pool import Pool

KEEP_ALIVE_SECONDS = 15.0
KEEP_ALIVE = format_sse_event(comment="keep-alive")
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # nginx would hold the events back

# Line ends to some clients (Python's splitlines), which JSON may hold as they are.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def encoded(data: Any, event: str | None = None) -> bytes:
    """One event on the wire: its name, where it has one, and its data as JSON on one line."""
    line = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_LINE_ENDS)
    return format_sse_event(data_str=line, event=event)


async def reply(
    request: Request,
    pool: Pool,
    make: Callable[[], Iterator[bytes]],
    write_error: Callable[[dict[str, Any]], bytes],
) -> StreamingResponse:
    """The stream of what ``make()`` gives, which is made and encoded off the event loop. Every stream of the service begins
    and ends here.

    What goes wrong before the first event is raised, to be an ordinary reply with its status; later it is told by
    ``write_error``. Where nothing has come for KEEP_ALIVE_SECONDS, a comment keeps the line open; it also begins the stream.

    Raises:
        ApiError, SuanlianError: found before the first event. ClientGone: nobody waits for it.
    """
    events = _events(pool, make)
    try:
        first = await while_connected(request.receive, anext(events, b""))
    except BaseException:
        await events.aclose()
        raise

    async def body() -> AsyncGenerator[bytes, None]:
        try:
            yield first
            async for event in events:
                yield event
        except Exception as error:
            told = from_any(error, request.scope["state"].get("request_id"))
            yield write_error(error_body(request.scope, told))

    return EventStream(body(), events)


def documented(*, named: bool) -> dict[str, Any]:
    """How OpenAPI describes a stream: each event's ``data`` is JSON; ``named``: by its ``event``."""
    data = {"type": "string", "contentMediaType": "application/json"}
    name = {"event": {"enum": ["meta", "citations", "delta", "done", "error"]}} if named else {}
    required = ["event", "data"] if named else ["data"]
    return {"itemSchema": {"type": "object", "properties": {**name, "data": data}, "required": required}}


class EventStream(StreamingResponse):
    """A stream of events that stops its work when the client goes away."""

    media_type = "text/event-stream"

    def __init__(self, body: AsyncGenerator[bytes, None], events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(body, headers=HEADERS)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with contextlib.aclosing(self._events):  # also where the body was never begun
            try:
                await while_connected(receive, self.stream_response(send))
            except ClientGone as gone:
                scope["state"]["error_code"] = gone.code  # for the request's line in the log


async def _events(pool: Pool, make: Callable[[], Iterator[bytes]]) -> AsyncGenerator[bytes, None]:
    """What ``make()`` gives, made in one of the pool's threads; a comment where nothing has come for a while.

    Closed, it gives its place in the pool's queue back; if it runs already, it ends with the step that it is at.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()  # one answer at the most: a slow client holds no thread
    stopped = threading.Event()

    def work() -> None:
        for event in make():
            if stopped.is_set():
                return
            loop.call_soon_threadsafe(queue.put_nowait, event)

    working = asyncio.ensure_future(pool.run(work))
    working.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                event = KEEP_ALIVE
            if event is None:
                working.result()  # raises what went wrong
                return
            yield event
    finally:
        stopped.set()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
