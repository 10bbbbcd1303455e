"""What an OpenAI client sends. What it asks for and cannot be had is refused; what only tunes a language model is ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from api.schemas import SearchFilter, Typed, storable
from rag import Mode

MODES: dict[str, Mode] = {"suanlian": "auto", "suanlian-extractive": "extractive", "suanlian-llm": "llm"}


def _refused(param: str, zh: str, en: str) -> PydanticCustomError:
    return PydanticCustomError("unsupported_parameter", en, {"zh": zh, "param": param})


Said = Annotated[str, AfterValidator(storable)]


class Open(Typed):
    """Unknown fields are passed over: clients send what their other models know."""

    model_config = ConfigDict(extra="ignore")


class Part(Open):
    """A part of a message's content."""

    type: str
    text: Said | None = None


def _parts(content: Any) -> Any:
    """A string as the one part that it is."""
    if isinstance(content, str):
        return [{"type": "text", "text": storable(content)}]
    if content is None or isinstance(content, list):
        return content
    raise PydanticCustomError(
        "invalid_request",
        "It must be a string, or an array of parts.",
        {"zh": "应当是字符串，或由若干部分组成的数组。"},
    )


# For /docs, where the two kinds are not yet made one.
CONTENT_SCHEMA = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"type": {"type": "string"}, "text": {"type": "string"}},
                "required": ["type"],
            },
        },
        {"type": "null"},
    ]
}
Content = Annotated[list[Part] | None, BeforeValidator(_parts), WithJsonSchema(CONTENT_SCHEMA)]


class Message(Open):
    """One turn. What is not the user's or the assistant's is taken and says nothing: it cannot loosen the rules."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None

    @property
    def text(self) -> str:
        """Its words; the text parts are joined by line ends."""
        return "\n".join(part.text for part in self.content or [] if part.type == "text" and part.text)

    @property
    def strange(self) -> int | None:
        """The place of its first part that is no text."""
        return next((at for at, part in enumerate(self.content or []) if part.type != "text"), None)


class StreamOptions(Open):
    include_usage: bool | None = None


class CompletionRequest(Open):
    """`temperature`, `top_p`, `max_tokens`, `stop`, `seed`, `user` and whatever else tunes a language model is ignored."""

    model: Said = Field(default="suanlian", description=", ".join(MODES), examples=["suanlian"])
    messages: list[Message] = Field(
        min_length=1, description="the whole conversation, newest last; the last is the user's"
    )
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, description="1: a question has one answer")
    tools: list[Any] | None = Field(default=None, description="taken, and never called")
    functions: list[Any] | None = Field(default=None, description="taken, and never called")
    tool_choice: Any = None
    function_call: Any = None
    modalities: list[Any] | None = None
    audio: Any = None
    response_format: dict[str, Any] | None = Field(default=None, description='{"type": "text"}')
    logprobs: bool | None = None
    collection: str | None = Field(default=None, description="the service's own collection, which is the default")
    filter: SearchFilter | None = None
    top_k: int | None = Field(default=None, ge=1, le=50, description="passages that evidence is picked from")
    explain: bool | None = Field(default=None, description="adds `trace` to the message")

    @model_validator(mode="after")
    def _can_be_had(self) -> Self:
        if self.n not in (None, 1):
            raise _refused("n", "n 只能是 1：一个问题只有一个答案。", "n must be 1: a question has one answer.")
        for param, choice in (("tool_choice", self.tool_choice), ("function_call", self.function_call)):
            if choice not in (None, "none", "auto"):
                raise _refused(
                    param,
                    f"不能调用工具，请去掉 {param} 或设为 none。",
                    f"Tools cannot be called; leave out {param}, or set it to none.",
                )
        if self.audio is not None or "audio" in (self.modalities or []):
            raise _refused(
                "audio" if self.audio is not None else "modalities",
                "只能用文字回答，请去掉 audio。",
                "Answers are text only; leave out audio.",
            )
        if (self.response_format or {}).get("type", "text") != "text":
            raise _refused(
                "response_format",
                "答案只能是文字，请把 response_format 设为 text；结构化的内容在 message.items 和 message.citations 里。",
                "Answers are text; set response_format to text. What has a structure is in message.items and message.citations.",
            )
        if self.logprobs:
            raise _refused("logprobs", "没有 logprobs，请去掉。", "There are no logprobs; leave it out.")
        return self

    @model_validator(mode="after")
    def _a_question(self) -> Self:
        for place, message in enumerate(self.messages):
            if message.role == "user" and (at := message.strange) is not None:
                raise PydanticCustomError(
                    "unsupported_content",
                    "Messages may hold text only; take out images, audio and files.",
                    {"zh": "消息只能是文字，请去掉图片、音频和文件。", "param": f"messages[{place}].content[{at}]"},
                )
        spoken = [at for at, message in enumerate(self.messages) if message.role in ("user", "assistant")]
        last = spoken[-1] if spoken else len(self.messages) - 1
        if self.messages[last].role != "user":
            raise PydanticCustomError(
                "invalid_request",
                "The last message must be the user's question.",
                {"zh": "最后一条消息必须是用户的问题。", "param": f"messages[{last}].role"},
            )
        if not self.messages[last].text.strip():
            raise PydanticCustomError(
                "empty_text",
                "It is empty; write something.",
                {"zh": "内容为空，请写点什么。", "param": f"messages[{last}].content"},
            )
        return self

    def asked(self) -> tuple[str, str]:
        """The question and the name of the field that it stands in."""
        at = max(at for at, message in enumerate(self.messages) if message.role == "user")
        return f"messages[{at}].content", self.messages[at].text

    def conversation(self, longest: int) -> list[dict[str, str]]:
        """What user and assistant said, as rag takes it. Earlier questions that are empty or longer than ``longest``
        characters, which were never answered, are left out: some clients keep them and send them again."""
        return [
            {"role": message.role, "content": message.text}
            for message in self.messages
            if message.role == "assistant" or (message.role == "user" and 0 < len(message.text.strip()) <= longest)
        ]
