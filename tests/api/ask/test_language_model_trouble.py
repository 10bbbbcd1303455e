"""A language model behind HTTP that fails, is late or falls silent, and clients that leave while it writes."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.run.pool import Gauge, Pool
from rag import Settings
from rag.index.embed import Encoder
from rag.llm.fake import FakeChatModel
from tests.api.ask.test_streaming import Leaving, parsed
from tests.api.live import until
from tests.api.mcp.test_http import call, error_code
from tests.api.test_every_shape import hold, http, marked
from tests.api.written import SHAPES, asked, pumps, service
from tests.llm_stub import served
from tests.rag.saying import Saying

LIST = "离心泵的国内厂商有哪些？"
WHERE = "西河泵业的总部设在哪里？"
CHAT, COMPLETIONS = "/v1/chat", "/v1/chat/completions"
MANY = 100  # calls that meet a trouble: more than any test makes


@pytest.fixture(scope="module")
def index(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Encoder]:
    return pumps(model_dir, tmp_path_factory.mktemp("pumps"))


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[Pool]:
    """The pools of the services that the test runs."""
    made: list[Pool] = []

    def make(workers: int, waiting: int, gauge: Gauge | None = None) -> Pool:
        made.append(Pool(workers, waiting, gauge))
        return made[-1]

    monkeypatch.setattr("api.app.Pool", make)
    return made


def body(question: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}], **more}


@pytest.mark.parametrize(("trouble", "reason"), [("500", "failed"), ("refused", "failed"), ("never", "late")])
def test_auto_answers_without_it_and_llm_is_503(
    index: tuple[Settings, Encoder], trouble: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "suanlian")
    hurry = {"llm_retries": 0, "llm_first_seconds": 0.2, "llm_seconds": 0.4}
    with served(None, *[trouble] * MANY) as stub, service(index, stub, **hurry) as url, http(url) as client:
        plain = client.post(CHAT, json={"question": WHERE, "mode": "extractive"}).json()
        assert (plain["fallback"], stub.requests) == (None, [])
        for shape in SHAPES:
            reply, _ = asked(url, shape, WHERE)
            assert (reply["mode"], reply["fallback"], reply["incomplete"]) == ("extractive", reason, False)
            assert (reply["answer"], reply["usage"], reply["repairs"]) == (plain["answer"], None, [])
            hold(url, marked(reply["answer"], reply["citations"]))
        for path, which in ((CHAT, {"mode": "llm"}), (COMPLETIONS, {"model": "suanlian-llm"})):
            for stream in (False, True):
                refused = client.post(path, json=body(WHERE, stream=stream, **which))
                assert (refused.status_code, refused.json()["error"]["code"]) == (503, "llm_unavailable")
                assert int(refused.headers["retry-after"]) >= 1
                assert stub.url not in refused.text
        result = call(url, "ask", question=WHERE, mode="llm")
        assert error_code(result) == "llm_unavailable" and stub.url not in str(result)
        line = asked_in_a_batch(client, "llm")
        assert line["error"]["code"] == "llm_unavailable" and stub.url not in str(line)
        with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
            with pytest.raises(openai.InternalServerError) as raised:
                sdk.chat.completions.create(model="suanlian-llm", messages=[{"role": "user", "content": WHERE}])
            assert (raised.value.status_code, raised.value.code) == (503, "llm_unavailable")
        values = metrics(client)
        assert values["suanlian_answer_fallbacks_total", ("reason", reason)] == len(SHAPES)
    lines = [record for record in caplog.records if record.message == "request"]
    assert [getattr(line, "fallback", None) for line in lines].count(reason) >= 4  # of a batch there is no such line
    assert "柳溪" not in caplog.text and "总部" not in caplog.text


def asked_in_a_batch(client: httpx.Client, mode: str) -> Any:
    """The line of a batch of one question."""
    kind = {"Content-Type": "application/x-ndjson"}
    sent = client.post("/v1/batches", params={"mode": mode}, content=json.dumps({"question": WHERE}), headers=kind)
    id = sent.json()["id"]
    until(lambda: client.get(f"/v1/batches/{id}").json()["state"] == "done")
    return json.loads(client.get(f"/v1/batches/{id}/results").text)


def metrics(client: httpx.Client) -> dict[tuple[Any, ...], float]:
    """Each sample's value by its name and its labels."""
    return {
        (sample.name, *sample.labels.items()): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }


def test_one_that_falls_silent_ends_the_answer_and_one_left_alone_is_not_asked(
    index: tuple[Settings, Encoder], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "suanlian")
    hurry = {"llm_retries": 0, "llm_first_seconds": 1.0, "llm_failures": 1, "llm_pause_seconds": 600}
    with served(FakeChatModel(way="stalled")) as stub, service(index, stub, **hurry) as url, http(url) as client:
        events = parsed(client.post(CHAT, json={"question": LIST, "stream": True}).text)
        reply = events[-1][1]
        assert [events[0][1]["mode"], reply["mode"], reply["incomplete"]] == ["llm", "llm", True]
        assert "".join(data["text"] for name, data in events if name == "delta") == reply["answer"]
        hold(url, marked(reply["answer"], reply["citations"]))
        again = client.post(CHAT, json={"question": LIST}).json()
        assert (again["mode"], again["fallback"], len(stub.requests)) == ("extractive", "paused", 1)
        refused = client.post(CHAT, json={"question": LIST, "mode": "llm"})
        assert refused.status_code == 503 and 0 < int(refused.headers["retry-after"]) <= 600
        values = metrics(client)
        assert values["suanlian_answers_incomplete_total", ("mode", "llm")] == 1
        assert values["suanlian_answer_fallbacks_total", ("reason", "paused")] == 1
    first, second, third = [record for record in caplog.records if record.message == "request" and record.path == CHAT]
    assert (first.mode, first.incomplete) == ("llm", True)
    assert (second.mode, second.fallback) == ("extractive", "paused")
    assert (third.status, third.code) == (503, "llm_unavailable")


