"""``POST /v1/chat`` with ``"stream": true``: the answer as events, ``meta``, ``citations``, ``delta``, ``done``, ``error``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from api.ask import sse
from api.run.pool import Pool
from rag import Event

# For /docs: what an answer that is streamed looks like.
DOCUMENTED: dict[str, Any] = {
    "description": "An answer; with `stream`, `text/event-stream`: `meta` (`id`, `mode`, `standalone_question`), `citations` "
    "(those that the next deltas use first), `delta` (`text`; joined, they are `answer`), `done` (the whole answer) or `error`.",
    "content": {
        "text/event-stream": {
            **sse.documented(named=True),
            "example": 'event: delta\ndata: {"text":"…[1]。"}\n\n',
        }
    },
}


async def chat(request: Request, pool: Pool, make: Callable[[], Iterator[Event]]) -> StreamingResponse:
    """The events of an answer, by their own names. See :func:`api.ask.sse.reply`."""
    return await sse.reply(
        request,
        pool,
        lambda: (sse.encoded(event.data, event.name) for event in make()),
        lambda error: sse.encoded({"error": error}, "error"),
    )
