from __future__ import annotations

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_core.messages.ai import UsageMetadata

from rag.llm.tally import Tally, together
from rag.types import Usage


def chunk(read: int | None = None, wrote: int = 0, **facts: str) -> AIMessageChunk:
    usage = None if read is None else UsageMetadata(input_tokens=read, output_tokens=wrote, total_tokens=read + wrote)
    return AIMessageChunk(content="", usage_metadata=usage, response_metadata=facts)


def tallied(*chunks: AIMessageChunk) -> Tally:
    tally = Tally("m")
    for each in chunks:
        tally.count(each)
    return tally


@pytest.mark.parametrize(
    ("chunks", "read", "wrote"),
    [
        ([chunk(9, 4)], 9, 4),
        ([chunk(9, 1), chunk(0, 3), chunk(0, 2)], 9, 6),
        ([chunk(9, 1), chunk(9, 3), chunk(9, 7)], 9, 7),
        ([chunk(0, 0), chunk(9, 2)], 9, 2),
    ],
    ids=["once", "in shares", "so far each time", "at the end"],
)
def test_tokens_however_they_are_told(chunks: list[AIMessageChunk], read: int, wrote: int) -> None:
    assert tallied(*chunks).usage == Usage("m", read, wrote)


def test_a_server_that_does_not_count() -> None:
    assert tallied(chunk(), chunk(finish_reason="stop")).usage is None


@pytest.mark.parametrize(
    ("facts", "cut"),
    [
        ({"finish_reason": "stop"}, False),
        ({"finish_reason": "length"}, True),
        ({"finish_reason": "content_filter"}, True),
        ({"stop_reason": "end_turn"}, False),
        ({"stop_reason": "max_tokens"}, True),
        ({"finish_reason": "MAX_TOKENS"}, True),
        ({"done_reason": "length"}, True),
        ({}, False),
        ({"model_provider": "openai"}, True),
    ],
)
def test_why_it_ended(facts: dict[str, str], cut: bool) -> None:
    assert tallied(chunk(**facts), chunk()).cut == cut


def test_the_tokens_of_several_calls_add_up_where_they_are_counted() -> None:
    assert together(None, Usage("m", 9, 4), None, Usage("m", 20, 6)) == Usage("m", 29, 10)
    assert together() is None and together(None, None) is None