@pytest.fixture
def endless() -> Iterator[Saying]:
    """A model that writes one true statement and then never comes to the end of the next."""
    yield Saying(words="西河泵业的总部设在柳溪镇。{总部}\n" + "西河泵业" * 100_000, pause=0.01)


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
def test_one_who_leaves_in_the_middle_of_a_stream_lets_the_model_go(
    index: tuple[Settings, Encoder], pools: list[Pool], endless: Saying, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "suanlian")
    with served(endless) as stub, service(index, stub, llm_seconds=600) as url:
        room = pools[0].room
        client = Leaving(url, body(WHERE, stream=True), path)
        got = b""
        while "柳溪镇[1]".encode() not in got:
            got += client.read()
        assert stub.gone == 0 and pools[0].room == room - 1
        client.leave()
        until(lambda: stub.gone == 1)
        until(lambda: pools[0].room == room)
        with http(url) as other:  # it was no failure of the model, and nobody's answer
            values = metrics(other)
            assert ("suanlian_answers_total", ("mode", "llm"), ("refused", "false")) not in values
    assert not {"bug", "llm_late", "llm_failed", "library_error"} & {record.message for record in caplog.records}


@pytest.mark.parametrize("trouble", ["never", "headers"])
@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize("stream", [False, True])
def test_one_who_leaves_before_a_word_was_written_lets_the_model_go(
    index: tuple[Settings, Encoder], pools: list[Pool], path: str, stream: bool, trouble: str
) -> None:
    slow = {"llm_seconds": 600, "llm_first_seconds": 600}
    with served(None, trouble) as stub, service(index, stub, **slow) as url:
        room = pools[0].room
        client = Leaving(url, body(WHERE, stream=stream), path)
        until(lambda: stub.requests)
        client.leave()
        until(lambda: stub.gone == 1)
        until(lambda: pools[0].room == room)
        assert asked(url, "chat", WHERE)[0]["mode"] == "llm"


def test_those_who_wait_for_the_model_do_not_hold_up_those_who_do_not(
    index: tuple[Settings, Encoder], pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    slow = {"llm_seconds": 600, "llm_first_seconds": 600}
    with served(None, *["never"] * MANY) as stub, service(index, stub, **slow) as url:
        held = [Leaving(url, body(WHERE)) for _ in range(8)]
        until(lambda: len(stub.requests) == len(held))
        with http(url) as client:
            assert client.post(CHAT, json={"question": WHERE, "mode": "extractive"}).json()["mode"] == "extractive"
        assert stub.gone == 0
        for one in held:
            one.leave()
        until(lambda: stub.gone == len(held))


def test_where_all_threads_wait_for_the_model_one_waits_its_turn_and_the_next_is_told_to_come_back(
    index: tuple[Settings, Encoder], pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.app.WRITERS", 2)
    slow = {"llm_seconds": 600, "llm_first_seconds": 600, "max_waiting": 1}
    plain = {"question": WHERE, "mode": "extractive"}
    with served(None, "never", "never") as stub, service(index, stub, **slow) as url, ThreadPoolExecutor(1) as other:
        held = [Leaving(url, body(WHERE)) for _ in range(2)]
        until(lambda: len(stub.requests) == 2)
        waiting = other.submit(httpx.post, f"{url}{CHAT}", json=plain, timeout=30)
        until(lambda: pools[0].room == 0)
        refused = httpx.post(f"{url}{CHAT}", json=plain)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "overloaded")
        assert refused.headers["retry-after"]
        assert not waiting.done()
        held[0].leave()  # its thread is free at once, not when the model has been waited for
        assert waiting.result(30).json()["mode"] == "extractive"
        held[1].leave()
        until(lambda: stub.gone == 2)


def test_tokens_and_repairs_are_counted(index: tuple[Settings, Encoder], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "suanlian")
    lie = Saying(words="西河泵业的离心泵市占率为48%。{市占率}\n东岭阀门已上市")
    with served(lie) as stub, service(index, stub) as url, http(url) as client:
        reply = client.post(CHAT, json={"question": "西河泵业的离心泵市占率是多少？"}).json()
        values = metrics(client)
    assert [(one["kind"], one["reason"]) for one in reply["repairs"]] == [("replaced", "number"), ("dropped", "word")]
    for one in reply["repairs"]:
        assert values["suanlian_answer_repairs_total", ("kind", one["kind"]), ("reason", one["reason"])] == 1
    usage = reply["usage"]
    for direction in ("input", "output"):
        counted = values["suanlian_llm_tokens_total", ("direction", direction), ("model", "a-model")]
        assert counted == usage[f"{direction}_tokens"] > 0
    (line,) = [record for record in caplog.records if record.message == "request" and record.path == CHAT]
    assert (line.mode, line.repairs) == ("llm", 2)
    assert "已上市" not in caplog.text + json.dumps(reply, ensure_ascii=False)
