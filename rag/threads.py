"""Blocking work off the event loop, for the asynchronous twins of the assistant's methods.

Cancelled, it leaves the thread that works for it, which ends there where it waits for a language model.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import TypeVar

from rag.llm.waiter import Waiter

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """What ``work()`` returns, done in a thread of the event loop's own executor."""
    waiter = Waiter()

    def waited() -> T:
        with waiter:
            return work()

    try:
        return await asyncio.to_thread(waited)
    except asyncio.CancelledError:
        waiter.leave()
        raise


async def iterate(make: Callable[[], Iterator[T]]) -> AsyncGenerator[T, None]:
    """What ``make()`` gives, each step taken in a thread of the event loop's own executor.

    Where it is cancelled or closed, a step that runs is run to its end (a thread cannot be stopped; but one that waits for a
    language model waits no longer), and one that waits for a thread is not begun.
    """
    steps = make()
    waiter = Waiter()
    end = object()

    def step_of() -> object:
        with waiter:
            return next(steps, end)

    try:
        while (step := await asyncio.to_thread(step_of)) is not end:
            yield step  # type: ignore[misc]
    finally:
        waiter.leave()
        if isinstance(steps, Generator):
            with contextlib.suppress(ValueError):  # it runs: it is closed when the thread lets it go
                steps.close()
