"""The OpenAI shape on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api import create_app
from api.ask.openai_replies import Completion, ModelList
from rag import Filter, Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, wait_ready

ASK = {"role": "user", "content": "谁在种茶和制茶？"}
PATH = "/v1/chat/completions"
WRITE = {"role": "user", "content": "谁撰写"}


def conform(model: type[BaseModel], reply: dict[str, Any]) -> None:
    """The reply has the fields that /docs shows, of the types it shows."""
    model.model_validate(reply)


def complete(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post(PATH, json={"model": "suanlian", "messages": [ASK], **body})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def chunks(client: TestClient, **body: Any) -> list[dict[str, Any]]:
    reply = client.post(PATH, json={"model": "suanlian", "messages": [ASK], "stream": True, **body})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/event-stream")
    *blocks, last, nothing = reply.text.split("\n\n")
    assert (last, nothing) == ("data: [DONE]", "")
    return [json.loads(block.removeprefix("data: ")) for block in blocks]


OUTSIDE = ("id", "created", "usage")  # the completion has its own


def test_a_completion_carries_the_native_fields(client: TestClient) -> None:
    reply = complete(client)
    conform(Completion, reply)
    native = client.post("/v1/chat", json={"question": ASK["content"]}).json()
    assert reply["id"].startswith("chatcmpl-")
    assert (reply["object"], reply["created"], reply["model"]) == (
        "chat.completion",
        native["created"],
        "suanlian-extractive",
    )
    (choice,) = reply["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    message = choice["message"]
    assert message["role"] == "assistant"
    assert {name: message[name] for name in native if name not in OUTSIDE} == {
        name: value for name, value in native.items() if name not in OUTSIDE
    }
    text, _, sources = message["content"].partition("\n\n")
    assert text == native["answer"]
    assert [line.rstrip() for line in sources.split("\n")] == [
        "来源：",
        *(
            f"[{number}] 𠮷岚镇茶业观察：从茶园到茶杯 › {section}, 2024-03-18, 𠮷岚镇年鉴（二〇二四年版）, https://example.com/tea"
            for number, section in ((1, "上游：茶园"), (2, "中游：加工"), (3, "中游：加工"))
        ),
    ]
    usage = reply["usage"]
    assert usage["counted"] == "characters"
    assert usage["prompt_tokens"] == len(ASK["content"])
    assert usage["completion_tokens"] == len(message["content"])
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_a_stream_says_the_same(client: TestClient) -> None:
    whole = complete(client)["choices"][0]["message"]
    told = chunks(client)
    assert len({chunk["id"] for chunk in told}) == 1
    assert {chunk["object"] for chunk in told} == {"chat.completion.chunk"}
    assert all("usage" not in chunk for chunk in told)
    deltas = [chunk["choices"][0]["delta"] for chunk in told]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in told] == [None] * (len(told) - 1) + ["stop"]
    assert {**deltas[-1], "role": "assistant", "content": whole["content"], "refusal": None} == whole


def test_usage_comes_last_where_it_is_asked_for(client: TestClient) -> None:
    told = chunks(client, stream_options={"include_usage": True})
    assert told[-1]["choices"] == []
    assert told[-1]["usage"] == complete(client)["usage"]
    assert all(chunk["usage"] is None for chunk in told[:-1])
    assert told[-2]["choices"][0]["delta"]["citations"]


def test_a_refusal_has_no_sources(client: TestClient) -> None:
    message = complete(client, messages=[{"role": "user", "content": "哪一年开垦"}])["choices"][0]["message"]
    assert message["refused"] and message["missing"] and message["related"]
    assert message["content"] == message["answer"]


def test_the_list_of_sources_can_be_left_out(fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_OPENAI_SOURCES", "off")
    with TestClient(create_app(as_assistant(fake), Settings()), base_url=URL) as client:
        wait_ready(client)
        message = complete(client)["choices"][0]["message"]
        assert message["content"] == message["answer"]
        assert message["citations"]
        assert "来源" not in "".join(c["choices"][0]["delta"].get("content", "") for c in chunks(client))


@pytest.mark.parametrize(
    "more",
    [
        {"temperature": 0.2, "top_p": 0.9, "max_tokens": 100, "max_completion_tokens": 100, "seed": 7, "user": "me"},
        {"n": 1, "stop": ["\n"], "presence_penalty": 1, "frequency_penalty": 1, "logit_bias": {"1": 2}},
        {"n": None, "tools": None, "stream_options": None, "response_format": None, "stream": None, "logprobs": None},
        {"tools": [], "tool_choice": "none", "modalities": ["text"], "logprobs": False},
        {"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "auto"},
        {"response_format": {"type": "text"}, "metadata": {"a": "b"}, "store": True, "reasoning_effort": "low"},
        {"something_new": {"a": [1]}},
    ],
)
def test_what_tunes_a_language_model_is_taken_and_says_nothing(client: TestClient, more: dict[str, Any]) -> None:
    plain = complete(client)["choices"]
    assert complete(client, **more)["choices"] == plain


@pytest.mark.parametrize(
    ("more", "code", "param"),
    [
        ({"n": 2}, "unsupported_parameter", "n"),
        ({"tool_choice": "required", "tools": []}, "unsupported_parameter", "tool_choice"),
        ({"tool_choice": {"type": "function"}}, "unsupported_parameter", "tool_choice"),
        ({"function_call": {"name": "f"}}, "unsupported_parameter", "function_call"),
        ({"modalities": ["text", "audio"]}, "unsupported_parameter", "modalities"),
        ({"audio": {"voice": "a"}}, "unsupported_parameter", "audio"),
        ({"response_format": {"type": "json_object"}}, "unsupported_parameter", "response_format"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "unsupported_parameter", "response_format"),
        ({"response_format": "text"}, "invalid_request", "response_format"),
        ({"logprobs": True}, "unsupported_parameter", "logprobs"),
        ({"stream": "yes"}, "invalid_request", "stream"),
        ({"top_k": 51}, "invalid_request", "top_k"),
        ({"messages": []}, "invalid_request", "messages"),
        ({"messages": "谁"}, "invalid_request", "messages"),
        ({"messages": [{"role": "user", "content": 5}]}, "invalid_request", "messages[0].content"),
        ({"messages": [{"role": "user", "content": ["谁"]}]}, "invalid_request", "messages[0].content[0]"),
        ({"messages": [{"role": "robot", "content": "谁"}]}, "invalid_request", "messages[0].role"),
        ({"messages": [{"role": "system", "content": "x"}]}, "invalid_request", "messages[0].role"),
        ({"messages": [ASK, {"role": "assistant", "content": "他"}]}, "invalid_request", "messages[1].role"),
        ({"messages": [{"role": "user", "content": " "}]}, "empty_text", "messages[0].content"),
        ({"messages": [{"role": "user", "content": None}]}, "empty_text", "messages[0].content"),
        ({"messages": [{"role": "user", "content": []}]}, "empty_text", "messages[0].content"),
        ({"messages": [{"role": "user", "content": "谁" * 51}]}, "question_too_long", "messages[0].content"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "谁"}, {"type": "image_url"}]}]},
            "unsupported_content",
            "messages[0].content[1]",
        ),
    ],
)
def test_what_cannot_be_had_is_refused(client: TestClient, more: dict[str, Any], code: str, param: str) -> None:
    for stream in ({}, {"stream": True}):
        body = {"model": "suanlian", "messages": [ASK], **stream, **more}
        reply = client.post(PATH, json=body, headers={"Accept-Language": "en"})
        error = reply.json()["error"]
        assert (reply.status_code, error["code"], error["param"]) == (422, code, param)
        assert error["message"] and not any("\u3400" <= char <= "\u9fff" for char in error["message"])


def test_half_a_surrogate_pair_is_refused_wherever_it_stands(client: TestClient) -> None:
    for body in (
        {"messages": [{"role": "user", "content": "\ud800"}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "\ud800"}]}]},
        {"messages": [ASK], "model": "\ud800"},
    ):
        reply = client.post(PATH, content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert (reply.status_code, reply.json()["error"]["code"]) == (422, "invalid_text")


def test_what_is_asked_of_the_assistant(client: TestClient, fake: FakeAssistant) -> None:
    messages = [
        {"role": "system", "content": "Answer whatever you like."},
        {"role": "developer", "content": [{"type": "text", "text": "x"}]},
        {"role": "user", "content": ""},
        {"role": "user", "content": "长" * 51},
        {"role": "user", "content": [{"type": "text", "text": "谁种茶"}], "name": "me"},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "{}", "tool_call_id": "1"},
        {"role": "assistant", "content": "青禾茶园[1]。", "refusal": None},
        {"role": "user", "content": [{"type": "text", "text": "面积"}, {"type": "text", "text": "多少"}]},
        {"role": "system", "content": "x"},
    ]
    body = {"model": "suanlian-extractive", "messages": messages, "filter": {"tags": ["tea"]}, "top_k": 3}
    reply = complete(client, **body, explain=True, collection="default")
    assert reply["choices"][0]["message"]["trace"]
    assert fake.calls[-1] == {
        "question": [
            {"role": "user", "content": "谁种茶"},
            {"role": "assistant", "content": ""},
            {"role": "assistant", "content": "青禾茶园[1]。"},
            {"role": "user", "content": "面积\n多少"},
        ],
        "mode": "extractive",
        "top_k": 3,
        "filter": Filter(tags=("tea",)),
        "explain": True,
    }


def test_without_a_model_it_is_the_service_that_chooses(client: TestClient, fake: FakeAssistant) -> None:
    assert client.post(PATH, json={"messages": [ASK]}).status_code == 200
    assert fake.calls[-1]["mode"] == "auto"


def test_models(client: TestClient) -> None:
    reply = client.get("/v1/models").json()
    conform(ModelList, reply)
    assert [model["id"] for model in reply["data"]] == ["suanlian", "suanlian-extractive", "suanlian-llm"]
    assert [model["available"] for model in reply["data"]] == [True, True, False]
    assert client.get("/v1/models/suanlian").json() == reply["data"][0]


def test_the_language_model_can_be_asked_where_one_is_configured() -> None:
    fake = FakeAssistant(Settings(llm_model="tea-writer"))
    with TestClient(create_app(as_assistant(fake)), base_url=URL) as client:
        wait_ready(client)
        assert client.get("/v1/models/suanlian-llm").json()["available"] is True
        assert complete(client, model="suanlian-llm", messages=[WRITE])["model"] == "suanlian-llm"
        assert fake.calls[-1]["mode"] == "llm"


def test_what_a_language_model_wrote_is_counted_in_its_tokens(client: TestClient) -> None:
    reply = complete(client, messages=[WRITE])
    conform(Completion, reply)
    assert (reply["model"], reply["choices"][0]["finish_reason"]) == ("suanlian-llm", "stop")
    assert reply["usage"] == {
        "prompt_tokens": 412,
        "completion_tokens": 96,
        "total_tokens": 508,
        "counted": "tokens",
    }
    message = reply["choices"][0]["message"]
    assert [mended["kind"] for mended in message["repairs"]] == ["moved", "replaced", "dropped"]
    told = chunks(client, messages=[WRITE], stream_options={"include_usage": True})
    assert {chunk["model"] for chunk in told} == {"suanlian-llm"}
    assert told[-1]["usage"] == reply["usage"]
    delta = told[-2]["choices"][0]["delta"]
    assert (delta["repairs"], delta["fallback"]) == (message["repairs"], None)


def test_an_answer_that_broke_off_ends_with_length(client: TestClient) -> None:
    ask = [{"role": "user", "content": "谁中断"}]
    (choice,) = complete(client, messages=ask)["choices"]
    assert (choice["finish_reason"], choice["message"]["incomplete"]) == ("length", True)
    assert choice["message"]["content"].startswith("鲜叶主要由青禾茶园、云脚农场和松风合作社种植[1]。")
    last = chunks(client, messages=ask)[-1]["choices"][0]
    assert (last["finish_reason"], last["delta"]["incomplete"]) == ("length", True)


def test_an_answer_that_fell_back_says_why(client: TestClient) -> None:
    ask = [{"role": "user", "content": "谁退回"}]
    reply = complete(client, messages=ask)
    assert (reply["model"], reply["usage"]["counted"]) == ("suanlian-extractive", "characters")
    assert reply["choices"][0]["message"]["fallback"] == "late"
    assert chunks(client, messages=ask)[-1]["choices"][0]["delta"]["fallback"] == "late"


def test_a_model_that_is_not_there(client: TestClient) -> None:
    for reply in (client.get("/v1/models/other"), client.post(PATH, json={"model": "other", "messages": [ASK]})):
        error = reply.json()["error"]
        assert (reply.status_code, error["code"], error["param"]) == (404, "model_not_found", "model")
        assert "suanlian-extractive" in error["message"]


@pytest.mark.parametrize("stream", [False, True])
def test_a_language_model_where_none_is_configured(client: TestClient, stream: bool) -> None:
    reply = client.post(PATH, json={"model": "suanlian-llm", "messages": [ASK], "stream": stream})
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "llm_not_configured")
    assert reply.headers["x-should-retry"] == "false"


def test_what_goes_wrong_in_a_stream_is_told_in_it(client: TestClient) -> None:
    body = {"model": "suanlian", "messages": [{"role": "user", "content": "谁断"}], "stream": True}
    *_, last, nothing = client.post(PATH, json=body).text.split("\n\n")
    assert nothing == ""
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == "internal_error"
