"""OpenAI's own client and LangChain's, changed in nothing but the address, against a live service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionMessageParam
from pydantic import SecretStr

from rag import Settings
from tests.api.fake import DOCUMENTS, FakeAssistant
from tests.api.live import running, wait_ready

ASK: list[ChatCompletionMessageParam] = [{"role": "user", "content": "谁在种茶和制茶？"}]


@pytest.fixture
def base_url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0), fake) as url, httpx.Client(base_url=url) as client:
        wait_ready(client)
        yield f"{url}/v1"


@pytest.fixture
def client(base_url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=base_url, api_key="none") as client:
        yield client


def hold(citations: list[dict[str, Any]]) -> None:
    """Each quote is what the stored text says there."""
    texts = {document.id: document.text for document in DOCUMENTS}
    assert citations
    for citation in citations:
        assert texts[citation["document"]["id"]][citation["start"] : citation["end"]] == citation["quote"]


def test_openai_reads_a_completion_and_its_citations(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(
        model="suanlian", messages=ASK, temperature=0, extra_body={"top_k": 5, "filter": {"tags": ["tea"]}}
    )
    message = reply.choices[0].message
    extra = message.model_extra
    assert extra is not None
    assert message.content is not None
    assert message.content.startswith(extra["answer"])
    assert "[1] 𠮷岚镇茶业观察" in message.content
    assert extra["refused"] is False
    assert [item["text"] for item in extra["items"]][:2] == ["青禾茶园", "云脚农场"]
    hold(extra["citations"])
    assert reply.usage is not None
    assert reply.usage.completion_tokens == len(message.content)


def test_openai_reads_a_stream(client: openai.OpenAI) -> None:
    text, last = "", None
    stream = client.chat.completions.create(
        model="suanlian", messages=ASK, stream=True, stream_options={"include_usage": True}
    )
    usage = None
    for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            last = choice
    assert last is not None and last.finish_reason == "stop"
    assert last.delta.model_extra is not None
    hold(last.delta.model_extra["citations"])
    assert text.startswith(last.delta.model_extra["answer"] + "\n\n来源：")
    assert usage is not None and usage.completion_tokens == len(text)


def test_openais_own_gathering_of_a_stream_keeps_the_citations(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model="suanlian", messages=ASK) as stream:
        for _ in stream:
            pass
        message = stream.get_final_completion().choices[0].message
    assert message.model_extra is not None
    hold(message.model_extra["citations"])
    assert message.content is not None and message.content.startswith(message.model_extra["answer"])


def test_openai_asynchronously(base_url: str) -> None:
    async def main() -> tuple[str, str]:
        async with openai.AsyncOpenAI(base_url=base_url, api_key="none") as client:
            whole = await client.chat.completions.create(model="suanlian", messages=ASK)
            told = await client.chat.completions.create(model="suanlian", messages=ASK, stream=True)
            parts = [chunk.choices[0].delta.content or "" async for chunk in told]
            return whole.choices[0].message.content or "", "".join(parts)

    whole, told = asyncio.run(main())
    assert whole == told != ""


def test_openai_reads_the_models_and_the_errors(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["suanlian", "suanlian-extractive", "suanlian-llm"]
    assert client.models.retrieve("suanlian").owned_by == "suanlian"
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="gpt", messages=ASK)
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    assert "suanlian" in missing.value.message
    with pytest.raises(openai.ConflictError) as conflict:
        client.chat.completions.create(model="suanlian-llm", messages=ASK)
    assert conflict.value.code == "llm_not_configured"
    with pytest.raises(openai.UnprocessableEntityError) as broken:
        client.chat.completions.create(model="suanlian", messages=ASK, n=2)
    assert broken.value.code == "unsupported_parameter"


def test_a_conflict_is_not_asked_again(client: openai.OpenAI, fake: FakeAssistant) -> None:
    before = len(fake.calls)
    with pytest.raises(openai.ConflictError):
        client.chat.completions.create(model="suanlian-llm", messages=ASK)
    assert len(fake.calls) == before + 1


def test_an_error_in_a_stream_reaches_the_client(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="suanlian", messages=[{"role": "user", "content": "谁断"}], stream=True
    )
    with pytest.raises(openai.APIError, match="服务内部出错"):
        list(stream)


def chat_openai(base_url: str) -> ChatOpenAI:
    return ChatOpenAI(model="suanlian", base_url=base_url, api_key=SecretStr("none"))


def test_langchain_sees_the_marks_and_the_sources(base_url: str) -> None:
    model = chat_openai(base_url)
    message = model.invoke([("system", "Be brief."), ("user", "谁在种茶和制茶？")])
    assert "[1]" in message.text and "\n\n来源：" in message.text
    assert "[3] 𠮷岚镇茶业观察" in message.text
    assert "".join(chunk.text for chunk in model.stream("谁在种茶和制茶？")) == message.text
    assert message.response_metadata["finish_reason"] == "stop"


def test_langchain_asynchronously_and_in_a_conversation(base_url: str, fake: FakeAssistant) -> None:
    async def main() -> list[str]:
        model = chat_openai(base_url)
        first = await model.ainvoke("谁在种茶和制茶？")
        talk = [("user", "谁在种茶和制茶？"), ("assistant", first.text), ("user", "茶园面积多少")]
        return [first.text, "".join([chunk.text async for chunk in model.astream(talk)])]

    first, second = asyncio.run(main())
    assert "三千二百亩" in second
    assert fake.calls[-1]["question"][1] == {"role": "assistant", "content": first}
