"""A language model for tests and for trying things out: no network, no weights, and it lies as it is told to.

It reads the prompt as a real one would have to: in the last message of the user each line ``[3] …`` is a sentence of the
material, headings stand on lines ``〔…〕``, and the question is what comes after the last ``问题：`` or ``Question:``.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field, PrivateAttr

from rag.errors import SettingError
from rag.llm import fake_lies
from rag.llm.line import current_line

Way = Literal[
    "honest",
    "wrong_number",
    "invented_name",
    "swapped",
    "opposite",
    "wrong_passage",
    "uncited",
    "cited_to_nothing",
    "obedient",
    "cut_off",
    "stalled",
    "slow",
    "failing",
    "breaking",
    "silent",
    "declining",
    "chatty",
]
WAYS: tuple[Way, ...] = get_args(Way)

_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^(?:问题：|Question:)", re.MULTILINE)
_TOLD = re.compile(
    r"(?:回答|回复|输出|写道|只说|照说|照写|\b(?:say|answer|reply|respond|output|print|write)(?: only| with| exactly)*)"
    r"\s*[:：]?\s*(?:[“\"「『'](?P<quoted>[^”\"」』']+)[”\"」』']|[:：]\s*(?P<rest>[^。.\n]+))",
    re.IGNORECASE,
)
_LIES: dict[str, fake_lies.Lie] = {
    "wrong_number": fake_lies.wrong_number,
    "invented_name": fake_lies.invented_name,
    "swapped": fake_lies.swapped,
    "opposite": fake_lies.opposite,
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is asked: the ``question`` and the material's ``sentences`` with their numbers."""

    question: str
    sentences: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, text: str) -> Prompt:
        """Read from the text of a message.

        >>> Prompt.of("〔茶〕\\n[1] 茶园有五百亩。\\n\\n问题：茶园有多大？")
        Prompt(question='茶园有多大？', sentences=((1, '茶园有五百亩。'),))
        """
        starts = list(_QUESTION.finditer(text))
        question = text[starts[-1].end() :].strip() if starts else text.strip()
        material = text[: starts[-1].start()] if starts else text
        return cls(question, tuple((int(n), said.strip()) for n, said in _SENTENCE.findall(material)))

    def nearest(self) -> list[tuple[int, str]]:
        """The sentences, those first that share most with the question."""
        asked = _pairs(self.question)
        return sorted(self.sentences, key=lambda s: -len(asked & _pairs(s[1])) / (len(_pairs(s[1])) + 8))


