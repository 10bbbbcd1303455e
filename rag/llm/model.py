"""A language model as the rest of the library knows it: it writes a reply to messages, or says why it does not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from rag.llm import failures
from rag.llm.breaker import BreakerOpen, CircuitBreaker, State
from rag.llm.writing import Call, Writing
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

Message = tuple[Literal["system", "user", "assistant"], str]


def backoff(tried: int) -> float:
    """Seconds before a call is tried again, after ``tried`` tries again: half a second, doubled each time, eight at the most,
    less up to a half by chance, so that callers who failed together do not come back together (AWS, *Exponential Backoff
    and Jitter*, 2015)."""
    return float(min(8.0, 0.5 * 2**tried) * random.uniform(0.5, 1))


class LanguageModel:
    """A chat model of LangChain's, with retries, deadlines and a circuit breaker. Thread-safe; one serves many callers.

    Args:
        chat: the model.
        settings: ``llm_*``: how long, how often, and what it is called.
        address: where it is, without credentials, for messages; the provider's name where its own address is used.
        breaker: as ``llm_failures`` and ``llm_pause_seconds`` say, unless given.
        wait: seconds before the n-th (from 0) try again.

    >>> from rag.llm.fake import FakeChatModel
    >>> model = LanguageModel(FakeChatModel(script=["茶园有五百亩。[1]"]), Settings(llm_model="fake"))
    >>> "".join(model.write([("user", "茶园有多大？")]))
    '茶园有五百亩。[1]'
    """

    def __init__(
        self,
        chat: BaseChatModel,
        settings: Settings,
        *,
        address: str = "",
        breaker: CircuitBreaker | None = None,
        wait: Callable[[int], float] = backoff,
    ) -> None:
        self._chat = chat
        self.name = settings.llm_model
        self.address = address or settings.llm_provider
        self._settings = settings
        self._breaker = breaker or CircuitBreaker(settings.llm_failures, settings.llm_pause_seconds)
        self._wait = wait

    def __repr__(self) -> str:
        return f"LanguageModel({self.name!r} at {self.address})"

    @property
    def chat(self) -> BaseChatModel:
        """The chat model itself, bare of retries, deadlines and breaker: for what is to stand between, such as a recording."""
        return self._chat

    @property
    def state(self) -> State:
        """Of the circuit breaker: ``closed`` (it is asked), ``open`` (left alone), ``half_open`` (one call tries it)."""
        return self._breaker.state

    @property
    def retry_after(self) -> float:
        """Seconds for which it is still left alone; 0 where it is asked."""
        return self._breaker.retry_after

    def write(
        self, messages: Sequence[Message], *, seconds: float | None = None, first: float | None = None
    ) -> Writing:
        """A reply to ``messages``, whose pieces come as they are written.

        Args:
            messages: who says it, and what.
            seconds: time for the whole reply, retries and all (default: ``llm_seconds``). A model that takes longer than
                a shorter time than that has not failed: the circuit breaker is told of neither.
            first: time until :meth:`Writing.in_time` is called, if it is shorter. One who closes a reply himself when
                he has waited too long would hide from the circuit breaker that the model is late.

        Raises:
            LanguageModelError: it is ``paused``; what else goes wrong comes while the reply is read.
        """
        try:
            attempt = self._breaker.enter()
        except BreakerOpen as closed:
            raise failures.paused(closed.retry_after) from None
        settings = self._settings

        def start() -> Iterator[AIMessageChunk]:
            return self._chat.stream(list(messages))

        call = Call(
            start=start,
            judge=lambda error: failures.failure_of(error, self.address, self.name),
            address=self.address,
            retries=settings.llm_retries,
            wait=self._wait,
            # A server may read a long prompt for as long as the reply may take; but one that has begun and is then silent
            # for as long as an impatient user waits for a whole statement has stopped.
            stall=min(settings.llm_first_seconds, settings.llm_seconds),
            secret=settings.llm_api_key.get_secret_value(),
        )
        whole = settings.llm_seconds if seconds is None else seconds
        try:
            return Writing(call, attempt, self.name, seconds=whole, first=first, impatient=whole < settings.llm_seconds)
        except RuntimeError as error:  # no thread can be started
            attempt.end("neither")
            raise failures.failure_of(error, self.address, self.name).error from error
