"""Stopping a service that is at work: live processes, real signals."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.errors import ApiError
from api.run.stopping import Stop
from tests.api.processes import Question, Service, eventually, started

SCRIPT = """
import sys, time
from api import serve
from rag import Settings
from tests.api.fake import FakeAssistant, as_assistant

class Slow(FakeAssistant):
    def ask(self, question, **given):
        print("asked", file=sys.stderr, flush=True)
        time.sleep(float(sys.argv[1]))
        return super().ask(question, **given)

ready = lambda url: print(url, file=sys.stderr, flush=True)
serve(Settings(port=0, stop_seconds=int(sys.argv[2])), assistant=as_assistant(Slow()), ready=ready)
"""


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "service.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return str(path)


@pytest.fixture
def client_app(client: TestClient) -> Iterator[tuple[TestClient, FastAPI]]:
    assert isinstance(client.app, FastAPI)
    yield client, client.app


def ready(service: Service) -> bool:
    try:
        with urlopen(f"{service.url}/readyz") as reply:
            return bool(reply.status == 200)
    except URLError:
        return False


def test_a_running_answer_is_finished_and_no_new_connection_is_taken(script: str) -> None:
    with started([script, "3", "60"]) as service:
        eventually(lambda: ready(service))
        question = Question(service)
        service.process.send_signal(signal.SIGTERM)
        eventually(lambda: not service.reachable())
        assert service.process.poll() is None, "it ended before its answer did"
        question.wait()
        assert question.reply["items"]
        assert service.wait() in (0, -signal.SIGTERM)
        assert "Traceback" not in service.log


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_an_answer_that_takes_too_long_is_abandoned(script: str, sign: signal.Signals) -> None:
    with started([script, "600", "1"]) as service:
        eventually(lambda: ready(service))
        question = Question(service)
        service.process.send_signal(sign)
        assert service.wait() in (0, -sign)
        question.wait()
        assert not question.reply
        if sign == signal.SIGINT:
            assert "answers_abandoned" in service.log


def test_a_second_interrupt_ends_it_at_once(script: str) -> None:
    with started([script, "600", "600"]) as service:
        eventually(lambda: ready(service))
        question = Question(service)
        service.process.send_signal(signal.SIGINT)
        eventually(lambda: not service.reachable())
        service.process.send_signal(signal.SIGINT)
        assert service.wait() == 128 + signal.SIGINT
        question.wait()
        assert not question.reply


def test_a_service_that_is_stopping_is_not_ready_and_still_answers(client_app: tuple[TestClient, FastAPI]) -> None:
    client, app = client_app
    assert client.get("/readyz").status_code == 200
    app.state.stop.begin()
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "stopping")
    assert reply.headers["retry-after"]
    assert client.get("/healthz").status_code == 200
    assert client.post("/v1/chat", json={"question": "谁种茶"}).status_code == 200


def test_time_left_runs_from_the_first_signal_and_never_to_nothing() -> None:
    stop = Stop(100)
    assert stop.left() == 100
    stop.check()
    stop.begin()
    first = stop.left()
    assert 0 < first <= 100
    stop.begin()
    assert stop.left() <= first
    with pytest.raises(ApiError):
        stop.check()
    short = Stop(0.001)
    short.begin()
    assert short.left() >= Stop.LEAST / 2
