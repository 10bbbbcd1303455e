"""An answer in the OpenAI shape: whole, or as chunks. https://platform.openai.com/docs/api-reference/chat

The message carries the fields of ``POST /v1/chat`` beside its content, ``answer`` among them: the text without the list of
sources, which is for those who see nothing but text.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from api.ask.sse import encoded
from api.replies import Citation, FallbackReason, Item, Related, Repair, Reply, ShortAnswer, Statement
from rag import Answer, Event, source_list

SEPARATOR = "\n\n"
# Of the whole answer what says who answered and when, which the reply around the message has its own fields for.
_OUTSIDE = ("id", "created", "usage")


class ModelCard(Reply):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    available: bool = Field(description="whether it can be asked: `suanlian-llm` needs a configured language model")


class ModelList(Reply):
    object: Literal["list"]
    data: list[ModelCard]


class Usage(Reply):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    counted: Literal["tokens", "characters"] = Field(
        description="what the three count: tokens of the language model that answered, else characters"
    )


class CompletionMessage(Reply):
    """What an OpenAI client knows, and every field of `POST /v1/chat` but `id` and `created`; these among them."""

    role: Literal["assistant"]
    content: str = Field(description="the answer with its `[n]`, and below it the list of sources")
    refusal: None
    answer: str = Field(description="the answer with its `[n]` alone")
    refused: bool
    missing: list[str]
    confidence: float
    mode: Literal["extractive", "llm"]
    short_answer: ShortAnswer | None
    items: list[Item]
    statements: list[Statement]
    citations: list[Citation]
    incomplete: bool
    fallback: FallbackReason | None
    repairs: list[Repair]
    related: list[Related] | None = Field(default=None, description="only where the answer is a refusal")


class Choice(Reply):
    index: int
    message: CompletionMessage
    finish_reason: Literal["stop", "length"] = Field(description="`length` where the answer is incomplete")


class Completion(Reply):
    id: str
    object: Literal["chat.completion"]
    created: int = Field(description="Unix time in seconds")
    model: str = Field(description="the model that answered")
    choices: list[Choice]
    usage: Usage


def usage(answer: Answer | None, asked: int, answered: int) -> dict[str, Any]:
    """Tokens that a language model read and wrote for the answer, where its server counts them; else the characters of the
    conversation, ``asked``, and of the answer, ``answered``."""
    told = answer.usage if answer else None
    if told is not None:
        asked, answered = told.input_tokens, told.output_tokens
    return {
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "total_tokens": asked + answered,
        "counted": "characters" if told is None else "tokens",
    }


def finish_reason(answer: Answer) -> str:
    """``length``, OpenAI's word for an answer that breaks off, else ``stop``."""
    return "length" if answer.incomplete else "stop"


def native(reply: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an answer that go into the message."""
    return {name: value for name, value in reply.items() if name not in _OUTSIDE}


def completion_id() -> str:
    """A new one."""
    return f"chatcmpl-{uuid.uuid4().hex}"


def listed(answer: Answer) -> str:
    """The list of sources as it stands below the text; "" where there are none."""
    sources = source_list(answer)
    return SEPARATOR + sources if sources else ""


def completion(answer: Answer, *, asked: int, with_sources: bool) -> dict[str, Any]:
    """The whole reply (:class:`Completion`). ``asked`` are the characters read."""
    content = answer.text + (listed(answer) if with_sources else "")
    message = {"role": "assistant", "content": content, "refusal": None, **native(answer.as_dict())}
    return {
        "id": completion_id(),
        "object": "chat.completion",
        "created": answer.created,
        "model": f"suanlian-{answer.mode}",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(answer)}],
        "usage": usage(answer, asked, len(content)),
        "system_fingerprint": answer.config,
    }


def chunks(events: Iterable[Event], *, asked: int, with_usage: bool, with_sources: bool) -> Iterator[bytes]:
    """An answer's events as ``chat.completion.chunk`` objects on the wire.

    The chunk with ``finish_reason`` carries the native fields: the last one before ``[DONE]``, but for the one with the usage,
    which has no choice in it.
    """
    head: dict[str, Any] = {"id": completion_id(), "object": "chat.completion.chunk", "created": int(time.time())}
    unknown = {"usage": None} if with_usage else {}
    sent, answer = 0, None

    def chunk(delta: Mapping[str, Any], finished: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finished}
        return encoded({**head, "choices": [choice], **unknown})

    for event in events:
        if event.name == "meta":
            head["model"] = f"suanlian-{event.data['mode']}"
            yield chunk({"role": "assistant", "content": ""})
        elif event.name == "delta":
            sent += len(event.data["text"])
            yield chunk({"content": event.data["text"]})
        elif event.answer is not None:
            answer = event.answer
            if with_sources and (sources := listed(answer)):
                sent += len(sources)
                yield chunk({"content": sources})
            yield chunk(native(event.data), finish_reason(answer))
    if with_usage:
        yield encoded({**head, "choices": [], "usage": usage(answer, asked, sent)})
    yield b"data: [DONE]\n\n"
