"""Blocking work leaves the event loop, on a bounded number of threads and with a bounded queue."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from api.errors import unavailable

T = TypeVar("T")


class Pool:
    """``workers`` threads, and at most ``waiting`` calls that wait for one."""

    def __init__(self, workers: int, waiting: int) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="suanlian")
        self._all = self._room = workers + waiting
        self._lock = threading.Lock()

    @property
    def busy(self) -> int:
        """Calls that run or wait."""
        return self._all - self._room

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work()`` returns.

        Raises:
            ApiError: 503 at once, where the queue is full.
        """
        with self._lock:
            if self._room == 0:
                raise unavailable(
                    "overloaded",
                    "服务正忙，请稍后再试。",
                    "The service is busy; try again after the time in Retry-After.",
                )
            self._room -= 1
        try:
            future = self._executor.submit(contextvars.copy_context().run, work)
        except RuntimeError:  # the pool is closed: the service is stopping
            self._give_back(None)
            raise unavailable("stopping", "服务正在停止。", "The service is stopping.") from None
        # A place is free when the thread is, not when the client has gone away.
        future.add_done_callback(self._give_back)
        return await asyncio.wrap_future(future)

    def _give_back(self, _: Future[T] | None) -> None:
        with self._lock:
            self._room += 1

    @property
    def room(self) -> int:
        """How many more calls it would take."""
        return self._room

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)
