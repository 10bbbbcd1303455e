"""What is promised of citations, filters and versions, in every shape that leaves a live service over a real index."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag import compact
from tests.api.ask.test_streaming import parsed
from tests.api.indexed import finished, indexed
from tests.api.live import running, wait_ready
from tests.api.mcp.test_http import call, error_code

# Traditional, in wide and narrow forms, with characters beyond the basic plane before all that is cited: an offset that
# counts in bytes, in UTF-16 units or in the folded text is wrong here.
HANDBOOK = """# 🍵𠮷嵐茶葉手冊

## 揉捻機

𠮷嵐鎮的揉捻機廠商主要有松嶺機械、岩上科技和ＮＯＲＶＩＫ（Ｎ７）等。揉捻機由茶農協會於１９８０年引進。

## 烘乾機

烘乾機的廠商有暖陽電器、赤爐科技等。
"""
NOTES = "# 揉捻机札记\n\n揉捻机的厂商还有绿洲股份、青石机械等。\n"
QUESTION = "谁生产揉捻机"
BODY = {"messages": [{"role": "user", "content": QUESTION}]}

Filter = dict[str, Any] | None
Shape = Callable[[str, Filter], list[dict[str, Any]]]
"""Asks the service at a URL with a filter; the citations of the reply (or what a search found, each as its own quote)."""


def http(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, timeout=30, trust_env=False)


def post(url: str, path: str, filter: Filter, **body: Any) -> httpx.Response:
    with http(url) as client:
        reply = client.post(path, json=body if filter is None else {**body, "filter": filter})
    assert reply.status_code == 200, reply.text
    return reply


def marked(text: str, citations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The citations of an answer, once each of them is seen to be used in its text, in the order of their numbers."""
    used = [int(number) for number in re.findall(r"\[(\d+)\]", text)]
    assert list(dict.fromkeys(used)) == [citation["id"] for citation in citations]
    return citations


def chat(url: str, filter: Filter) -> list[dict[str, Any]]:
    reply = post(url, "/v1/chat", filter, question=QUESTION).json()
    assert reply["config"].startswith("sha256:")
    return marked(reply["answer"] if reply["citations"] else "", reply["citations"])


def chat_stream(url: str, filter: Filter) -> list[dict[str, Any]]:
    events = parsed(post(url, "/v1/chat", filter, **BODY, stream=True).text)
    sent = [citation for name, data in events if name == "citations" for citation in data["citations"]]
    assert sent == events[-1][1]["citations"]
    return sent


def completion(url: str, filter: Filter) -> list[dict[str, Any]]:
    message = post(url, "/v1/chat/completions", filter, model="suanlian", **BODY).json()["choices"][0]["message"]
    if not message["refused"]:
        marked(message["content"].partition("\n\n")[0], message["citations"])
    return list(message["citations"])


def completion_stream(url: str, filter: Filter) -> list[dict[str, Any]]:
    reply = post(url, "/v1/chat/completions", filter, model="suanlian-extractive", **BODY, stream=True).text
    *chunks, done = (line.removeprefix("data: ") for line in reply.split("\n\n") if line)
    assert done == "[DONE]"
    return list(json.loads(chunks[-1])["choices"][0]["delta"]["citations"])


def mcp_ask(url: str, filter: Filter) -> list[dict[str, Any]]:
    return list(call(url, "ask", question=QUESTION, **(filter or {})).structured_content["citations"])


def as_quotes(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**found, "quote": found["text"]} for found in results]


def search(url: str, filter: Filter) -> list[dict[str, Any]]:
    return as_quotes(post(url, "/v1/search", filter, query=QUESTION).json()["results"])


def mcp_search(url: str, filter: Filter) -> list[dict[str, Any]]:
    return as_quotes(call(url, "search", query=QUESTION, **(filter or {})).structured_content["results"])


