"""Stopping in order: no new work, what runs is finished, and all of it within a bound."""

from __future__ import annotations

import threading
import time

from api.errors import unavailable


class Stop:
    """Whether the service is being stopped, and how long what runs may still take.

    Args:
        seconds: from the first signal to the end.
    """

    # What is done last (closing the index, sending the last traces) gets this long even where answers took all of it.
    LEAST = 0.5

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began: float | None = None
        self.abandoned = threading.Event()

    def begin(self) -> None:
        """From now on the service is stopping; safe to call from a signal handler, and again."""
        if self._began is None:
            self._began = time.monotonic()

    def left(self) -> float:
        """Seconds left; all of them where the stop has not begun."""
        if self._began is None:
            return self._seconds
        return max(self.LEAST, self._seconds - (time.monotonic() - self._began))

    def check(self) -> None:
        """
        Raises:
            ApiError: 503 ``stopping``, so that a balancer sends nothing more here.
        """
        if self._began is not None:
            raise unavailable("stopping", "服务正在停止。", "The service is stopping.")
