"""How large a request may be."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, error_response
from api.guard.addresses import own_path


class BodyLimit:
    """413 for a body over ``limit`` bytes: by its Content-Length, and by counting where there is none (chunked).

    ``of_path``: the limits of paths that have one of their own.
    """

    def __init__(self, app: ASGIApp, limit: int, of_path: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limit = limit
        self.of_path = of_path or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.of_path.get(own_path(scope), self.limit)
        declared = Headers(scope=scope).get("content-length", "").lstrip("0")
        if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit):
            await error_response(scope, _too_large(limit))(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise _too_large(limit)
            return message

        await self.app(scope, counted, send)


def _too_large(limit: int) -> ApiError:
    return ApiError(
        413,
        "body_too_large",
        f"请求体超过 {limit} 字节，请缩短，或分几次发送。",
        f"The body is over {limit} bytes; shorten it, or send it in several parts.",
        headers={"Connection": "close"},
    )