def batch(url: str, filter: Filter) -> list[dict[str, Any]]:
    with http(url) as client:
        lines = json.dumps({"question": QUESTION}).encode()
        made = client.post("/v1/batches", content=lines, headers={"Content-Type": "application/x-ndjson"}).json()
        for _ in range(1000):
            if client.get(f"/v1/batches/{made['id']}").json()["state"] == "done":
                break
            time.sleep(0.02)
        (result,) = client.get(f"/v1/batches/{made['id']}/results").text.splitlines()
    return list(json.loads(result)["reply"]["citations"])


def graph(url: str, filter: Filter) -> list[dict[str, Any]]:
    with http(url) as client:
        reply = client.get("/v1/graph").json()
    assert {edge["relation"] for edge in reply["edges"]} == {"supplies"}
    assert {number for edge in reply["edges"] for number in edge["citations"]} == {c["id"] for c in reply["citations"]}
    assert all(edge["citations"] for edge in reply["edges"])
    return list(reply["citations"])


FILTERED: list[Shape] = [chat, chat_stream, completion, completion_stream, search, mcp_ask, mcp_search]
SHAPES: list[Shape] = [*FILTERED, batch, graph]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service that was sent two documents, one of them twice, and a collection beside."""
    index = tmp_path_factory.mktemp("shapes") / "index"
    assistant = indexed(index, "beside", refuse_below=0.0, port=0)
    with closing(assistant), running(assistant.settings, assistant) as url, http(url) as client:
        wait_ready(client)
        handbook = {"key": "handbook.md", "tags": ["手冊"], "published": "2024-05-01"}
        notes = {"key": "notes.md", "tags": ["札记"], "published": "2022-05-01", "text": NOTES}
        for body in ({**handbook, "text": HANDBOOK.replace("𠮷", "")}, {**handbook, "text": HANDBOOK}, notes):
            finished(client, client.post("/v1/documents", json=body).json()["id"])
        yield url


def ids(url: str) -> dict[str, str]:
    with http(url) as client:
        return {document["key"]: document["id"] for document in client.get("/v1/documents").json()["documents"]}


def hold(url: str, citations: list[dict[str, Any]]) -> None:
    """Each quote is what the stored text of the version named says from its start to its end."""
    assert citations
    with http(url) as client:
        for citation in citations:
            document = citation["document"]
            stored = client.get(f"/v1/documents/{document['id']}", params={"version": document["version"]}).json()
            assert stored["version"] == document["version"]
            assert citation["quote"]
            assert stored["text"][citation["start"] : citation["end"]] == citation["quote"]
            assert citation["quote"] in citation["text"] and citation["text"] in stored["text"]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_quote_is_what_the_stored_text_of_its_version_says(url: str, shape: Shape) -> None:
    citations = shape(url, None)
    hold(url, citations)
    assert any(
        "松嶺機械、岩上科技和ＮＯＲＶＩＫ" in citation["quote"] for citation in citations
    )  # in its own script and widths
    assert {citation["document"]["version"] for citation in citations if citation["document"]["tags"] == ["手冊"]} == {
        2
    }


def test_the_answer_is_the_same_in_every_shape(url: str) -> None:
    first, *others = (shape(url, None) for shape in (chat, chat_stream, completion, completion_stream, mcp_ask, batch))
    assert all(other == first for other in others)


@pytest.mark.parametrize("shape", FILTERED)
def test_only_what_a_filter_lets_through_is_searched(url: str, shape: Shape) -> None:
    keys = {id: key for key, id in ids(url).items()}
    handbook, notes = ids(url)["handbook.md"], ids(url)["notes.md"]
    for filter, expected in (
        ({"documents": [notes]}, {"notes.md"}),
        ({"documents": [handbook]}, {"handbook.md"}),
        ({"tags": ["札记"]}, {"notes.md"}),
        ({"published_after": "2024-05-01"}, {"handbook.md"}),  # the day itself is within
        ({"published_after": "2024-05-02"}, set()),
        ({"published_before": "2022-05-01"}, {"notes.md"}),
        ({"tags": ["札记"], "published_after": "2024-01-01"}, set()),
    ):
        citations = shape(url, filter)
        assert {keys[citation["document"]["id"]] for citation in citations} == expected, filter


@pytest.mark.parametrize("path", ["/v1/chat", "/v1/chat/completions"])
@pytest.mark.parametrize("stream", [False, True])
def test_without_a_language_model_the_mode_llm_is_409(url: str, path: str, stream: bool) -> None:
    which = {"mode": "llm"} if path == "/v1/chat" else {"model": "suanlian-llm"}
    with http(url) as client:
        reply = client.post(path, json={**BODY, **which, "stream": stream})
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "llm_not_configured")
    assert error_code(call(url, "ask", question=QUESTION, mode="llm")) == "llm_not_configured"


def test_a_refusal_has_no_citation_and_at_most_three_passages_near_it(tmp_path: Path) -> None:
    assistant = indexed(tmp_path / "index", refuse_below=1.0, port=0)
    with closing(assistant), running(assistant.settings, assistant) as url, http(url) as client:
        wait_ready(client)
        for key, text in (("a", "山里有茶。"), ("b", "茶在山里。"), ("c", "山茶开了。"), ("d", "茶山很高。")):
            finished(client, client.post("/v1/documents", json={"key": key, "text": text}).json()["id"])
        reply = post(url, "/v1/chat", None, question="山茶的价格是多少元", explain=True).json()
        assert len({row["document"] for row in reply["trace"]}) == 4
        assert (reply["refused"], reply["citations"], reply["items"], reply["short_answer"]) == (True, [], [], None)
        assert reply["missing"] and all(term in reply["answer"] for term in reply["missing"])
        assert len(reply["related"]) == 3
        hold(url, as_quotes(reply["related"]))


def test_the_text_that_a_citation_names_can_be_read_after_it_was_replaced_deleted_and_compacted(tmp_path: Path) -> None:
    assistant = indexed(tmp_path / "index", refuse_below=0.0, port=0)
    with closing(assistant), running(assistant.settings, assistant) as url, http(url) as client:
        wait_ready(client)

        def send(text: str) -> None:
            sent = client.post("/v1/documents", json={"key": "notes.md", "text": text})
            assert finished(client, sent.json()["id"])["state"] == "done"

        send(NOTES)
        first = chat(url, None)
        send("# 揉捻机札记\n\n今年，揉捻机的厂商只有白鹤机械。\n")
        second = chat(url, None)
        assert {citation["document"]["version"] for citation in second} == {2}
        hold(url, first)
        assert client.delete(f"/v1/documents/{first[0]['document']['id']}").status_code == 200
        assert chat(url, None) == []
        compact(assistant.settings)
        hold(url, first)
        hold(url, second)


def test_the_same_content_in_two_collections_is_two_documents(tmp_path: Path) -> None:
    assistant = indexed(tmp_path / "index", "beside", refuse_below=0.0, port=0)
    with closing(assistant), running(assistant.settings, assistant) as url, http(url) as client:
        wait_ready(client)
        sent = [
            client.post("/v1/documents", json={"text": NOTES, "collection": name}).json()["id"]
            for name in ("default", "beside", "beside")
        ]
        first, second, again = (finished(client, id)["documents"][0] for id in sent)
        assert [one["state"] for one in (first, second, again)] == ["added", "added", "unchanged"]
        client.delete(f"/v1/documents/{first['id']}")
        assert client.get("/v1/documents").json()["documents"] == []
        (left,) = client.get("/v1/documents", params={"collection": "beside"}).json()["documents"]
        assert left["id"] == second["id"]
        reply = client.post("/v1/chat", json={"question": QUESTION, "collection": "beside"}).json()
        assert reply["citations"] and reply["index"]["collection"] == "beside"
