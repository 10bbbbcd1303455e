"""Work that stops when the client that asked for it goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

from api.errors import ApiError

T = TypeVar("T")


class ClientGone(ApiError):
    """Nobody waits for the reply any more. 499 is what nginx writes into its log for it; no client sees it."""

    def __init__(self) -> None:
        super().__init__(499, "client_gone", "客户端已断开连接。", "The client has gone away.")


def cut_off() -> ApiError:
    """400: the connection broke while the body was being sent."""
    return ApiError(
        400,
        "client_disconnected",
        "连接在内容发完之前断开了，请重新发送。",
        "The connection broke before the body was complete; send it again.",
    )


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns; it is cancelled as soon as the client goes away.

    Args:
        receive: the request's, its body read to the end.

    Raises:
        ClientGone: the client went first.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
