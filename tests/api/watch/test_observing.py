"""Answers are told to those who watch, and nothing else changes."""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from typing import Any

import pytest

from api.watch.observing import Answered, observed
from rag import Event, LanguageModelMissingError, events_of
from tests.api.fake import FakeAssistant, as_assistant


class Streaming(FakeAssistant):
    closed_early = False

    def stream(self, question: str, **given: Any) -> Iterator[Event]:
        try:
            yield from events_of(self.ask(question))
        except GeneratorExit:
            self.closed_early = True
            raise

    def beside(self, collection: str) -> FakeAssistant:
        other = FakeAssistant()
        other.collection = collection
        return other


def test_an_answer_is_told_with_its_times() -> None:
    told: list[Answered] = []
    assistant = observed(as_assistant(FakeAssistant()), [told.append])
    answer = assistant.ask("谁种茶", top_k=3)
    (one,) = told
    assert (one.question, one.mode, one.refused, one.confidence) == ("谁种茶", "extractive", False, answer.confidence)
    assert (one.collection, one.generation, one.timings) == ("default", 12, answer.timings)
    assert 0 < one.began <= one.ended
    assert assistant.documents() and assistant.generation == 12
    with pytest.raises(LanguageModelMissingError):
        assistant.ask("谁种茶", mode="llm")
    assert len(told) == 1


def test_a_streamed_answer_is_told_once_in_the_context_that_asked() -> None:
    asked_by: contextvars.ContextVar[str] = contextvars.ContextVar("asked_by", default="nobody")
    told: list[tuple[str, Answered]] = []
    fake = Streaming()
    assistant: Any = observed(as_assistant(fake), [lambda answered: told.append((asked_by.get(), answered))])
    token = asked_by.set("a request")
    events = assistant.stream("茶园面积多少")
    asked_by.reset(token)
    assert [event.name for event in events] == ["meta", "citations", "delta", "done"]
    ((where, one),) = told
    assert where == "a request"
    assert (one.question, one.generation, one.refused) == ("茶园面积多少", 12, False)

    left = assistant.stream("茶园面积多少")
    next(left)
    left.close()
    assert fake.closed_early
    assert len(told) == 1


def test_one_beside_is_watched_too() -> None:
    told: list[Answered] = []
    assistant: Any = observed(as_assistant(Streaming()), [told.append])
    assistant.beside("other").ask("谁种茶")
    assert [one.collection for one in told] == ["other"]


def test_a_watcher_that_fails_costs_no_answer(caplog: pytest.LogCaptureFixture) -> None:
    told: list[Answered] = []

    def broken(_: Answered) -> None:
        raise OSError("no space")

    assert observed(as_assistant(FakeAssistant()), [broken, told.append]).ask("谁种茶").items
    assert len(told) == 1
    assert "watcher_failed" in caplog.text
