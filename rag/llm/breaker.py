"""The circuit breaker: a model that keeps failing is left alone for a while, so that nobody waits for it in vain.

M. Nygard, *Release It!* (2007): closed, every call goes through; after so many failures in a row it opens and calls are turned
away at once; when the pause is over it is half open, and one call tries the model: its outcome closes or opens it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "half_open", "open"]
Outcome = Literal["succeeded", "failed", "neither"]

# What callers are told to wait where another call is trying the model just now: nobody knows how long that takes.
_TRYING_SECONDS = 1.0


class BreakerOpen(Exception):
    """The call is not to be made; ``retry_after`` seconds are left of the pause."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"paused for {retry_after:.1f} s")
        self.retry_after = retry_after


class CircuitBreaker:
    """Counts failures in a row and says whether a call may be made. Thread-safe.

    Args:
        failures: how many in a row open it, at least 1.
        pause_seconds: how long it stays open.
        clock: seconds that never go back.

    >>> breaker = CircuitBreaker(failures=1, pause_seconds=30)
    >>> breaker.enter().end("failed")
    >>> breaker.state
    'open'
    """

    def __init__(self, failures: int, pause_seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._pause = pause_seconds
        self._clock = clock
        self._lock = threading.RLock()  # a forgotten call may be collected, and ended, while this is held
        self._failed = 0  # in a row
        self._opened: float | None = None  # when it opened; None while closed
        self._trying = False  # a call is out that tries the model after a pause
        self._period = 0  # how often it has opened or closed

    @property
    def state(self) -> State:
        """``closed``, ``open``, or ``half_open`` once the pause is over and until a call has shown how it is."""
        with self._lock:
            if self._opened is None:
                return "closed"
            return "half_open" if self._left() <= 0 else "open"

    @property
    def retry_after(self) -> float:
        """Seconds that are left of the pause; 0 where a call may be made."""
        with self._lock:
            if self._opened is None:
                return 0.0
            return max(self._left(), _TRYING_SECONDS if self._trying else 0.0)

    def enter(self) -> Attempt:
        """Leave to make a call, whose outcome is told to what comes back.

        Raises:
            BreakerOpen: it is open, or half open and another call tries the model.
        """
        with self._lock:
            if self._opened is None:
                return Attempt(self, self._period)
            if (left := self._left()) > 0:
                raise BreakerOpen(left)
            if self._trying:
                raise BreakerOpen(_TRYING_SECONDS)
            self._trying = True
            return Attempt(self, self._period)

    def _left(self) -> float:
        assert self._opened is not None
        return self._opened + self._pause - self._clock()

    def _ended(self, period: int, outcome: Outcome) -> None:
        with self._lock:
            if period != self._period:
                return  # begun before it opened or closed: what it shows of the model is out of date
            trying, self._trying = self._trying, False
            if outcome == "succeeded":
                self._failed = 0
                if trying:
                    self._opened = None
                    self._period += 1
            elif outcome == "failed":
                self._failed += 1
                if trying or self._failed >= self._limit:
                    self._opened = self._clock()
                    self._period += 1


class Attempt:
    """One call that a :class:`CircuitBreaker` let through. Only the first outcome counts."""

    def __init__(self, breaker: CircuitBreaker, period: int) -> None:
        self._breaker = breaker
        self._period = period
        self._lock = threading.RLock()
        self._done = False

    def end(self, outcome: Outcome) -> None:
        """Tell how it went: ``neither`` where it shows nothing of the model (closed by the caller, or a bad request)."""
        with self._lock:
            if self._done:
                return
            self._done = True
        self._breaker._ended(self._period, outcome)
