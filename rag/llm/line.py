"""How a call to a language model is ended from another thread.

A thread that waits for a server's next bytes hears nothing else. What waits says how it can be woken (the HTTP client: by
shutting its socket down), and whoever closes the call wakes it. A provider that says nothing is left to its own time-out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar

_LINE: ContextVar[Line | None] = ContextVar("suanlian_llm_line", default=None)


class Line:
    """What one call to a model waits on."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # what is forgotten may be collected, and cut, while this is held
        self._wakers: list[Callable[[], None]] = []
        self._is_cut = False

    @property
    def is_cut(self) -> bool:
        """Whether nobody waits for the call any more."""
        return self._is_cut

    def on_cut(self, wake: Callable[[], None]) -> None:
        """``wake()`` is called when the line is cut; at once where it is."""
        with self._lock:
            if not self._is_cut:
                self._wakers.append(wake)
                return
        wake()

    def cut(self) -> None:
        """Wake all that waits, once."""
        with self._lock:
            self._is_cut = True
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def take(self) -> None:
        """Make this the line of all that the running thread calls from here on."""
        _LINE.set(self)


def current_line() -> Line | None:
    """The line of the call that the running thread makes; None outside one."""
    return _LINE.get()
