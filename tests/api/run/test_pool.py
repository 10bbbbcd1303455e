"""The pool: who waits, who is turned away, and what is told of it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from api.errors import ApiError
from api.run.pool import Pool


class Told:
    def __init__(self) -> None:
        self.states: list[tuple[int, int]] = []
        self.rejections = 0

    def occupied(self, busy: int, waiting: int) -> None:
        self.states.append((busy, waiting))

    def rejected(self) -> None:
        self.rejections += 1


def test_the_gauge_is_told_of_busy_waiting_and_rejected() -> None:
    told, release = Told(), threading.Event()
    pool = Pool(workers=1, waiting=1, gauge=told)

    async def fill() -> None:
        running = [asyncio.create_task(pool.run(lambda: release.wait(10))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(ApiError) as refused:
            await pool.run(lambda: None)
        assert refused.value.code == "overloaded"
        release.set()
        assert all(await asyncio.gather(*running))

    asyncio.run(fill())
    assert pool.close(10)
    assert told.states == [(1, 0), (1, 1), (1, 0), (0, 0)]
    assert told.rejections == 1


def test_closing_waits_no_longer_than_it_may() -> None:
    release, begun = threading.Event(), threading.Event()
    pool = Pool(workers=1, waiting=1)

    def work() -> None:
        begun.set()
        release.wait(30)

    async def leave_it() -> None:
        task = asyncio.create_task(pool.run(work))
        await asyncio.to_thread(begun.wait, 10)
        assert not await asyncio.to_thread(pool.close, 0.01)
        with pytest.raises(ApiError) as refused:
            await pool.run(lambda: None)
        assert refused.value.code == "stopping"
        release.set()
        await task

    asyncio.run(leave_it())
    assert pool.close()
