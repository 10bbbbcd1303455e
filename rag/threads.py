"""Blocking work off the event loop, for the asynchronous twins of the assistant's methods."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from typing import TypeVar

T = TypeVar("T")


async def iterate(make: Callable[[], Iterator[T]]) -> AsyncGenerator[T, None]:
    """What ``make()`` gives, each step taken in a thread of the event loop's own executor.

    Where it is cancelled or closed, a step that runs is run to its end (a thread cannot be stopped), and one that waits for
    a thread is not begun.
    """
    steps = make()
    end = object()
    try:
        while (step := await asyncio.to_thread(next, steps, end)) is not end:
            yield step  # type: ignore[misc]
    finally:
        if isinstance(steps, Generator):
            with contextlib.suppress(ValueError):  # it runs: it is closed when the thread lets it go
                steps.close()
