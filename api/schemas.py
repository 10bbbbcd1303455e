"""What a request may hold. Unknown fields are refused, so that a typing error cannot pass in silence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from rag import Filter, Mode


def storable(text: str) -> str:
    """The text, unless it holds half of a surrogate pair: JSON can spell one ("\\ud800"), and no reply could carry it back.

    Raises:
        PydanticCustomError: ``invalid_text``.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError(
            "invalid_text",
            "It holds half of a surrogate pair; take that out.",
            {"zh": "含有无效的 Unicode 字符，请去掉。"},
        )
    return text


def _not_blank(text: str) -> str:
    if not storable(text).strip():
        raise PydanticCustomError("empty_text", "It is empty; write something.", {"zh": "内容为空，请写点什么。"})
    return text


def _iso_date(text: str) -> str:
    try:
        if text and date.fromisoformat(text).isoformat() != text:
            raise ValueError
    except ValueError:
        raise PydanticCustomError(
            "invalid_date", "It must be a date such as 2024-01-31.", {"zh": "应当是日期，例如 2024-01-31。"}
        ) from None
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
Day = Annotated[str, AfterValidator(_iso_date)]


class Typed(BaseModel):
    """No guessing at types: ``"8"`` is not a number."""

    model_config = ConfigDict(strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _whole(cls, value: Any) -> Any:
        """``8.0`` is a whole number in JSON, and some languages write it so."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


class Strict(Typed):
    """No unknown fields either."""

    model_config = ConfigDict(extra="forbid")


class Message(Strict):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: Text


class SearchFilter(Strict):
    """Only documents with one of these ids, one of these tags and a date in this range are searched."""

    documents: list[str] = Field(default=[], max_length=1000, description="document ids")
    tags: list[str] = Field(default=[], max_length=100)
    published_after: Day = Field(default="", description="ISO date, e.g. 2024-01-31", examples=["2024-01-01"])
    published_before: Day = Field(default="", description="ISO date", examples=["2025-12-31"])

    def to_filter(self) -> Filter:
        """The same as rag takes it."""
        return Filter(tuple(self.documents), tuple(self.tags), self.published_after, self.published_before)


class ChatRequest(Strict):
    """A question, alone or at the end of a conversation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "这些资料讲了什么？"}]})

    messages: list[Message] | None = Field(
        default=None, min_length=1, description="the whole conversation, newest last; the last is the user's"
    )
    question: Text | None = Field(default=None, description="one question, in place of `messages`")
    collection: str | None = Field(default=None, description="without it, the service's or the key's own")
    mode: Mode = Field(
        default="auto", description="extractive: no language model; llm: one writes; auto: llm if it can"
    )
    top_k: int | None = Field(default=None, ge=1, le=50, description="passages that evidence is picked from")
    stream: bool = Field(default=False, description="the answer as server-sent events, statement by statement")
    filter: SearchFilter | None = None
    explain: bool = Field(default=False, description="adds `trace`: each candidate's rank and score at each stage")

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        if (self.messages is None) == (self.question is None):
            raise PydanticCustomError(
                "invalid_request",
                "Give either messages or question, exactly one of them.",
                {"zh": "messages 和 question 必须且只能给出一个。", "param": "messages"},
            )
        if self.messages is not None and self.messages[-1].role != "user":
            raise PydanticCustomError(
                "invalid_request",
                "The last message must be the user's question.",
                {"zh": "最后一条消息必须是用户的问题。", "param": f"messages[{len(self.messages) - 1}].role"},
            )
        return self

    def asked(self) -> list[tuple[str, str]]:
        """The user's own texts with the name of the field that each stands in, oldest first."""
        if self.question is not None:
            return [("question", self.question)]
        return [
            (f"messages[{position}].content", message.content)
            for position, message in enumerate(self.messages or [])
            if message.role == "user"
        ]

    def to_question(self) -> str | list[dict[str, str]]:
        """The question as rag takes it."""
        if self.question is not None:
            return self.question
        return [{"role": message.role, "content": message.content} for message in self.messages or []]


class SearchRequest(Strict):
    """Passages that fit a query."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"query": "主要内容", "top_k": 5}]})

    query: Text
    collection: str | None = Field(default=None, description="without it, the service's or the key's own")
    top_k: int = Field(default=10, ge=1, le=50)
    filter: SearchFilter | None = None
    explain: bool = False
