"""How large a request may be."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, error_response


class BodyLimit:
    """413 for a body over ``limit`` bytes: by its Content-Length, and by counting where there is none (chunked)."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "").lstrip("0")
        if declared.isdecimal() and (len(declared) > 18 or int(declared) > self.limit):
            await error_response(scope, self._too_large())(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                raise self._too_large()
            return message

        await self.app(scope, counted, send)

    def _too_large(self) -> ApiError:
        return ApiError(
            413,
            "body_too_large",
            f"请求体超过 {self.limit} 字节，请缩短对话或问题。",
            f"The body is over {self.limit} bytes; shorten the conversation or the question.",
            headers={"Connection": "close"},
        )
