"""Let a chat model of your own write the answers, checked statement by statement: any of LangChain's, built as you need it.

    python examples/own_language_model.py [QUESTION]

Where RAG_LLM_MODEL and RAG_LLM_BASE_URL say enough, Assistant.open() builds the model itself and none of this is needed.
"""

import sys
from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from suanlian import Assistant, LanguageModel, Written, load_settings


class FirstSentence(BaseChatModel):
    """Stands here for ChatOpenAI, ChatAnthropic, ChatOllama …, so that this runs without one: it repeats the first sentence
    that it is shown, and adds one of its own making."""

    @property
    def _llm_type(self) -> str:
        return "first-sentence"

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        lines = str(messages[-1].text).splitlines()
        first = next((line.removeprefix("[1] ") for line in lines if line.startswith("[1] ")), "无")
        for piece in (f"{first}[1]\n", "这些产品全球销量第一。[1]\n"):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        text = "".join(str(chunk.message.text) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessageChunk(content=text))])


def main(question: str) -> None:
    # Its name is what `usage` and `/version` call it; llm_seconds and the other llm_* settings hold for it too.
    settings = load_settings(llm_model="first-sentence")
    model = LanguageModel(FirstSentence(), settings)
    assistant = Assistant.open(settings=settings, language_model=model, witness=print_fate)

    answer = assistant.ask(question)
    print(f"mode: {answer.mode}, fallback: {answer.fallback}")
    print(answer.text)
    for repair in answer.repairs:
        print("repair:", repair.kind, repair.reason)
    for citation in answer.citations:
        print(f"[{citation.id}] {citation.document.title}: {citation.quote}")


def print_fate(written: Written) -> None:
    """What the model wrote, and what became of it: for you to measure, and never to show."""
    print(f"{written.outcome}: {written.text}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "谁生产快速接头")
