"""The assistant in LangChain's chains."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from rag import Assistant, Filter, InputError, QuestionError, Settings
from rag.index.embed import Encoder
from rag.llm.fake import FakeChatModel
from rag.runnable import question_of
from tests.rag.saying import writing

ASK = "国内谁生产揉捻机，客户有哪些？"


def test_a_message_with_the_answer_and_its_citations(assistant: Assistant) -> None:
    message = assistant.as_runnable().invoke(ASK)
    answer = assistant.ask(ASK)
    assert isinstance(message, AIMessage)
    assert message.text == answer.text
    assert message.id is not None and message.id.startswith("ans_")
    facts = message.additional_kwargs
    assert facts["citations"][0]["quote"] == answer.citations[0].quote
    assert facts["items"] == [{"text": item.text, "citations": list(item.citations)} for item in answer.items]
    assert facts["refused"] is False
    assert message.response_metadata["model_name"] == "suanlian-extractive"
    assert AIMessage.model_validate_json(message.model_dump_json()) == message


TALK: list[Any] = [
    [
        {"role": "user", "content": "国内谁生产揉捻机"},
        {"role": "assistant", "content": "松岭机械[1]。"},
        ("user", "国外呢"),
    ],
    [SystemMessage("x"), HumanMessage("国内谁生产揉捻机"), AIMessage("松岭机械[1]。"), HumanMessage("国外呢")],
    [
        HumanMessage([{"type": "text", "text": "国内谁生产揉捻机"}]),
        AIMessageChunk(content="松岭机械[1]。"),
        HumanMessage("国外呢"),
    ],
]


@pytest.mark.parametrize("messages", TALK)
@pytest.mark.parametrize("under", [None, "messages", "input"])
def test_a_conversation_in_every_form_that_langchain_has(
    assistant: Assistant, messages: Any, under: str | None
) -> None:
    given = {under: messages} if under else messages
    message = assistant.as_runnable().invoke(given)
    assert "国外" in message.additional_kwargs["standalone_question"]
    assert "Norvik" in message.text


@pytest.mark.parametrize("under", ["chat_history", "history"])
def test_a_question_with_the_messages_before_it(assistant: Assistant, under: str) -> None:
    *before, _ = TALK[1]
    message = assistant.as_runnable().invoke({"input": "国外呢", under: before})
    assert "Norvik" in message.text
    assert question_of({"input": "国外呢", under: []}) == "国外呢"


def test_in_a_chain_between_a_prompt_and_a_parser(assistant: Assistant) -> None:
    chain = ChatPromptTemplate.from_messages([("user", "{question}")]) | assistant.as_runnable() | StrOutputParser()
    whole = assistant.ask(ASK).text
    assert chain.invoke({"question": ASK}) == whole
    parts = list(chain.stream({"question": ASK}))
    assert "".join(parts) == whole
    assert len([part for part in parts if part]) == 2
    assert chain.batch([{"question": ASK}, {"question": "青河铁路全长多少公里"}])[0] == whole


def test_a_streams_chunks_add_up_to_the_message(assistant: Assistant) -> None:
    first, *rest = assistant.as_runnable().stream(ASK)
    for chunk in rest:
        first = first + chunk  # type: ignore[assignment]
    whole = assistant.as_runnable().invoke(ASK)
    assert first.text == whole.text
    assert first.additional_kwargs["citations"] == whole.additional_kwargs["citations"]


def test_asynchronously(assistant: Assistant) -> None:
    chain = assistant.as_runnable() | StrOutputParser()

    async def main() -> tuple[str, str, list[str]]:
        parts = [part async for part in chain.astream(ASK)]
        return await chain.ainvoke(ASK), "".join(parts), await chain.abatch([ASK])

    whole = assistant.ask(ASK).text
    assert asyncio.run(main()) == (whole, whole, [whole])


def test_how_it_asks_can_be_set_and_bound(assistant: Assistant) -> None:
    tea = next(document for document in assistant.documents() if document.key == "tea.md")
    town = next(document for document in assistant.documents() if document.key == "town.md")
    only_town = assistant.as_runnable(filter=Filter(documents=(town.id,)), mode="extractive", top_k=3)
    assert only_town.invoke(ASK).additional_kwargs["refused"]
    bound = only_town.bind(filter=Filter(documents=(tea.id,)), stop=["x"])
    assert not bound.invoke(ASK).additional_kwargs["refused"]


class Watching(BaseCallbackHandler):
    """Notes what a tracer would see."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_chain_start(self, *args: Any, **more: Any) -> None:
        self.seen.append(f"start {more.get('name')}")

    def on_chain_end(self, *args: Any, **more: Any) -> None:
        self.seen.append("end")

    def on_chain_error(self, *args: Any, **more: Any) -> None:
        self.seen.append("error")


def test_callbacks_see_it(assistant: Assistant) -> None:
    watching = Watching()
    runnable = assistant.as_runnable()
    runnable.invoke(ASK, {"callbacks": [watching]})
    list(runnable.stream(ASK, {"callbacks": [watching]}))
    with pytest.raises(QuestionError):
        runnable.invoke("", {"callbacks": [watching]})
    assert watching.seen == ["start Suanlian", "end", "start Suanlian", "end", "start Suanlian", "error"]


@pytest.mark.parametrize("given", [None, 5, [], {}, {"text": "甲"}, [5], [("robot", "甲")], {"messages": None}])
def test_what_is_no_question_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="messages, question, input, query"):
        question_of(given)


def test_the_retriever_asynchronously(assistant: Assistant) -> None:
    retriever = assistant.as_retriever(top_k=3)
    assert asyncio.run(retriever.ainvoke("揉捻机")) == retriever.invoke("揉捻机")


def test_an_answer_that_broke_off_ends_with_length(assistant: Assistant, invented: Settings, encoder: Encoder) -> None:
    broken = writing(invented, encoder, FakeChatModel(way="cut_off")).as_runnable().invoke("舒宁片有哪些不良反应？")
    assert broken.additional_kwargs["incomplete"]
    assert broken.response_metadata["finish_reason"] == "length"
    assert assistant.as_runnable().invoke(ASK).response_metadata["finish_reason"] == "stop"
