"""Work ends with the client that asked for it."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from api.ask.connected import ClientGone, while_connected


async def _stays() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("never")


async def _leaves() -> Message:
    return {"type": "http.disconnect"}


async def _answer() -> str:
    await asyncio.sleep(0)
    return "甲"


async def _fail() -> str:
    raise ValueError("broken")


def test_what_the_work_returns_or_raises() -> None:
    assert asyncio.run(while_connected(_stays, _answer())) == "甲"
    with pytest.raises(ValueError, match="broken"):
        asyncio.run(while_connected(_stays, _fail()))


def test_a_client_that_goes_away_cancels_it() -> None:
    ended: list[str] = []

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    with pytest.raises(ClientGone):
        asyncio.run(while_connected(_leaves, long()))
    assert ended == ["cancelled"]


def test_cancelled_from_outside_it_takes_the_work_along() -> None:
    ended: list[str] = []

    async def long() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def main() -> None:
        waiting = asyncio.ensure_future(while_connected(_stays, long()))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(main())
    assert ended == ["cancelled"]
