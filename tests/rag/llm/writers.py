"""A language model that writes what it is told to, for the tests of rewriting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from rag.errors import LanguageModelError
from rag.types import Usage


class ScriptedReply:
    """A reply in pieces; ``fails`` once they have been given."""

    def __init__(self, pieces: Sequence[str], fails: LanguageModelError | None) -> None:
        self.usage: Usage | None = None
        self.closed = False
        self.given = 0
        self._pieces = pieces
        self._fails = fails

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            self.given += 1
            yield piece
        if self._fails is not None:
            raise self._fails
        self.usage = Usage("scripted", 40, 12)

    def close(self) -> None:
        self.closed = True


class ScriptedWriter:
    """Gives ``reply`` to whatever it is asked; ``asked`` and ``replies`` are what came and went.

    Args:
        fails: raised once the reply has been given; ``paused``: before there is one.
    """

    def __init__(
        self,
        reply: str | Sequence[str] = "",
        *,
        fails: LanguageModelError | None = None,
        paused: LanguageModelError | None = None,
    ) -> None:
        self._pieces = [reply] if isinstance(reply, str) else reply
        self._fails = fails
        self._paused = paused
        self.asked: list[list[tuple[str, str]]] = []
        self.seconds: list[float | None] = []
        self.replies: list[ScriptedReply] = []

    def write(
        self, messages: Sequence[tuple[Literal["system", "user", "assistant"], str]], *, seconds: float | None = None
    ) -> ScriptedReply:
        self.asked.append(list(messages))
        self.seconds.append(seconds)
        if self._paused is not None:
            raise self._paused
        self.replies.append(ScriptedReply(self._pieces, self._fails))
        return self.replies[-1]
