"""Log lines: JSON, with what happened and without what was asked."""

from __future__ import annotations

import json
import logging

import pytest
from fastapi.testclient import TestClient

from api.logs import JsonFormatter


def test_one_line_a_request_without_its_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "suanlian.api")
    caplog.handler.setFormatter(JsonFormatter())
    reply = client.post("/v1/chat?note=秘密", json={"question": "谁种茶", "top_k": 3})
    client.post("/v1/chat", json={"question": "谁种茶", "top_k": 0})
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.msg == "request"]
    good, bad = lines[-2:]
    assert (good["method"], good["path"], good["status"]) == ("POST", "/v1/chat", 200)
    assert good["request_id"] == reply.headers["x-request-id"]
    assert good["ms"] >= 0
    assert (bad["status"], bad["code"]) == (422, "invalid_request")
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
