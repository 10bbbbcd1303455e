"""Whoever waits for an answer may leave before it is there: what only he waited for then ends.

A thread cannot be stopped from outside. One that waits for a language model need not be: the call is let go, and the thread
with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar, Token
from types import TracebackType

from rag.errors import NobodyWaitsError
from rag.llm.line import Line

_WAITER: ContextVar[Waiter | None] = ContextVar("suanlian_waiter", default=None)


class Waiter:
    """One who waits for answers. What is asked within ``with waiter:`` on one thread ends when another calls :meth:`leave`: at
    once where it waits for a language model, with NobodyWaitsError.

    >>> waiter = Waiter()
    >>> with waiter:
    ...     pass  # assistant.ask("谁生产快速接头")
    """

    def __init__(self) -> None:
        self._line = Line()
        self._tokens: list[Token[Waiter | None]] = []

    def leave(self) -> None:
        """Wait no longer."""
        self._line.cut()

    def on_leave(self, wake: Callable[[], None]) -> None:
        """``wake()`` is called when he leaves; at once where he has left."""
        self._line.on_cut(wake)

    def __enter__(self) -> Waiter:
        self._tokens.append(_WAITER.set(self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _WAITER.reset(self._tokens.pop())


def current_waiter() -> Waiter | None:
    """Who waits for what the running thread does; None where nobody has said so."""
    return _WAITER.get()


def nobody_waits() -> NobodyWaitsError:
    """What is raised where he has left."""
    return NobodyWaitsError(
        "Whoever asked has left before the answer was there; ask again.", "提问者已离开，回答没有做完；请重新提问。"
    )
