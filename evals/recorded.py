"""A language model whose replies are kept, so that a slow or dear one is asked once for each prompt.

    {"prompt": "9f2c…",                               sha256 of what was asked, 64 hexadecimal digits
     "model": "qwen2.5-1.5b",
     "messages": [["system", "…"], ["human", "…"]],
     "reply": "…",                                    whole; one that broke off on the way is not kept
     "finish": {"finish_reason": "stop"},             as the model's server said it
     "usage": {"input_tokens": 812, "output_tokens": 40, "total_tokens": 852},      or null
     "seconds": 21.4}

One JSON object a line, appended and flushed as each reply ends; a last line that a crash cut off is
passed over; of two for one prompt of a model the later counts. The key is
the prompt and the model's name: a recording of other settings (temperature, length) is another file.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata, add_usage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, TypeAdapter

from rag import FileError, InputError

# Why a reply ended, as servers call it, and who says so.
_FINISH = ("finish_reason", "stop_reason", "done_reason", "model_provider")


class MissingReplyError(InputError):
    """A prompt that a recording does not hold, where the model may not be asked."""

    code = "reply_missing"


@dataclass(frozen=True, slots=True)
class Reply:
    """A line of a recording; ``messages`` are (type, text), ``usage`` tokens by name or None."""

    prompt: str
    model: str
    messages: tuple[tuple[str, str], ...]
    reply: str
    finish: dict[str, str]
    usage: dict[str, int] | None = None
    seconds: float = 0.0


_REPLY = TypeAdapter(Reply)


class Recording:
    """The replies of a file, found by prompt. Safe for many threads.

    Args:
        path: read where it is there. writing: it may be missing, and is added to.

    Raises:
        FileError: it is not there to be read, or a line is not a reply; the message names it.
    """

    def __init__(self, path: Path, *, writing: bool = False) -> None:
        self.path = path
        self.missing: list[str] = []  # digests asked for in vain
        self.asked = 0  # replies that a model gave, and were added
        self._lock = threading.Lock()
        self._replies: dict[tuple[str, str], Reply] = {}
        self._torn: int | None = None  # where a line begins that a crash cut off
        if path.exists() or not writing:
            self._read()

    def models(self) -> list[str]:
        """Whose replies it holds, in order of the alphabet."""
        return sorted({model for model, _ in self._replies})

    def __len__(self) -> int:
        return len(self._replies)

    def find(self, model: str, prompt: str) -> Reply | None:
        """A model's reply to a prompt, by the prompt's digest."""
        with self._lock:
            return self._replies.get((model, prompt))

    def lack(self, prompt: str) -> MissingReplyError:
        """The error of a prompt that is not there, which is remembered: what calls a model may turn it into its own."""
        with self._lock:
            self.missing.append(prompt)
        return self._missing()

    def check(self) -> None:
        """Raises MissingReplyError where a prompt was asked for in vain, whatever became of the error then."""
        if self.missing:
            raise self._missing()

    def add(self, reply: Reply) -> None:
        """Keep a reply, at the end of the file. Raises OSError."""
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                if self._torn is not None:
                    file.truncate(self._torn)
                file.write(json.dumps(asdict(reply), ensure_ascii=False).encode() + b"\n")
            self._torn = None
            self._replies[reply.model, reply.prompt] = reply
            self.asked += 1

    def _missing(self) -> MissingReplyError:
        return MissingReplyError(
            f"{self.path} holds no reply to the prompt {self.missing[0][:12]}… (it was recorded with other questions, "
            f"documents, prompts or settings). Record what is new with --record {self.path}.",
            f"{self.path} 里没有对提示 {self.missing[0][:12]}… 的回复（录制时的题目、资料、提示或设置不同）。"
            f"请用 --record {self.path} 补录。",
        )

    def _read(self) -> None:
        try:
            data = self.path.read_bytes()
            whole = data.rfind(b"\n") + 1
            text = data[:whole].decode()
        except (OSError, UnicodeDecodeError) as error:
            raise FileError(
                f"{self.path} cannot be read as a recording ({error}). Make one with --record.",
                f"{self.path} 不能作为录制文件读取（{error}）。请用 --record 录制。",
            ) from error
        self._torn = whole if whole < len(data) else None
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                reply = _REPLY.validate_json(line)
            except ValueError as error:
                raise FileError(
                    f"{self.path}, line {number} is not a recorded reply ({' '.join(str(error).split())[:120]}). Take the line out.",
                    f"{self.path} 第 {number} 行不是录制的回复（{' '.join(str(error).split())[:120]}）。请删去这一行。",
                ) from None
            self._replies[reply.model, reply.prompt] = reply


class RecordedChatModel(BaseChatModel):
    """A chat model that answers from a recording, and asks another one for what is not in it.

    >>> model = RecordedChatModel(recording=Recording(path), model_name="m", inner=chat)     # doctest: +SKIP

    ``inner=None``: nothing is asked, and a prompt that is not there raises :class:`MissingReplyError`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    recording: Recording
    model_name: str
    inner: BaseChatModel | None = None

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        pieces = list(self._stream(messages, stop, **kwargs))
        text = "".join(piece.text for piece in pieces)
        said = self.recording.find(self.model_name, digest(messages, stop))
        message = AIMessage(
            content=text,
            response_metadata=dict(said.finish) if said else {},
            usage_metadata=_tokens(said.usage) if said else None,
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        prompt = digest(messages, stop)
        kept = self.recording.find(self.model_name, prompt)
        if kept is not None:
            yield _whole(kept)
        elif self.inner is None:
            raise self.recording.lack(prompt)
        else:
            yield from self._recorded(self.inner, prompt, messages, stop, **kwargs)

    def _recorded(
        self, inner: BaseChatModel, prompt: str, messages: list[BaseMessage], stop: list[str] | None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        begun = time.perf_counter()
        text: list[str] = []
        finish: dict[str, str] = {}
        usage: UsageMetadata | None = None
        for piece in inner.stream(messages, stop=stop, **kwargs):
            text.append(str(piece.text))
            finish |= {
                name: str(piece.response_metadata[name]) for name in _FINISH if piece.response_metadata.get(name)
            }
            usage = _sum(usage, piece.usage_metadata)
            yield ChatGenerationChunk(message=_chunk(piece))
        said = Reply(
            prompt,
            self.model_name,
            _pairs(messages),
            "".join(text),
            finish,
            {name: value for name, value in usage.items() if isinstance(value, int)} if usage else None,
            round(time.perf_counter() - begun, 2),
        )
        self.recording.add(said)


def digest(messages: Sequence[BaseMessage], stop: Sequence[str] | None = None) -> str:
    """What a prompt is found by: sha256 of the messages' types and texts, and of what ends a reply."""
    told = json.dumps([_pairs(messages), list(stop or ())], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _pairs(messages: Sequence[BaseMessage]) -> tuple[tuple[str, str], ...]:
    return tuple((message.type, str(message.text)) for message in messages)


def _whole(kept: Reply) -> ChatGenerationChunk:
    return ChatGenerationChunk(
        message=AIMessageChunk(
            content=kept.reply, response_metadata=dict(kept.finish), usage_metadata=_tokens(kept.usage)
        )
    )


def _chunk(piece: AIMessage) -> AIMessageChunk:
    """A piece as it came; a model without streaming gives a whole message."""
    if isinstance(piece, AIMessageChunk):
        return piece
    return AIMessageChunk(
        content=piece.content, response_metadata=piece.response_metadata, usage_metadata=piece.usage_metadata
    )


def _sum(so_far: UsageMetadata | None, new: UsageMetadata | None) -> UsageMetadata | None:
    """Tokens of a reply's pieces together: they add up, save where a server sends the sum so far with each."""
    if so_far is None or new is None:
        return new or so_far
    return new if so_far["input_tokens"] and new["input_tokens"] else add_usage(so_far, new)


def _tokens(usage: dict[str, int] | None) -> UsageMetadata | None:
    if usage is None:
        return None
    read, wrote = usage.get("input_tokens", 0), usage.get("output_tokens", 0)
    return UsageMetadata(input_tokens=read, output_tokens=wrote, total_tokens=usage.get("total_tokens", read + wrote))
