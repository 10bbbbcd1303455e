"""A running service, asked as an assistant is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from evals.retrieval import Material
from evals.score import run, verbatim
from evals.served import Served, ServiceError
from evals.sets import Point, Question
from rag import (
    InputError,
    LanguageModelError,
    LanguageModelMissingError,
    NotFoundError,
    QuestionError,
    Settings,
    SuanlianError,
)
from tests.api.fake import FakeAssistant
from tests.api.live import running

KEY = "a-key-of-some-length"


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0, max_question_chars=50), fake) as url:
        yield url


@pytest.mark.parametrize("question", ["谁在种茶？", "茶园有多少亩？", "哪一年开垦？"])
def test_an_answer_over_http_is_the_library_s(url: str, fake: FakeAssistant, question: str) -> None:
    with Served(url) as service:
        assert service.ask(question, explain=True) == fake.ask(question, explain=True)
        answered = service.ask([{"role": "user", "content": question}])
        assert answered == fake.ask(question)
        assert verbatim(service, answered)
        assert service.search(question) == fake.search(question)


def test_a_run_over_http_scores_as_in_process(url: str, fake: FakeAssistant) -> None:
    questions = [
        Question(
            "a",
            "茶园有多少亩？",
            "number",
            "s",
            "own",
            (Point(("三千二百亩",), ("茶园面积为三千二百亩",)),),
            None,
            True,
        ),
        Question("b", "哪一年开垦？", "unanswerable", "s", "own", (), None, False),
    ]
    with Served(url) as service:
        material = Material.cut(service.documents(), 300)
        served = run(questions, service, material=material)
    local = run(questions, fake, material=Material.cut(fake.documents(), 300))
    assert [s.scores for s in served] == [s.scores for s in local]
    assert [s.scores["fully_right"] for s in served] == [1.0, None]
    assert served[0].ranking == local[0].ranking
    assert served[0].ranking.relevant == 1
    assert all(s.verbatim for s in served)


def test_a_quote_that_the_service_s_own_text_does_not_hold_is_seen(url: str) -> None:
    with Served(url) as service:
        answer = service.ask("茶园有多少亩？")
        moved = replace(answer.citations[0], start=answer.citations[0].start + 1)
        assert not verbatim(service, replace(answer, citations=(moved,)))
        with pytest.raises(NotFoundError):
            service.document("doc/none?")


def test_the_documents_over_http_hold_the_text_and_headings_of_the_library_s(
    url: str, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.served._PAGE", 1)
    with Served(url) as service:
        served, local = service.documents(), fake.documents()
    assert [(d.id, d.key, d.text, d.tags) for d in served] == [(d.id, d.key, d.text, d.tags) for d in local]
    heads = [[(b.start, b.end) for b in d.blocks if b.kind == "heading"] for d in local]
    assert [[(b.start, b.end) for b in d.blocks if b.kind == "heading"] for d in served] == heads


def test_version_says_which_index_answers(url: str) -> None:
    with Served(f" {url.removeprefix('http://')}/v1/ ") as service:
        assert service.version()["index"] == {"collection": "default", "generation": 12}


def test_a_question_that_the_service_does_not_take(url: str) -> None:
    with Served(url) as service, pytest.raises(QuestionError, match="does not take the question"):
        service.ask("很长" * 50)


def test_a_key(fake: FakeAssistant) -> None:
    with running(Settings(port=0, api_keys=SecretStr(KEY)), fake) as url:
        with Served(url, api_key=KEY) as service:
            assert not service.ask("谁在种茶？").refused
        with Served(url) as service, pytest.raises(InputError, match="needs a valid key"):
            service.ask("谁在种茶？")


def test_nothing_there(fake: FakeAssistant) -> None:
    with running(Settings(port=0), fake) as url:
        gone = url
    with Served(gone, timeout=5) as service, pytest.raises(ServiceError, match="No service answers at"):
        service.version()


def answering(monkeypatch: pytest.MonkeyPatch, handler: Callable[[httpx.Request], httpx.Response]) -> None:
    """Every client made from here on speaks to ``handler``."""
    made = httpx.Client.__init__

    def init(self: httpx.Client, **given: Any) -> None:
        made(self, **given, transport=httpx.MockTransport(handler))

    monkeypatch.setattr(httpx.Client, "__init__", init)


def test_busy_is_waited_for_as_long_as_it_says_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [httpx.Response(503, headers={"Retry-After": after}) for after in ("2", "86400", "nan", "soon")]
    replies.append(httpx.Response(200, json={"version": "1", "index": None, "fingerprint": None}))
    answering(monkeypatch, lambda request: replies.pop(0))
    slept: list[float] = []
    with Served("http://127.0.0.1:1", sleep=slept.append) as service:
        assert service.version()["version"] == "1"
    assert slept == [2.0, 30.0, 1.0, 1.0]


def test_busy_for_ever_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"error": {"code": "overloaded", "message": "服务正忙，请稍后再试。", "param": None, "request_id": "r"}}
    answering(monkeypatch, lambda request: httpx.Response(503, json=body))
    slept: list[float] = []
    with Served("http://127.0.0.1:1", sleep=slept.append) as service, pytest.raises(ServiceError, match="服务正忙"):
        service.ask("谁？")
    assert len(slept) == 5


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(200, text="<html>hello</html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"answer": "?"}),
        httpx.Response(301, headers={"Location": "https://elsewhere.example/v1/chat"}),
        httpx.Response(404, text="nothing"),
        httpx.Response(500, json={"error": "a string"}),
    ],
)
def test_what_is_no_answer_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, reply: httpx.Response) -> None:
    answering(monkeypatch, lambda request: reply)
    with Served("http://127.0.0.1:1") as service, pytest.raises(ServiceError) as caught:
        service.ask("谁？")
    assert caught.value.en.startswith("http://127.0.0.1:1 answered /v1/chat with ")
    assert "\n" not in caught.value.en


def test_a_newer_service_may_say_more(monkeypatch: pytest.MonkeyPatch) -> None:
    reply = json.loads(json.dumps(FakeAssistant().ask("谁？").as_dict()))
    reply["new"] = reply["citations"][0]["new"] = reply["index"]["new"] = 1
    answering(monkeypatch, lambda request: httpx.Response(200, json=reply))
    with Served("http://127.0.0.1:1") as service:
        assert service.ask("谁？") == FakeAssistant().ask("谁？")


def test_a_mode_is_asked_for(url: str, fake: FakeAssistant) -> None:
    with Served(url) as service:
        service.ask("谁在种茶？", mode="extractive")
        assert fake.calls[-1]["mode"] == "extractive"
        with pytest.raises(LanguageModelMissingError, match="has no language model"):
            service.ask("谁在种茶？", mode="llm")


def test_a_language_model_that_fails_is_not_waited_for_and_leaves_the_run_going(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = {"error": {"code": "llm_unavailable", "message": "语言模型没有应答。", "param": None, "request_id": "r"}}
    answering(
        monkeypatch,
        lambda request: (
            httpx.Response(503, json=body, headers={"Retry-After": "30"})
            if request.url.path == "/v1/chat"
            else httpx.Response(200, json={"results": []})
        ),
    )
    slept: list[float] = []
    questions = [Question("a", "茶园有多少亩？", "number", "s", "own", (Point(("三千",), ()),), None, True)]
    with Served("http://127.0.0.1:1", sleep=slept.append) as service:
        with pytest.raises(LanguageModelError, match="没有应答"):
            service.ask("谁？", mode="llm")
        (failed,) = run(questions, service, mode="llm")
    assert slept == []
    assert (failed.answer.fallback, failed.answer.refused, failed.scores["fully_right"]) == ("failed", False, 0.0)


def test_a_slow_service(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    answering(monkeypatch, slow)
    with Served("http://127.0.0.1:1", timeout=3) as service, pytest.raises(ServiceError, match="within 3 s"):
        service.ask("谁？")


@pytest.mark.parametrize("url", ["", "ftp://host", "http://", "http://host:port", "http://host?x=1", "http://[::1"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(InputError, match=r"is not a service's URL"):
        Served(url)


def test_a_key_that_no_header_can_carry() -> None:
    with pytest.raises(SuanlianError, match="printable ASCII"):
        Served("http://127.0.0.1:1", api_key="钥匙")
