"""A language model behind HTTP that lies, in every shape that leaves a live service: nothing leaves that no quote carries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag import Settings
from rag.index.embed import Encoder
from rag.llm.fake import FakeChatModel
from tests.api.test_every_shape import hold, http, marked
from tests.api.written import SHAPES, asked, own_words, pumps, service
from tests.llm_stub import MODEL, Stub, served
from tests.rag.saying import Saying
from tests.rag.test_language_model import LIES

LIST = "离心泵的国内厂商有哪些？"
WHERE = "西河泵业的总部设在哪里？"


@pytest.fixture(scope="module")
def index(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Encoder]:
    return pumps(model_dir, tmp_path_factory.mktemp("pumps"))


@pytest.fixture(scope="module")
def live(index: tuple[Settings, Encoder]) -> Iterator[tuple[str, Stub]]:
    """A service's URL, and the model's server, whose ``chat`` each test sets."""
    with served() as stub, service(index, stub) as url:
        yield url, stub


def keep(url: str, reply: dict[str, Any], left: list[Any]) -> None:
    """What is promised of an answer that is none of refusal, whoever wrote it."""
    cited = {citation["id"] for citation in marked(reply["answer"], reply["citations"])}
    hold(url, reply["citations"])
    assert not reply["refused"]
    for statement in reply["statements"]:
        assert statement["citations"] and set(statement["citations"]) <= cited
        assert statement["text"] in reply["answer"]
    for item in reply["items"]:
        quotes = [citation["quote"] for citation in reply["citations"] if citation["id"] in item["citations"]]
        assert any(item["text"] in quote for quote in quotes)
    if reply["mode"] == "llm":
        assert reply["fallback"] is None
        # A server that breaks off tells no usage; then the shapes say none.
        assert reply["usage"] is None or (reply["usage"]["model"], reply["usage"]["output_tokens"] > 0) == (MODEL, True)
    else:
        assert (reply["repairs"], reply["incomplete"]) == ([], False)
        # What came to nothing was paid for all the same.
        assert reply["usage"] is None or reply["fallback"] in ("unsupported", "declined")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("lie", "question", "says", "never", "outcome"), LIES, ids=[lie[0] for lie in LIES])
def test_a_lie_leaves_in_no_byte(
    live: tuple[str, Stub], shape: str, lie: str, question: str, says: str, never: str, outcome: str
) -> None:
    url, stub = live
    stub.chat = Saying(words=says)
    reply, left = asked(url, shape, question)
    keep(url, reply, left)
    assert not never or never not in own_words(left)
    if outcome == "dropped":
        assert (reply["mode"], reply["fallback"]) == ("extractive", "unsupported")
    else:
        assert (reply["mode"], reply["incomplete"]) == ("llm", False)
        assert [(repair["kind"], repair["statement"]) for repair in reply["repairs"]] == [(outcome, 0)]
        assert reply["usage"]["output_tokens"] > 0


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_true_leaves_as_it_was_written(live: tuple[str, Stub], shape: str) -> None:
    url, stub = live
    stub.chat = Saying(words="离心泵的国内厂商有白塔水泵、三岔河机械和西河泵业。{国内厂商}")
    reply, left = asked(url, shape, LIST)
    keep(url, reply, left)
    assert reply["answer"] == "离心泵的国内厂商有白塔水泵、三岔河机械和西河泵业[1]。"
    assert (reply["mode"], reply["repairs"], reply["incomplete"]) == ("llm", [], False)
    assert {item["text"] for item in reply["items"]} == {"西河泵业", "白塔水泵", "三岔河机械"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", ["cut_off", "breaking"])
def test_what_breaks_off_says_so_and_holds_what_was_checked(live: tuple[str, Stub], way: Any, shape: str) -> None:
    url, stub = live
    stub.chat = FakeChatModel(way=way)
    reply, left = asked(url, shape, LIST)
    keep(url, reply, left)
    assert (reply["mode"], reply["incomplete"], reply["fallback"]) == ("llm", True, None)
    assert reply["answer"].endswith("（语言模型中断，回答到此为止，可能不完整。）")
    assert reply["statements"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", ["wrong_number", "invented_name", "swapped", "opposite", "obedient", "chatty"])
def test_the_ways_of_the_fake_model_over_http(live: tuple[str, Stub], way: Any, shape: str) -> None:
    url, stub = live
    stub.chat = model = FakeChatModel(way=way)
    for question in (LIST, "谁向西河泵业供应密封圈？", "西河泵业的电机是从哪里来的？"):
        reply, left = asked(url, shape, question)
        keep(url, reply, left)
        told = str(model.invoke(model.seen[-1]).text)
        if way in ("wrong_number", "invented_name", "swapped", "opposite"):
            assert re.sub(r"\[\d+\]|。$", "", told) not in own_words(left), "it has lied, and it left"
        assert all(word not in own_words(left) for word in ("倒闭", "think", "希望以上", "好的"))


def test_the_model_s_server_is_told_the_material_and_nothing_of_the_service(live: tuple[str, Stub]) -> None:
    url, stub = live
    stub.chat = FakeChatModel()
    with http(url) as client:
        secret = {"Authorization": "Bearer sesame", "X-Request-Id": "req_of_mine"}
        client.post("/v1/chat", json={"question": WHERE}, headers=secret)
    sent = json.dumps(stub.requests[-1], ensure_ascii=False)
    assert "柳溪镇" in sent
    assert not [word for word in ("sesame", "req_of_mine", "pumps.md", url) if word in sent]
