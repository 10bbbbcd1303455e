"""One who waits for an answer and leaves: the call that only he waited for is let go, on whatever thread it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rag import Assistant, LanguageModel, NobodyWaitsError, Settings, Waiter
from rag.index.embed import Encoder
from rag.llm.build import language_model
from rag.llm.fake import FakeChatModel
from rag.llm.model import Message
from rag.llm.waiter import current_waiter
from tests.api.live import until
from tests.llm_stub import MODEL, Stub, served
from tests.rag.saying import writing

QUESTION = "国内谁生产揉捻机？"
LONG: dict[str, Any] = {"llm_seconds": 600.0, "llm_first_seconds": 600.0, "llm_failures": 1}


def silent() -> LanguageModel:
    """A model that writes a statement and falls silent."""
    return LanguageModel(FakeChatModel(way="stalled"), Settings(llm_model="fake", **LONG))


def test_whoever_is_waited_for_is_known_within_and_nowhere_else() -> None:
    outer, inner = Waiter(), Waiter()
    assert current_waiter() is None
    with outer:
        with inner:
            assert current_waiter() is inner
        assert current_waiter() is outer
    assert current_waiter() is None


def test_a_reply_ends_when_he_leaves_and_the_model_is_not_blamed() -> None:
    model, waiter = silent(), Waiter()
    asked: list[Message] = [("user", "[1] 茶园有五百亩。\n[2] 茶厂建于一九五二年。\n问题：茶园有多大？")]

    def read() -> None:
        with waiter:
            written.extend(model.write(asked))

    written: list[str] = []
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(read)
        until(lambda: "".join(written).endswith("\n"))
        waiter.leave()
        with pytest.raises(NobodyWaitsError):
            reading.result(30)
    assert model.state == "closed", "one failure would have opened it"


def test_one_who_has_left_is_not_written_for() -> None:
    chat = FakeChatModel()
    waiter = Waiter()
    waiter.leave()
    with waiter, pytest.raises(NobodyWaitsError):
        next(LanguageModel(chat, Settings(llm_model="fake")).write([("user", "问题：茶园有多大？")]))
    assert chat.seen == []


@pytest.fixture
def stub() -> Iterator[Stub]:
    with served(None, "never") as stub:
        yield stub


def asking(invented: Settings, encoder: Encoder, stub: Stub) -> Assistant:
    settings = invented.model_copy(update={"llm_model": MODEL, "llm_base_url": stub.url, **LONG})
    model = language_model(settings)
    assert model is not None
    return writing(settings, encoder, model.chat, llm_provider="openai", llm_base_url=stub.url, **LONG)


@pytest.mark.parametrize("streamed", [False, True])
def test_cancelled_the_asynchronous_twins_let_the_model_go(
    invented: Settings, encoder: Encoder, stub: Stub, streamed: bool
) -> None:
    assistant = asking(invented, encoder, stub)

    async def told() -> None:
        async for _ in assistant.astream(QUESTION):
            pass

    async def main() -> None:
        task = asyncio.ensure_future(told() if streamed else assistant.aask(QUESTION))
        await asyncio.to_thread(until, lambda: stub.requests)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(until, lambda: stub.gone == 1)

    asyncio.run(main())
