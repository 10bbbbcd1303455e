"""Events on the wire, and streams that end early."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from api.ask import sse
from api.run.pool import Pool

DELTA = sse.encoded({"text": "甲"}, "delta")


def make_pool() -> Pool:
    return Pool(workers=1, waiting=1)


def test_an_event_is_one_line_of_json_whatever_it_holds() -> None:
    text = "甲\n乙\u2028丙\x85丁\r𠮷"
    wire = sse.encoded({"text": text}, "delta").decode()
    name, data, *rest = wire.splitlines()
    assert (name, rest) == ("event: delta", [""])
    assert json.loads(data.removeprefix("data: ")) == {"text": text}
    assert wire.endswith("\n\n")


async def _taken(pool: Pool, make: Any) -> list[bytes]:
    return [event async for event in sse._events(pool, make)]


def test_a_comment_where_nothing_comes_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "KEEP_ALIVE_SECONDS", 0.01)
    pool, release = make_pool(), threading.Event()

    def slow() -> Iterator[bytes]:
        release.wait(10)
        yield DELTA

    async def main() -> list[bytes]:
        events = sse._events(pool, slow)
        got = [await anext(events)]
        release.set()
        return got + [event async for event in events if event != sse.KEEP_ALIVE]

    assert asyncio.run(main()) == [sse.KEEP_ALIVE, DELTA]
    assert sse.KEEP_ALIVE == b": keep-alive\n\n"
    pool.close()


def test_the_loop_goes_on_while_an_event_is_made() -> None:
    pool, release = make_pool(), threading.Event()

    def slow() -> Iterator[bytes]:
        release.wait(10)
        yield DELTA

    async def main() -> list[bytes]:
        taking = asyncio.ensure_future(_taken(pool, slow))
        await asyncio.sleep(0)
        release.set()  # only a loop that is not blocked gets here
        return await taking

    assert asyncio.run(main()) == [DELTA]
    pool.close()


def test_an_error_comes_after_the_events_before_it() -> None:
    pool = make_pool()

    def broken() -> Iterator[bytes]:
        yield DELTA
        raise ValueError("broken")

    async def main() -> list[bytes]:
        got: list[bytes] = []
        with pytest.raises(ValueError, match="broken"):
            async for event in sse._events(pool, broken):
                got.append(event)
        return got

    assert asyncio.run(main()) == [DELTA]
    pool.close()


def test_closed_while_it_waits_it_is_never_begun_and_gives_its_place_back() -> None:
    pool, held, release = make_pool(), threading.Event(), threading.Event()
    begun: list[str] = []

    def hold() -> None:
        held.set()
        release.wait(10)

    def never() -> Iterator[bytes]:
        begun.append("begun")
        yield DELTA

    async def main() -> None:
        holding = asyncio.ensure_future(pool.run(hold))
        await asyncio.to_thread(held.wait, 10)
        waiting = asyncio.ensure_future(_taken(pool, never))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        after = asyncio.ensure_future(pool.run(lambda: "there was room"))  # 503 if the place were still taken
        await asyncio.sleep(0)
        release.set()
        assert await after == "there was room"
        await holding

    asyncio.run(main())
    pool.close()
    assert begun == []


def test_closed_while_it_runs_it_ends_with_the_step_that_it_is_at() -> None:
    pool, release, closed = make_pool(), threading.Event(), threading.Event()
    made: list[int] = []

    def many() -> Iterator[bytes]:
        try:
            for number in range(100):
                made.append(number)
                yield DELTA
                release.wait(10)
        finally:
            closed.set()

    async def main() -> None:
        events = sse._events(pool, many)
        assert await anext(events) == DELTA
        await events.aclose()

    asyncio.run(main())
    release.set()
    assert closed.wait(10)
    assert made == [0, 1]
    pool.close()
