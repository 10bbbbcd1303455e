"""A fake language model that says what a test tells it to, and assistants whose answers it writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from rag import Assistant, Event, Settings
from rag.index.embed import Encoder
from rag.llm.fake import FakeChatModel
from rag.llm.model import LanguageModel


class Saying(FakeChatModel):
    """``words`` are its reply; ``{松岭机械的}`` in them becomes ``[n]``, the number of the first sentence that says so, and
    ``{}`` a number that no sentence has."""

    words: str

    def _reply(self, messages: Sequence[BaseMessage]) -> str:
        lines = str(messages[-1].text).splitlines()

        def number(found: re.Match[str]) -> str:
            if not found[1]:
                return "[97]"
            numbers = [re.match(r"\[\d+\]", line) for line in lines if found[1] in line]
            return next((n[0] for n in numbers if n), "[98]")

        return re.sub(r"\{(.*?)\}", number, self.words)


def writing(settings: Settings, encoder: Encoder, chat: Any, **given: Any) -> Assistant:
    """An assistant of an index, whose answers ``chat`` writes; ``given`` are settings, and ``witness``."""
    witness = given.pop("witness", None)
    settings = settings.model_copy(update={"llm_model": "fake", "llm_provider": "fake", **given})
    return Assistant.open(
        settings=settings, encoder=encoder, language_model=LanguageModel(chat, settings), witness=witness
    )


def told(assistant: Assistant, question: Any, **how: Any) -> list[Event]:
    """All events of a streamed answer."""
    return list(assistant.stream(question, **how))
