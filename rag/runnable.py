"""The assistant as a LangChain runnable: a question or a conversation in, an ``AIMessage`` out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, convert_to_messages
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableConfig

from rag.errors import InputError
from rag.events import Event
from rag.index.store import Filter
from rag.types import Mode

_ROLES = {"human": "user", "ai": "assistant", "AIMessageChunk": "assistant", "HumanMessageChunk": "user"}
_KEYS = ("messages", "question", "input", "query")
_BEFORE = ("chat_history", "history")


class AnswerRunnable(Runnable[Any, AIMessage]):
    """Answers in a LangChain chain, in the place of a chat model.

    In comes a string, messages (LangChain's own, ``("user", "…")`` or ``{"role", "content"}``), what a prompt template gives,
    or a dict with one of these under ``messages``, ``question``, ``input`` or ``query``, and the messages before it under
    ``chat_history`` or ``history``. Out comes an ``AIMessage``: its content
    is the answer with its ``[n]``, its ``additional_kwargs`` are the fields of :meth:`rag.Answer.as_dict` (``citations``,
    ``items``, ``refused``, …), its id is the answer's. A stream gives the text a statement at a time; the last chunk brings the
    fields.

    >>> chain = Assistant.open().as_runnable() | StrOutputParser()  # doctest: +SKIP
    """

    def __init__(
        self, assistant: Any, *, mode: Mode = "auto", top_k: int | None = None, filter: Filter | None = None
    ) -> None:
        self.name = "Suanlian"
        self._assistant = assistant
        self._options: dict[str, Any] = {"mode": mode, "top_k": top_k, "filter": filter}

    def _how(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """How to ask: ``bind(top_k=3)`` wins; what else a chain binds (``stop``) is a chat model's and says nothing here."""
        return {name: given.get(name, value) for name, value in self._options.items()}

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> AIMessage:
        """Answer. Raises what :meth:`rag.Assistant.ask` raises, and InputError for an input of another shape."""

        def ask(given: Any) -> AIMessage:
            return _message(self._assistant.ask(question_of(given), **self._how(kwargs)).as_dict())

        return self._call_with_config(ask, input, config)

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> AIMessage:
        """As :meth:`invoke`, off the event loop."""

        async def ask(given: Any) -> AIMessage:
            return _message((await self._assistant.aask(question_of(given), **self._how(kwargs))).as_dict())

        return await self._acall_with_config(ask, input, config)

    def stream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[AIMessageChunk]:
        """Answer statement by statement."""

        def told(given: Iterator[Any]) -> Iterator[AIMessage]:
            for one in given:
                yield from filter(None, map(_chunk, self._assistant.stream(question_of(one), **self._how(kwargs))))

        yield from self._transform_stream_with_config(iter([input]), told, config)  # type: ignore[misc]

    async def astream(
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[AIMessageChunk]:
        """As :meth:`stream`, off the event loop."""

        async def once() -> AsyncIterator[Any]:
            yield input

        async def told(given: AsyncIterator[Any]) -> AsyncIterator[AIMessage]:
            async for one in given:
                async for event in self._assistant.astream(question_of(one), **self._how(kwargs)):
                    if (chunk := _chunk(event)) is not None:
                        yield chunk

        async for chunk in self._atransform_stream_with_config(once(), told, config):
            yield chunk  # type: ignore[misc]


def question_of(given: Any) -> str | list[dict[str, str]]:
    """What a chain hands on, as :meth:`rag.Assistant.ask` takes it.

    Raises:
        InputError: it is neither a question nor messages.
    """
    before: Any = ()
    if isinstance(given, Mapping):
        before = next((given[key] for key in _BEFORE if given.get(key)), ())
        given = next((given[key] for key in _KEYS if key in given), None)
    if isinstance(given, str) and not before:
        return given
    messages = [*_messages(before or []), *_messages(given)]
    if not messages:
        raise _unreadable()
    return [{"role": _ROLES.get(message.type, message.type), "content": str(message.text)} for message in messages]


def _messages(given: Any) -> list[BaseMessage]:
    if isinstance(given, (str, BaseMessage)):
        given = [given]  # LangChain takes a string for what the user says
    if isinstance(given, PromptValue):
        return given.to_messages()
    if not isinstance(given, Sequence):
        raise _unreadable()
    try:
        return convert_to_messages(given)
    except (NotImplementedError, ValueError):
        raise _unreadable() from None


def _unreadable() -> InputError:
    return InputError(
        f"The input is no question; give a string, a list of messages, or a dict with one of {', '.join(_KEYS)}.",
        f"输入不是问题；请给出字符串、消息列表，或含有 {'、'.join(_KEYS)} 之一的字典。",
        param="input",
    )


def _facts(reply: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says of the answer beside its text."""
    return {
        "id": reply["id"],
        "additional_kwargs": {name: _plain(value) for name, value in reply.items() if name not in ("id", "answer")},
        "response_metadata": {
            "model_name": f"suanlian-{reply['mode']}",
            "model_provider": "suanlian",
            "finish_reason": "length" if reply["incomplete"] else "stop",
        },
    }


def _plain(value: Any) -> Any:
    """Lists for tuples, as a message has them when it comes back from a store."""
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items()}
    return [_plain(held) for held in value] if isinstance(value, (list, tuple)) else value


def _message(reply: Mapping[str, Any]) -> AIMessage:
    return AIMessage(content=reply["answer"], **_facts(reply))


def _chunk(event: Event) -> AIMessageChunk | None:
    """A delta's text, or at the end all that is known; the other events say nothing that a chunk could carry."""
    if event.name == "delta":
        return AIMessageChunk(content=event.data["text"])
    if event.name == "done":
        return AIMessageChunk(content="", chunk_position="last", **_facts(event.data))
    return None
