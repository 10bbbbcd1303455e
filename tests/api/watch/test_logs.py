"""Log lines: JSON, with what happened and without what was asked."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api import create_app
from api.watch.logs import JsonFormatter, TextFormatter, log_to_stderr
from rag import Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, wait_ready


def test_one_line_a_request_without_its_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "suanlian.api")
    caplog.handler.setFormatter(JsonFormatter())
    reply = client.post("/v1/chat", json={"question": "谁种茶", "top_k": 3})
    client.post("/v1/chat?note=秘密", json={"question": "谁种茶", "top_k": 0})
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.msg == "request"]
    good, bad = lines[-2:]
    assert (good["method"], good["path"], good["status"]) == ("POST", "/v1/chat", 200)
    assert good["request_id"] == reply.headers["x-request-id"]
    assert good["ms"] >= 0
    assert (bad["status"], bad["code"]) == (422, "unknown_parameter")
    assert "谁种茶" not in caplog.text
    assert "秘密" not in caplog.text


def test_a_forged_path_stays_on_one_line() -> None:
    record = logging.makeLogRecord({"msg": "request", "path": '/a\n{"level": "info"}'})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["path"].startswith("/a\n")


def test_an_exception_is_in_the_line() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "bug", "exc_info": (type(error), error, error.__traceback__)})
    assert "ValueError: broken" in json.loads(JsonFormatter().format(record))["exception"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def quiet_loggers() -> Iterator[None]:
    """What a program sets up is taken down again."""
    loggers = [logging.getLogger(name) for name in ("suanlian", "uvicorn")]
    kept = [(logger, logger.handlers, logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, handlers, level, propagate in kept:
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def logged(settings: Settings, stream: io.StringIO) -> list[str]:
    """The lines of a service that is asked two questions, one with a slip, and looked after."""
    log_to_stderr(settings, stream=stream)
    with TestClient(create_app(as_assistant(FakeAssistant()), settings), base_url=URL) as client:
        wait_ready(client)
        key = {"Authorization": "Bearer sesame"}
        client.post("/v1/chat", json={"question": "谁种茶"}, headers=key)
        client.post("/v1/chat", json={"question": "何时\n开垦"}, headers=key)
        client.post("/v1/chat", json={"question": "谁种茶"}, headers={"Authorization": "Bearer wrong-sesame"})
        client.get("/healthz?key=sesame")
        client.get("/metrics", headers=key)
        client.get("/a%0Ab%1B[31m", headers=key)
    return stream.getvalue().splitlines()


@pytest.mark.usefixtures("quiet_loggers")
@pytest.mark.parametrize("questions", [False, True])
@pytest.mark.parametrize("style", ["json", "text"])
def test_questions_are_logged_only_where_it_is_asked_for_and_keys_never(style: Any, questions: bool) -> None:
    settings = Settings(log_format=style, log_questions=questions, log_level="debug", api_keys=SecretStr("sesame"))
    text = "\n".join(logged(settings, io.StringIO()))
    assert "sesame" not in text
    assert "/healthz" in text and "/metrics" in text  # at debug
    assert ("谁种茶" in text) is questions
    if style == "json":
        chats = [line for line in map(json.loads, text.splitlines()) if line.get("path") == "/v1/chat"]
        answers = [tuple(line.get(name) for name in ("question", "mode", "refused", "confidence")) for line in chats]
        told = [("谁种茶", "extractive", False, 0.93), ("何时\n开垦", "extractive", True, 0.21)]
        assert answers == [*(told if questions else [(None,) * 4] * 2), (None,) * 4]


@pytest.mark.usefixtures("quiet_loggers")
def test_a_terminal_gets_lines_for_a_person_and_a_file_gets_json() -> None:
    text = logged(Settings(log_questions=True, api_keys=SecretStr("sesame")), Terminal())
    assert len(text) == 5  # ready and four requests: health checks and metrics only at debug
    assert any(
        re.match(
            r"\d\d:\d\d:\d\d info +POST /v1/chat 200 [\d.]+ ms request_id=req_\w+ caller=\S+ question=谁种茶", line
        )
        for line in text
    )
    assert any('question="何时\\n' in line for line in text)
    assert not any("\x1b" in line for line in text)
    assert any('"/a\\nb\\u001b[31m" 404' in line for line in text)
    lines = logged(Settings(api_keys=SecretStr("sesame")), io.StringIO())
    assert len([json.loads(line) for line in lines]) == 5


@pytest.mark.usefixtures("quiet_loggers")
def test_a_level_keeps_what_is_below_it_out() -> None:
    assert logged(Settings(log_level="warning", api_keys=SecretStr("sesame")), io.StringIO()) == []


def test_a_bug_is_shown_to_a_person_with_its_trace() -> None:
    try:
        raise ValueError("broken")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "bug", "exc_info": (type(error), error, error.__traceback__)})
    first, *rest = TextFormatter().format(record).splitlines()
    assert first.endswith("bug")
    assert rest[-1] == "ValueError: broken"


def test_the_line_says_what_became_of_an_answer_that_a_language_model_was_to_write(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "suanlian.api")
    for question in ("谁撰写", "谁中断", "谁退回", "谁种茶"):
        client.post("/v1/chat", json={"question": question})
    lines = [vars(record) for record in caplog.records if record.msg == "request" and record.path == "/v1/chat"]
    told = [tuple(line.get(name) for name in ("mode", "fallback", "repairs", "incomplete")) for line in lines]
    assert told == [
        ("llm", None, 3, None),
        ("llm", None, None, True),
        ("extractive", "late", None, None),
        (None, None, None, None),
    ]
    assert not any("谁" in str(line) for line in lines)
