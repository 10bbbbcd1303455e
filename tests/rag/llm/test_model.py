"""What may go wrong with a model, and what a caller hears of it; over a real provider and a server in ``test_over_http``."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from pydantic import SecretStr

from rag.errors import LanguageModelError
from rag.llm.fake import FakeChatModel
from rag.llm.model import LanguageModel, backoff
from rag.llm.writing import _Flow
from rag.settings import Settings
from rag.types import Usage

ASKED = [("system", "只根据材料回答。"), ("user", "[1] 茶园有五百亩。\n[2] 茶厂建于一九五二年。\n问题：茶园有多大？")]


def model_of(chat: FakeChatModel, **set_to: object) -> LanguageModel:
    settings = Settings(llm_model="a-model", **set_to)  # type: ignore[arg-type]
    return LanguageModel(chat, settings, wait=lambda tried: 0.0)


def running() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "suanlian-llm"]


def all_end() -> None:
    for thread in running():
        thread.join(10)
    assert not running()


def test_a_reply_comes_in_pieces_and_then_its_usage() -> None:
    chat = FakeChatModel()
    writing = model_of(chat).write(ASKED)
    pieces = []
    for piece in writing:
        assert writing.usage is None
        pieces.append(piece)
    assert len(pieces) > 2
    assert "".join(pieces) == "茶园有五百亩。[1]"
    assert writing.usage == Usage("a-model", sum(len(text) for _, text in ASKED), len("茶园有五百亩。[1]"))
    assert not writing.cut
    assert list(writing) == []
    assert [kind for kind, _ in chat.seen[0]] == ["system", "human"]
    all_end()


def test_a_reply_that_reached_its_longest_length_is_cut() -> None:
    writing = model_of(FakeChatModel(way="cut_off")).write(ASKED)
    assert "".join(writing) == "茶园有五百亩。[1]\n茶厂建于一"
    assert writing.cut


def test_what_passes_is_tried_again_before_the_first_piece(caplog: pytest.LogCaptureFixture) -> None:
    waits: list[int] = []
    chat = FakeChatModel(script=[ConnectionRefusedError("no"), TimeoutError("slow"), "好。"])
    model = LanguageModel(chat, Settings(llm_model="m"), wait=lambda tried: waits.append(tried) or 0.0)  # type: ignore[func-returns-value]
    with caplog.at_level(logging.INFO, "suanlian.llm"):
        assert "".join(model.write(ASKED)) == "好。"
    assert waits == [0, 1]
    assert [record.getMessage() for record in caplog.records] == ["llm_tried_again"] * 2


def test_it_is_tried_only_so_often_and_not_where_it_is_of_no_use() -> None:
    chat = FakeChatModel(way="failing")
    with pytest.raises(LanguageModelError) as caught:
        list(model_of(chat, llm_retries=3).write(ASKED))
    assert len(chat.seen) == 4
    assert caught.value.reason == "failed"
    assert "broke" in caught.value.en and "中断" in caught.value.zh
    chat = FakeChatModel(script=[ValueError("what is this?"), "好。"])
    with pytest.raises(LanguageModelError, match="is no reply"):
        list(model_of(chat).write(ASKED))
    assert len(chat.seen) == 1


def test_nothing_is_tried_again_after_the_first_piece() -> None:
    chat = FakeChatModel(way="breaking")
    writing = model_of(chat).write(ASKED)
    said = []
    with pytest.raises(LanguageModelError) as caught:
        for piece in writing:
            said.append(piece)
    assert "".join(said) == "茶园有五百亩。[1]\n"
    assert caught.value.reason == "failed"
    assert len(chat.seen) == 1
    assert list(writing) == []


@pytest.mark.parametrize("chat", [FakeChatModel(way="silent"), FakeChatModel(script=[" \n"])])
def test_an_empty_reply_is_a_failure(chat: FakeChatModel) -> None:
    model = model_of(chat, llm_failures=1)
    with pytest.raises(LanguageModelError, match="without writing a word"):
        list(model.write(ASKED))
    assert model.state == "open"


@pytest.mark.parametrize(
    ("limits", "state"), [({"seconds": 1.0}, "open"), ({"first": 0.2}, "open"), ({"seconds": 0.2}, "closed")]
)
def test_a_reply_that_does_not_come_in_time_is_late_and_its_thread_ends(
    limits: dict[str, float], state: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It counts against the model, but not where only the caller's own shorter time was over."""
    model = model_of(FakeChatModel(way="stalled"), llm_failures=1, llm_seconds=1.0, llm_first_seconds=1.0)
    said = []
    with pytest.raises(LanguageModelError) as caught:
        for piece in model.write(ASKED, **limits):
            said.append(piece)
    assert caught.value.reason == "late"
    assert "".join(said) == "茶园有五百亩。[1]\n"
    assert model.state == state
    assert len(caplog.records) == (state == "open")
    all_end()


def test_silence_after_it_has_begun_is_noticed_long_before_the_deadline() -> None:
    model = model_of(FakeChatModel(way="stalled"), llm_first_seconds=0.2, llm_seconds=600)
    with pytest.raises(LanguageModelError) as caught:
        list(model.write(ASKED))
    assert caught.value.reason == "late"
    all_end()


def test_once_what_was_waited_for_has_come_only_the_whole_time_counts() -> None:
    writing = model_of(FakeChatModel(way="slow", pause=0.05)).write(ASKED, first=0.3)
    said = next(writing)
    writing.in_time()
    assert said + "".join(writing) == "茶园有五百亩。[1]"


