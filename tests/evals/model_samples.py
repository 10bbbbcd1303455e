"""A language model's part in a run, made by hand: what a witness is told, and a chat model of a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from evals.statements import WrittenStatement
from rag import Written

NAMED = "磨坊建于1880年，坐落在河边。"
OTHER = "磨坊的主人是石家。"


KEPT = Written("磨坊建于哪一年？", "磨坊建于1880年。", (NAMED,), "kept", "", "磨坊建于1880年。", (NAMED,))
REPLACED = Written("磨坊建于哪一年？", "磨坊建于1890年。", (NAMED,), "replaced", "number", NAMED, (NAMED,))
MOVED = Written("磨坊的主人是谁？", "磨坊的主人是石家。", (NAMED,), "moved", "name", "磨坊的主人是石家。", (OTHER,))
DROPPED = Written("磨坊的主人是谁？", "磨坊很有名。", (), "dropped", "empty", "", ())


def statement(number: int, told: Written) -> WrittenStatement:
    """One of a run, of a question of its own."""
    return WrittenStatement(
        f"q{number}.1",
        f"q{number}",
        f"{number}：{told.question}",
        told.text,
        told.named,
        told.outcome,
        told.reason,
        told.said,
        told.quotes,
    )


class Scripted(BaseChatModel):
    """Says ``reply`` in two pieces, counts its prompts in ``asked``, and breaks off before the second where it is told to."""

    reply: str = "磨坊建于1880年。[1]"
    asked: list[str] = Field(default_factory=list)
    breaks: bool = False

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=self.reply))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.asked.append(str(messages[-1].text))
        yield ChatGenerationChunk(message=AIMessageChunk(content=self.reply[:4]))
        if self.breaks:
            raise ConnectionError("the line is cut")
        usage = UsageMetadata(input_tokens=9, output_tokens=5, total_tokens=14)
        yield ChatGenerationChunk(
            message=AIMessageChunk(
                content=self.reply[4:], response_metadata={"finish_reason": "stop"}, usage_metadata=usage
            )
        )
