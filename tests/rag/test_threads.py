"""Blocking work off the event loop: the assistant's asynchronous twins."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag import Assistant, QuestionError
from rag.threads import iterate


def test_steps_are_taken_in_other_threads() -> None:
    async def main() -> tuple[set[int], int]:
        def steps() -> Iterator[int]:
            yield threading.get_ident()
            yield threading.get_ident()

        return {ident async for ident in iterate(steps)}, threading.get_ident()

    others, own = asyncio.run(main())
    assert others and own not in others


def test_an_error_reaches_the_caller() -> None:
    def steps() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    async def main() -> list[int]:
        got = []
        with pytest.raises(ValueError, match="broken"):
            async for step in iterate(steps):
                got.append(step)
        return got

    assert asyncio.run(main()) == [1]


def test_cancelled_it_begins_no_other_step() -> None:
    running, release, closed = threading.Event(), threading.Event(), threading.Event()
    taken: list[int] = []

    def steps() -> Iterator[int]:
        try:
            for number in range(10):
                taken.append(number)
                if number == 1:
                    running.set()
                    release.wait(10)
                yield number
        finally:
            closed.set()

    async def take() -> None:
        async for _ in iterate(steps):
            pass

    async def main() -> None:
        taking = asyncio.ensure_future(take())
        await asyncio.to_thread(running.wait, 10)
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        release.set()
        assert await asyncio.to_thread(closed.wait, 10)

    asyncio.run(main())
    assert taken == [0, 1]


def test_cancelled_while_it_waits_for_a_thread_it_is_never_begun() -> None:
    held, release = threading.Event(), threading.Event()
    begun: list[str] = []

    def hold() -> None:
        held.set()
        release.wait(10)

    def steps() -> Iterator[int]:
        begun.append("begun")
        yield 1

    async def take() -> None:
        async for _ in iterate(steps):
            pass

    async def main() -> None:
        with ThreadPoolExecutor(1) as one:
            asyncio.get_running_loop().set_default_executor(one)
            holding = asyncio.ensure_future(asyncio.to_thread(hold))
            while not held.is_set():
                await asyncio.sleep(0.01)
            taking = asyncio.ensure_future(take())
            await asyncio.sleep(0.01)
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
            release.set()
            await holding
            await asyncio.to_thread(lambda: None)  # whatever waited before it would have run

    asyncio.run(main())
    assert begun == []


def test_closed_it_closes_what_it_takes_from() -> None:
    closed: list[str] = []

    def steps() -> Iterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append("closed")

    async def main() -> None:
        events = iterate(steps)
        assert await anext(events) == 1
        await events.aclose()

    asyncio.run(main())
    assert closed == ["closed"]


def test_the_twins_say_what_the_others_say(assistant: Assistant) -> None:
    question = "国内谁生产揉捻机，客户有哪些？"

    async def main() -> None:
        answer = await assistant.aask(question)
        assert answer.text == assistant.ask(question).text
        events = [event async for event in assistant.astream(question)]
        assert [event.name for event in events] == [event.name for event in assistant.stream(question)]
        assert events[-1].data["answer"] == answer.text
        assert await assistant.asearch("揉捻机", top_k=3) == assistant.search("揉捻机", top_k=3)
        for wrong in (assistant.aask(""), assistant.asearch(""), anext(assistant.astream(""))):
            with pytest.raises(QuestionError):
                await wrong

    asyncio.run(main())


def test_many_at_once(assistant: Assistant) -> None:
    questions = ["国内谁生产揉捻机", "青河铁路全长多少公里", "舒宁片的有效期是多久"] * 3

    async def main() -> list[str]:
        return [answer.text for answer in await asyncio.gather(*map(assistant.aask, questions))]

    assert asyncio.run(main()) == [assistant.ask(question).text for question in questions]
