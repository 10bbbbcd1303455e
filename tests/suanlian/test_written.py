"""Answers that a language model wrote, on the command line: the fake assistant in the place of an index."""

from __future__ import annotations

import io
import json
import sys

import pytest

from rag import Settings
from suanlian import cli
from tests.api.fake import FakeAssistant


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    fake = FakeAssistant(Settings(llm_model="tea-writer"))
    monkeypatch.setattr(cli, "open_assistant", lambda *_: fake)
    return fake


def called(monkeypatch: pytest.MonkeyPatch, *arguments: str, given: str = "") -> int:
    """The exit code of a call."""
    monkeypatch.setattr(sys, "argv", ["suanlian", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (
            "谁撰写",
            [
                "由语言模型撰写，逐句核对过；改动 3 处：改引正确的出处 1 处、以原文替代 1 处、删去无依据 1 处。 Written by a language model,",
            ],
        ),
        ("谁退回", ["语言模型超时，已改用原文语句。 The language model was late;"]),
        (
            "谁中断",
            [
                "由语言模型撰写，逐句核对过。",
                "回答没有写完，以上是已核对的部分，可以再问一次。 The answer was not finished;",
            ],
        ),
        ("谁种茶", []),
    ],
)
def test_the_last_lines_say_how_an_answer_was_made(
    fake: FakeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    question: str,
    lines: list[str],
) -> None:
    assert called(monkeypatch, "ask", question) == 0
    out = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(out) if line.startswith("confidence "))
    assert out[at].endswith("· llm" if question in ("谁撰写", "谁中断") else "· extractive")
    said = out[at + 1 :]
    assert len(said) == len(lines)
    assert all(line.startswith(beginning) for line, beginning in zip(said, lines, strict=True))


def test_json_holds_what_was_mended(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "ask", "谁撰写", "--mode", "llm", "--json") == 0
    reply = json.loads(capsys.readouterr().out)
    assert (reply["mode"], len(reply["repairs"]), reply["usage"]["output_tokens"]) == ("llm", 3, 96)
    assert fake.calls[-1]["mode"] == "llm"


def test_a_language_model_that_gives_no_answer_is_1_and_one_sentence(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "ask", "不可用", "--mode", "llm") == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "✗ 语言模型连续出错；请稍后再问，或用 extractive 模式提问。",
        "  The language model has failed several times; ask again later, or with mode extractive.",
    ]


def test_a_language_model_that_is_not_configured_is_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "open_assistant", lambda *_: FakeAssistant())
    assert called(monkeypatch, "ask", "谁种茶", "--mode", "llm") == 2
    assert "没有配置语言模型" in capsys.readouterr().err


def test_a_conversation_goes_on_where_the_model_failed(
    fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "ask", given="不可用\n谁撰写\n\n") == 0
    told = capsys.readouterr()
    assert "语言模型连续出错" in told.err
    assert "由语言模型撰写，逐句核对过" in told.out
    assert len(fake.calls[-1]["question"]) == 1  # what was not answered is no part of the conversation
