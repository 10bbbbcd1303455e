"""Each answer is told to those who count, log and trace it, whichever route it was asked by.

Service.assistant  →  Observed(assistant)  →  Answered  →  watchers
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from rag import Answer, Assistant, Event, Repair, Usage

logger = logging.getLogger("suanlian.api")

# The state of the request that is being served: what is put there is found again by api.watch.logs. It reaches the pool's
# threads because the pool copies the context.
REQUEST: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("request", default=None)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer. ``timings`` are ms by stage (with ``total``); ``began`` and ``ended`` are ns since 1970; ``fallback``,
    ``repairs`` and ``usage`` are as in :class:`rag.Answer`."""

    question: str
    mode: str
    refused: bool
    confidence: float
    collection: str
    generation: int
    timings: Mapping[str, float]
    began: int
    ended: int
    incomplete: bool = False
    fallback: str | None = None
    repairs: tuple[Repair, ...] = ()
    usage: Usage | None = None

    @property
    def stages(self) -> dict[str, float]:
        """ms of each stage, in their order, without the total."""
        return {stage: ms for stage, ms in self.timings.items() if stage != "total"}


Watcher = Callable[[Answered], None]


class Observed:
    """An assistant whose answers are told to ``watchers``; in everything else it is the assistant itself."""

    def __init__(self, assistant: Assistant, watchers: Sequence[Watcher]) -> None:
        self._assistant: Any = assistant
        self._watchers = watchers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(self, *args: Any, **given: Any) -> Answer:
        """As :meth:`rag.Assistant.ask`."""
        began = time.time_ns()
        answer: Answer = self._assistant.ask(*args, **given)
        self._tell(_answered(answer, began))
        return answer

    def stream(self, *args: Any, **given: Any) -> Iterator[Event]:
        """As the assistant's ``stream``; the answer is told when its ``done`` has come."""
        # Each step may run on another thread, in another context; what is told belongs to the one that asked.
        return self._told(contextvars.copy_context(), self._assistant.stream(*args, **given))

    def _told(self, asked_in: contextvars.Context, events: Generator[Event]) -> Iterator[Event]:
        began = time.time_ns()
        with contextlib.closing(events):
            for event in events:
                if event.answer is not None:
                    asked_in.run(self._tell, _answered(event.answer, began))
                yield event

    def beside(self, collection: str) -> Assistant:
        """As the assistant's ``beside``, observed too."""
        return observed(self._assistant.beside(collection), self._watchers)

    def _tell(self, answered: Answered) -> None:
        for watcher in self._watchers:
            try:
                watcher(answered)
            except Exception:  # an answer is not lost because it could not be counted
                logger.exception("watcher_failed")


def observed(assistant: Assistant, watchers: Sequence[Watcher]) -> Assistant:
    """``assistant``, its answers told to ``watchers``."""
    return cast(Assistant, Observed(assistant, watchers)) if watchers else assistant


def note(answered: Answered) -> None:
    """Leave what the log says of an answer with the request that asked for it."""
    request = REQUEST.get()
    if request is not None:
        request["answered"] = answered


def _answered(answer: Answer, began: int) -> Answered:
    return Answered(
        question=answer.question,
        mode=answer.mode,
        refused=answer.refused,
        confidence=answer.confidence,
        collection=answer.collection,
        generation=answer.generation,
        timings=answer.timings,
        began=began,
        ended=time.time_ns(),
        incomplete=answer.incomplete,
        fallback=answer.fallback,
        repairs=answer.repairs,
        usage=answer.usage,
    )
