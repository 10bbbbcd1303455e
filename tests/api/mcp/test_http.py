"""``/mcp`` with the SDK's own client, against a live service with the fake assistant."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from pydantic import SecretStr

from api import create_app
from rag import Settings
from tests.api.fake import DOCUMENTS, FakeAssistant, as_assistant
from tests.api.live import URL, running

T = TypeVar("T")

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
LIST = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
JSON_ONLY = {"Accept": "application/json"}
EITHER = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0, max_question_chars=50), fake) as url:
        yield url


@asynccontextmanager
async def connected(url: str, mode: str = "auto", key: str | None = None) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx2.AsyncClient(headers=headers, timeout=10) as http:
        transport = streamable_http_client(f"{url}/mcp", http_client=http)
        async with Client(transport, mode=mode, cache=None) as client:
            yield client


def with_client(url: str, work: Callable[[Client], Awaitable[T]], mode: str = "auto", key: str | None = None) -> T:
    async def run() -> T:
        async with connected(url, mode, key) as client:
            return await work(client)

    return asyncio.run(run())


def call(url: str, tool: str, **arguments: Any) -> Any:
    return with_client(url, lambda client: client.call_tool(tool, arguments))


def error_code(result: Any) -> str:
    assert result.is_error
    assert result.structured_content is None
    code = result.meta["suanlian/error"]["code"]
    assert isinstance(code, str)
    return code


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_it_says_what_it_is_and_what_it_offers(url: str, mode: str) -> None:
    async def look(client: Client) -> None:
        assert (client.server_info.name, client.server_info.title) == ("suanlian", "算链 Suanlian")
        assert "refused" in (client.instructions or "") and "原文" in (client.instructions or "")
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"ask", "search", "read_document"}
        for tool in tools.values():
            assert tool.annotations is not None
            assert (tool.annotations.read_only_hint, tool.annotations.idempotent_hint) == (True, True)
            assert tool.annotations.open_world_hint is False
            Draft202012Validator.check_schema(tool.input_schema)
            assert all(field["description"] for field in tool.input_schema["properties"].values())
            # Not every client's model reads references or unions.
            assert "$ref" not in json.dumps(tool.input_schema) and "anyOf" not in json.dumps(tool.input_schema)
        asked = tools["ask"].input_schema
        assert asked["required"] == ["question"]
        assert (asked["properties"]["question"]["minLength"], asked["properties"]["question"]["maxLength"]) == (1, 50)
        assert tools["search"].input_schema["properties"]["top_k"]["maximum"] == 50

    with_client(url, look, mode)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
@pytest.mark.parametrize("question", ["谁在种茶和制茶？", "茶园面积有多少亩？", "茶园是哪一年开垦的？"])
def test_an_answer_is_the_native_reply_and_readable_text(
    url: str, mode: str, question: str, fake: FakeAssistant
) -> None:
    async def ask(client: Client) -> tuple[Any, Any]:
        tools = await client.list_tools()
        return tools.tools[0], await client.call_tool("ask", {"question": question})

    tool, result = with_client(url, ask, mode)
    assert not result.is_error
    reply = result.structured_content
    assert reply == json.loads(json.dumps(fake.ask(question).as_dict()))
    Draft202012Validator(tool.output_schema).validate(reply)
    assert not Draft202012Validator(tool.output_schema).is_valid({**reply, "citations": [{"id": 1}]})
    text = result.content[0].text
    assert text.startswith(reply["answer"])
    for citation in reply["citations"]:
        assert f"[{citation['id']}] {citation['document']['title']}" in text
        assert citation["quote"] in text and citation["document"]["published"] in text
        assert f"{citation['document']['id']} v1 [{citation['start']}, {citation['end']})" in text
    for item in reply["items"]:
        assert f"- {item['text']} [" in text
    for missing in reply["missing"]:
        assert missing in text
    assert ("do not fill it in" in text) == reply["refused"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("谁撰写", "由语言模型撰写，逐句核对过；改动 3 处：改引正确的出处 1 处、以原文替代 1 处、删去无依据 1 处。"),
        ("谁中断", "The answer was not finished; what stands above has been checked. Ask again for the whole of it."),
        ("谁退回", "语言模型超时，已改用原文语句。"),
    ],
)
def test_how_an_answer_was_made_is_in_the_text(url: str, question: str, said: str, fake: FakeAssistant) -> None:
    result = call(url, "ask", question=question)
    assert result.structured_content == json.loads(json.dumps(fake.ask(question).as_dict()))
    assert said in result.content[0].text.splitlines() or said in result.content[0].text
    assert "语言模型" not in call(url, "ask", question="谁在种茶？").content[0].text


def test_a_language_model_that_gives_no_answer_is_a_tool_error(url: str) -> None:
    assert error_code(call(url, "ask", question="不可用")) == "llm_unavailable"


def test_a_search_gives_passages(url: str, fake: FakeAssistant) -> None:
    result = call(url, "search", query="种植企业", top_k="3", tags=["tea"], published_after="2024-01-01")
    assert fake.calls[-1]["top_k"] == 3
    assert (fake.calls[-1]["filter"].tags, fake.calls[-1]["filter"].published_after) == (("tea",), "2024-01-01")
    (found,) = result.structured_content["results"]
    assert DOCUMENTS[0].text[found["start"] : found["end"]] == found["text"]
    assert found["text"] in result.content[0].text and "上游：茶园" in result.content[0].text


def test_a_document_is_read_part_by_part(url: str) -> None:
    text, start = "", 0
    while True:
        result = call(url, "read_document", id="doc_tea", version=1, start=start, max_chars=60)
        part = result.structured_content
        assert part["text"] == DOCUMENTS[0].text[part["start"] : part["end"]]
        assert part["text"] in result.content[0].text
        assert ("上游：茶园 (48)" in result.content[0].text) == (start == 0)
        text += part["text"]
        if part["next_start"] is None:
            break
        start = part["next_start"]
        assert f"start={start}" in result.content[0].text
    assert text == DOCUMENTS[0].text
    assert [section["path"][-1] for section in part["sections"]][-1] == "中游：加工"


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "words"),
    [
        ("ask", {}, "invalid_request", "question：缺少这个字段"),
        ("ask", {"question": "谁", "top": 3}, "invalid_request", "top：没有这个字段"),
        ("ask", {"question": "  "}, "empty_text", "内容为空"),
        ("ask", {"question": "谁" * 51}, "question_too_long", "最多 50 个"),
        ("ask", {"question": "谁", "mode": "fast"}, "invalid_request", "mode：只能是"),
        ("ask", {"question": "谁", "mode": "llm"}, "llm_not_configured", "没有配置语言模型"),
        ("ask", {"question": "谁", "published_after": "去年"}, "invalid_date", "例如 2024-01-31"),
        ("ask", {"question": "谁", "collection": "elsewhere"}, "not_found", ""),
        ("search", {"query": "茶", "top_k": 0}, "invalid_request", "top_k：不能小于 1"),
        ("read_document", {"id": "doc_none"}, "not_found", "document.id"),
        ("read_document", {"id": "doc_tea", "version": 9}, "not_found", "document.version"),
        ("read_document", {"id": "doc_tea", "start": 10_000}, "invalid_start", "156 个字符"),
    ],
)
def test_a_wrong_call_is_told_in_one_sentence(
    url: str, tool: str, arguments: dict[str, Any], code: str, words: str
) -> None:
    result = call(url, tool, **arguments)
    assert error_code(result).endswith(code)
    zh, en = result.content[0].text.splitlines()
    assert words in zh
    assert en.isascii() or code == "llm_not_configured"


def test_null_is_an_argument_left_out(url: str, fake: FakeAssistant) -> None:
    result = call(url, "ask", question="谁在种茶？", collection=None, tags=None, published_after=None)
    assert not result.is_error
    assert fake.calls[-1]["filter"] is None


def test_a_bug_says_nothing_but_its_number(url: str, caplog: pytest.LogCaptureFixture) -> None:
    result = call(url, "ask", question="故障")
    assert error_code(result) == "internal_error"
    told = result.content[0].text
    assert "/secret/path" not in told and "Traceback" not in told
    logged = [record.request_id for record in caplog.records if record.getMessage() == "bug"]
    assert len(logged) == 1 and logged[0] in told


def test_a_tool_that_is_none(url: str) -> None:
    async def write(client: Client) -> None:
        with pytest.raises(MCPError, match="Tools: ask, read_document, search"):
            await client.call_tool("write", {})

    with_client(url, write)


def test_documents_are_resources(url: str) -> None:
    async def read(client: Client) -> None:
        listed = (await client.list_resources()).resources
        assert [str(resource.uri) for resource in listed] == [
            "suanlian://default/doc_pottery",
            "suanlian://default/doc_tea",
        ]
        assert listed[1].title == DOCUMENTS[0].title
        contents = (await client.read_resource("suanlian://default/doc_tea")).contents
        assert contents[0].text == DOCUMENTS[0].text
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "suanlian://{collection}/{id}"
        for wrong in (
            "suanlian://default/doc_none",
            "suanlian://别处/doc_tea",
            "file:///doc_tea",
            "suanlian://x",
            "//[",
        ):
            with pytest.raises(MCPError, match="没有"):
                await client.read_resource(wrong)

    with_client(url, read)


def test_questions_at_once_are_answered_each(url: str) -> None:
    async def together(client: Client) -> list[Any]:
        questions = ["谁在种茶？", "面积有多少？", "别的"] * 4
        return await asyncio.gather(*(client.call_tool("ask", {"question": question}) for question in questions))

    results = with_client(url, together)
    assert [len(result.structured_content["items"]) for result in results] == [5, 0, 0] * 4


def test_a_key_is_needed_where_keys_are_set(fake: FakeAssistant) -> None:
    with running(Settings(port=0, api_keys=SecretStr("right")), fake) as url:
        for authorization in ({}, {"Authorization": "Bearer wrong"}):
            reply = httpx2.post(f"{url}/mcp", json=INITIALIZE, headers={**EITHER, **authorization})
            assert (reply.status_code, reply.json()["error"]["code"]) == (401, "unauthorized")
            assert reply.headers["www-authenticate"] == "Bearer"
        result = with_client(url, lambda client: client.call_tool("ask", {"question": "谁种茶"}), key="right")
        assert len(result.structured_content["items"]) == 5


def test_a_key_may_what_its_rights_and_collections_say(fake: FakeAssistant) -> None:
    keys = SecretStr("reader:ask@default, writer:write, other:ask@elsewhere")
    with running(Settings(port=0, api_keys=keys), fake) as url:
        asked = with_client(url, lambda client: client.call_tool("ask", {"question": "谁种茶"}), key="reader")
        assert not asked.is_error
        away = {"question": "谁种茶", "collection": "elsewhere"}
        refused = with_client(url, lambda client: client.call_tool("ask", away), key="reader")
        assert error_code(refused) == "collection_not_allowed"
        reply = httpx2.post(f"{url}/mcp", json=LIST, headers={**EITHER, "Authorization": "Bearer writer"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "not_allowed")
        # A key of another collection alone asks there, where it names none.
        assert error_code(with_client(url, lambda client: client.call_tool("ask", {"question": "谁"}), key="other"))
    assert len(fake.calls) == 1


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_host_and_origin_are_checked(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/mcp", json=LIST, headers={**EITHER, **headers}).status_code == 403


def test_json_where_a_client_takes_only_json(client: TestClient) -> None:
    for path in ("/mcp", "/mcp/"):
        reply = client.post(path, json=INITIALIZE, headers=JSON_ONLY)
        assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
        assert reply.json()["result"]["serverInfo"]["name"] == "suanlian"
        assert "mcp-session-id" not in reply.headers
    streamed = client.post("/mcp", json=LIST, headers=EITHER)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert "read_document" in streamed.text


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_session_to_stream_or_end(client: TestClient, method: str) -> None:
    reply = client.request(method, "/mcp", headers=EITHER)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_what_is_no_message_is_refused(client: TestClient) -> None:
    assert client.post("/mcp", content=b"{", headers={**EITHER, "Content-Type": "application/json"}).status_code == 400
    large = client.post("/mcp", json={**LIST, "params": {"cursor": "x" * 6000}}, headers=EITHER)
    assert (large.status_code, large.json()["error"]["code"]) == (413, "body_too_large")

    def chunks() -> Iterator[bytes]:
        yield from [b" " * 1000] * 6

    counted = client.post("/mcp", content=chunks(), headers={**EITHER, "Content-Type": "application/json"})
    assert counted.status_code == 413


def test_mounted_under_a_prefix_and_started_twice(fake: FakeAssistant) -> None:
    service = create_app(as_assistant(fake))
    outer = FastAPI()
    outer.mount("/knowledge", service)
    for _ in range(2):
        with TestClient(outer, base_url=URL) as client:  # the outer application does not run the inner one's lifespan
            reply = client.post("/knowledge/mcp", json=LIST, headers=JSON_ONLY)
            assert len(reply.json()["result"]["tools"]) == 3
    for _ in range(2):
        with TestClient(service, base_url=URL) as client:
            assert client.post("/mcp", json=LIST, headers=JSON_ONLY).status_code == 200


def test_while_it_loads_a_call_is_told_to_wait() -> None:
    class Slow(FakeAssistant):
        def warm(self) -> None:
            self.release.wait(10)

    slow = Slow()
    with TestClient(create_app(as_assistant(slow)), base_url=URL) as client:
        params = {"name": "ask", "arguments": {"question": "谁种茶"}}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        result = client.post("/mcp", json=message, headers=JSON_ONLY).json()["result"]
        assert result["isError"]
        assert result["_meta"]["suanlian/error"]["code"] == "loading"
        assert len(client.post("/mcp", json=LIST, headers=JSON_ONLY).json()["result"]["tools"]) == 3
        slow.release.set()