def test_closing_ends_the_thread_also_where_the_queue_is_full_or_the_model_silent() -> None:
    for chat in (
        FakeChatModel(script=["好" * 5000]),
        FakeChatModel(way="stalled"),
        FakeChatModel(way="slow", pause=600),
    ):
        model = model_of(chat, llm_failures=1)
        with model.write(ASKED) as writing:
            if chat.way != "slow":
                next(writing)
        assert list(writing) == []
        all_end()
        assert model.state == "closed"


def test_a_forgotten_writing_lets_its_thread_end() -> None:
    writing = model_of(FakeChatModel(way="stalled")).write(ASKED)
    next(writing)
    del writing
    gc.collect()
    all_end()


def test_a_model_that_keeps_failing_is_left_alone() -> None:
    chat = FakeChatModel(way="failing")
    model = model_of(chat, llm_failures=2, llm_retries=0, llm_pause_seconds=500)
    for _ in range(2):
        assert model.state == "closed"
        with pytest.raises(LanguageModelError, match="broke"):
            list(model.write(ASKED))
    with pytest.raises(LanguageModelError) as caught:
        model.write(ASKED)
    assert caught.value.reason == "paused"
    assert 400 < caught.value.retry_after <= 500
    assert len(chat.seen) == 2
    assert model.state == "open" and model.retry_after > 400


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
def test_what_the_server_said_is_logged_only_to_look_for_a_fault_and_without_what_is_secret(
    caplog: pytest.LogCaptureFixture, level: int
) -> None:
    key, password = "sk-very-secret", "hush"
    said = f"茶园有多大？ is too long. Incorrect API key provided: {key} at https://me:{password}@127.0.0.1/v1"
    model = model_of(FakeChatModel(script=[ValueError(said)]), llm_api_key=SecretStr(key))
    with caplog.at_level(level, "suanlian.llm"), pytest.raises(LanguageModelError) as caught:
        list(model.write(ASKED))
    assert caplog.records[0].__dict__["error"] == "ValueError"
    told = f"{caplog.records[0].__dict__} {caught.value.en} {caught.value.zh} {model!r}"
    assert ("茶园" in told) == (level == logging.DEBUG)
    assert ("Incorrect API key provided: *** at https://***@127.0.0.1/v1" in told) == (level == logging.DEBUG)
    assert key not in told and password not in told


def test_many_at_once() -> None:
    model = model_of(FakeChatModel())
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.append("".join(model.write(ASKED)))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["茶园有五百亩。[1]"] * 20
    all_end()


def test_the_waits_grow_to_a_bound() -> None:
    assert 0.25 <= backoff(0) <= 0.5
    assert 1 <= backoff(2) <= 2
    assert all(4 <= backoff(tried) <= 8 for tried in (4, 9, 60))


class Blocks(FakeChatModel):
    """A model whose content comes in blocks, some of them no text."""

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        for content in (
            [{"type": "reasoning", "reasoning": "想一想"}],
            [{"type": "text", "text": "五百"}, {"type": "text", "text": "亩"}],
            "",
            "。",
        ):
            yield ChatGenerationChunk(message=AIMessageChunk(content=content))


def test_text_in_blocks_is_text_and_reasoning_is_none() -> None:
    assert list(model_of(Blocks()).write(ASKED)) == ["五百亩", "。"]


def test_without_a_thread_to_be_had_it_fails_and_another_call_may_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    model = model_of(
        FakeChatModel(script=[ConnectionError(), "好。"]), llm_failures=1, llm_retries=0, llm_pause_seconds=1e-9
    )
    with pytest.raises(LanguageModelError):
        list(model.write(ASKED))
    assert model.state == "half_open"
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", none)
        with pytest.raises(LanguageModelError):
            model.write(ASKED)
    assert "".join(model.write(ASKED)) == "好。"
    assert model.state == "closed"


def test_what_was_read_whole_in_time_may_be_taken_later() -> None:
    writing = model_of(FakeChatModel()).write(ASKED, seconds=0.3)
    all_end()
    threading.Event().wait(0.4)
    assert "".join(writing) == "茶园有五百亩。[1]"


def test_the_thread_of_a_reply_that_nobody_reads_on_ends_at_its_deadline() -> None:
    model = model_of(FakeChatModel(script=["好" * 5000]), llm_seconds=0.3, llm_first_seconds=0.3, llm_failures=1)
    writing = model.write(ASKED)
    next(writing)
    all_end()
    with pytest.raises(LanguageModelError) as caught:
        list(writing)
    assert caught.value.reason == "late"
    assert model.state == "closed", "it is the reader who was late"


def test_a_model_that_waits_for_its_reader_is_not_silent() -> None:
    flow = _Flow(time.monotonic() + 10)
    for _ in range(64):
        assert flow.put("好")
        flow.heard()
    full = threading.Thread(target=flow.put, args=("。",))
    full.start()
    threading.Event().wait(0.05)
    with flow._changed:  # all is read before the thread that waits for room comes to itself
        said = [flow.take(time.monotonic() + 10, stall=0.01) for _ in range(65)]
    assert said == ["好"] * 64 + ["。"]
    full.join()


@given(st.text(max_size=300).filter(str.strip))
def test_no_character_is_lost_or_moved(text: str) -> None:
    assert "".join(model_of(FakeChatModel(script=[text])).write([("user", "说吧")])) == text