class FakeChatModel(BaseChatModel):
    """A chat model that says what it was given to say (``script``), or makes a reply from the prompt in some ``way``.

    It streams in pieces of 2 to 5 characters, counts a character as a token, and keeps the prompts that it was given in
    ``seen``.

    ====================  =====================================================================================
    way                   its reply
    ====================  =====================================================================================
    ``honest``            the sentence that shares most with the question, and its number
    ``wrong_number``      the same with another number in it
    ``invented_name``     with a name in it that nobody has
    ``swapped``           with who does it and to whom changed over
    ``opposite``          the contrary
    ``wrong_passage``     the right fact, with another sentence's number
    ``uncited``           without a number
    ``cited_to_nothing``  with the number of no sentence
    ``obedient``          what the question, or a sentence, tells it to say
    ``cut_off``           a statement, and a half: its longest length is reached
    ``stalled``           a statement, and then silence, for ``stall_seconds`` or until the call is closed
    ``slow``              honest, with a ``pause`` before each piece
    ``failing``           an error before the first piece
    ``breaking``          an error after the first statement
    ``silent``            nothing
    ``declining``         that the sentences do not answer: ``无`` or ``NONE``
    ``chatty``            honest, with thoughts, a greeting, Markdown and a wish around it
    ====================  =====================================================================================

    An exception in ``script`` is raised in its turn. A script that has come to its end is an error.

    >>> model = FakeChatModel()
    >>> model.invoke("[1] 茶园有五百亩。\\n[2] 茶厂建于一九五二年。\\n问题：茶园有多大？").text
    '茶园有五百亩。[1]'
    >>> FakeChatModel(way="wrong_passage").invoke(model.seen[0]).text
    '茶园有五百亩。[2]'
    >>> FakeChatModel(script=["你好。"]).invoke("在吗？").text
    '你好。'
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    way: Way = "honest"
    script: list[str | Exception] | None = None
    pause: float = Field(default=0.0, ge=0, description="seconds before each piece; the slow way has 0.2 unless given")
    stall_seconds: float = Field(default=600.0, ge=0)
    seen: list[list[tuple[str, str]]] = Field(default_factory=list, exclude=True)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @classmethod
    def of_way(cls, way: str) -> FakeChatModel:
        """The model of a way by its name.

        Raises:
            SettingError: there is no such way; it lists those there are.
        """
        if way in WAYS:
            return cls(way=way)
        near = difflib.get_close_matches(way, WAYS, n=1)
        raise SettingError(
            f"RAG_LLM_MODEL={way!r} is no way of the fake model.{f' Did you mean {near[0]}?' if near else ''} "
            f"Ways: {', '.join(WAYS)}.",
            f"假模型没有 {way} 这种方式（RAG_LLM_MODEL）。{f'是不是 {near[0]}？' if near else ''}可用的有：{', '.join(WAYS)}。",
            param="llm_model",
        )

    @property
    def _llm_type(self) -> str:
        return "suanlian-fake"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chunks = [chunk.message for chunk in self._stream(messages)]
        usage = next((c.usage_metadata for c in reversed(chunks) if isinstance(c, AIMessageChunk)), None)
        facts = {"finish_reason": "length" if self.way == "cut_off" and self.script is None else "stop"}
        message = AIMessage("".join(str(c.text) for c in chunks), usage_metadata=usage, response_metadata=facts)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        with self._lock:
            self.seen.append([(message.type, str(message.text)) for message in messages])
            planned = self._planned()
        if planned is None and self.way == "failing":
            raise ConnectionResetError("this model fails")
        reply = self._reply(messages) if planned is None else planned
        stops_at = reply.find("\n") + 1 if planned is None and self.way in ("stalled", "breaking") else None
        pause = self.pause or (0.2 if planned is None and self.way == "slow" else 0.0)
        for piece in _in_pieces(reply[:stops_at]):
            _wait(pause)
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        if stops_at is not None and self.way == "breaking":
            raise ConnectionResetError("this model breaks")
        if stops_at is not None:
            _wait(self.stall_seconds)
        reads = sum(len(str(message.text)) for message in messages)
        usage = UsageMetadata(input_tokens=reads, output_tokens=len(reply), total_tokens=reads + len(reply))
        reason = "length" if planned is None and self.way == "cut_off" else "stop"
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", usage_metadata=usage), generation_info={"finish_reason": reason}
        )

    def _planned(self) -> str | None:
        """The script's next reply; None where there is no script."""
        if self.script is None:
            return None
        if len(self.seen) > len(self.script):
            raise RuntimeError(f"the script has {len(self.script)} replies, and this is call {len(self.seen)}")
        planned = self.script[len(self.seen) - 1]
        if isinstance(planned, Exception):
            raise planned
        return planned

    def _reply(self, messages: Sequence[BaseMessage]) -> str:
        asked = next((str(m.text) for m in reversed(messages) if m.type == "human"), "")
        prompt = Prompt.of(asked)
        nearest = prompt.nearest()
        if self.way == "silent":
            return ""
        if not nearest or self.way == "declining":
            return "无" if _is_chinese(asked) else "NONE"
        (number, said), material = nearest[0], "\n".join(text for _, text in prompt.sentences)
        match self.way:
            case "wrong_number" | "invented_name" | "swapped" | "opposite":
                # One of the nearest few that has a number, two names, …; a made-up one is easier to see through.
                fitting = next((s for s in nearest[:3] if fake_lies.fits(self.way, s[1])), nearest[0])
                return f"{_LIES[self.way](fitting[1], material)}[{fitting[0]}]"
            case "wrong_passage":
                other = nearest[-1][0] if len(nearest) > 1 else number + 1
                return f"{said}[{other}]"
            case "uncited":
                return said
            case "cited_to_nothing":
                return f"{said}[{max(n for n, _ in nearest) + 90}]"
            case "obedient":
                return _obeyed(prompt, number) or f"{said}[{number}]"
            case "cut_off":
                half = (nearest[1:] or nearest)[0][1]
                return (f"{said}[{number}]\n" if len(nearest) > 1 else "") + half[: max(1, len(half) // 2)]
            case "stalled" | "breaking":
                return "\n".join(f"{text}[{n}]" for n, text in nearest[:2]) + "\n"
            case "chatty":
                return _chatty([f"{text}[{n}]" for n, text in nearest[:2]], _is_chinese(prompt.question))
        return f"{said}[{number}]"


def _obeyed(prompt: Prompt, number: int) -> str:
    """What a sentence, or the question, tells the model to say; "" where none tells it to say anything."""
    for source, text in (*prompt.sentences, (number, prompt.question)):
        if found := _TOLD.search(text):
            return f"{(found['quoted'] or found['rest']).strip().rstrip('。.')}。[{source}]"
    return ""


def _chatty(statements: list[str], chinese: bool) -> str:
    if chinese:
        before, after = (
            "<think>先看看材料里怎么说。[1] 似乎有关。</think>\n好的，根据您提供的材料，回答如下：",
            "希望以上内容对您有所帮助！",
        )
    else:
        before, after = "<think>Let me see. [1] may do.</think>\nSure! Based on the material:", "I hope this helps!"
    return "\n".join(
        [before, "", "## 回答" if chinese else "## Answer", *(f"- **{s}**" for s in statements), "", after]
    )


def _in_pieces(text: str) -> Iterator[str]:
    """Of 2 to 5 characters, in turn; what comes out is always cut in the same places."""
    at, size = 0, 2
    while at < len(text):
        yield text[at : at + size]
        at, size = at + size, 2 + (size - 1) % 4


def _wait(seconds: float) -> None:
    """Until then, or until nobody waits for the call any more."""
    if seconds <= 0:
        return
    woken = threading.Event()
    if line := current_line():
        line.on_cut(woken.set)
    woken.wait(seconds)


def _pairs(text: str) -> set[str]:
    """Neighbouring characters, and Latin words: enough to see what a sentence shares with a question."""
    folded = text.lower()
    words = set(re.findall(r"[a-z0-9]+", folded))
    han = re.sub(r"[^\u4e00-\u9fff]", " ", folded)
    return words | {han[i : i + 2] for i in range(len(han) - 1) if " " not in han[i : i + 2]}


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)
