"""Blocking work leaves the event loop, on a bounded number of threads and with a bounded queue."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

from api.errors import unavailable
from rag import Waiter

T = TypeVar("T")


class Gauge(Protocol):
    """Who is told how full a pool is, on the thread where it changes."""

    def occupied(self, busy: int, waiting: int) -> None: ...
    def rejected(self) -> None: ...


class Pool:
    """``workers`` threads, and at most ``waiting`` calls that wait for one. ``gauge`` is told how full it is."""

    def __init__(self, workers: int, waiting: int, gauge: Gauge | None = None) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="suanlian")
        self._workers = workers
        self._most = workers + waiting
        self._taken = 0
        self._gauge = gauge
        self._changed = threading.Condition()

    @property
    def busy(self) -> int:
        """Calls that run or wait."""
        return self._taken

    @property
    def room(self) -> int:
        """How many more calls it would take."""
        return self._most - self._taken

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work()`` returns. Cancelled, it is dropped where it has not begun, and ends where it waits for a language model.

        Raises:
            ApiError: 503 at once, where the queue is full.
        """
        with self._changed:
            if self._taken == self._most:
                if self._gauge:
                    self._gauge.rejected()
                raise unavailable(
                    "overloaded",
                    "服务正忙，请稍后再试。",
                    "The service is busy; try again after the time in Retry-After.",
                )
            self._take(1)
        waiter = Waiter()

        def waited() -> T:
            with waiter:
                return work()

        try:
            future = self._executor.submit(contextvars.copy_context().run, waited)
        except RuntimeError:  # the pool is closed: the service is stopping
            self._give_back(None)
            raise unavailable("stopping", "服务正在停止。", "The service is stopping.") from None
        # A place is free when the thread is, not when the client has gone away.
        future.add_done_callback(self._give_back)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            waiter.leave()
            raise

    def _give_back(self, _: Future[T] | None) -> None:
        with self._changed:
            self._take(-1)
            self._changed.notify_all()

    def _take(self, places: int) -> None:
        self._taken += places
        if self._gauge:
            busy = min(self._taken, self._workers)
            self._gauge.occupied(busy, self._taken - busy)

    def close(self, seconds: float | None = None) -> bool:
        """Finish what runs, drop what waits; whether all was finished within ``seconds`` (None: however long it takes)."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        with self._changed:
            return self._changed.wait_for(lambda: self._taken == 0, seconds)
