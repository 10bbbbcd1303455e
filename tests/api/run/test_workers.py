"""Several processes on one port: a real process tree."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

import api.run.workers
from tests.api.processes import Question, Service, eventually, started

BIRDS = "# 湖边的鸟\n\n白鹭站在浅水里。白鹭以小鱼和青蛙为食。\n"
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes under /proc")


def ask(url: str, question: str = "白鹭吃什么") -> dict[str, object]:
    body = json.dumps({"question": question}).encode()
    with urlopen(Request(f"{url}/v1/chat", body, {"Content-Type": "application/json"})) as reply:
        return dict(json.load(reply))


def metrics(url: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """(name, label values in the order of their names) → value."""
    with urlopen(f"{url}/metrics") as reply:
        text = reply.read().decode()
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def pids(url: str) -> set[int]:
    return {int(labels[0]) for name, labels in metrics(url) if name == "process_resident_memory_bytes"}


def ready_workers(url: str) -> float:
    try:
        return metrics(url)["suanlian_ready_workers", ()]
    except (URLError, OSError):  # one that was killed had this connection
        return 0


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def workers(folder: Path, number: int = 2) -> Iterator[Service]:
    """A first start, without an index, everything given by options."""
    documents, counts = folder / "documents", folder / "counts"
    documents.mkdir()
    counts.mkdir()
    (documents / "birds.md").write_text(BIRDS, encoding="utf-8")
    options = ["--index", str(folder / "index"), "--port", "0", "--workers", str(number)]
    with started(
        ["-m", "suanlian", "serve", *options], RAG_DOCUMENTS=str(documents), PROMETHEUS_MULTIPROC_DIR=str(counts)
    ) as service:
        eventually(lambda: ready_workers(service.url) == number)
        yield service


def test_they_share_a_port_an_index_and_their_counts_and_end_together(tmp_path: Path) -> None:
    with workers(tmp_path) as service:
        url = service.url
        assert service.log.count("building the index") == 1
        for _ in range(12):
            reply = ask(url)
            assert reply["index"] == {"collection": "default", "generation": 1}
            assert not reply["refused"]
        first = pids(url)
        assert len(first) == 2
        assert service.process.pid not in first
        for _ in range(4):  # whichever of them is asked
            counted = metrics(url)
            assert counted["suanlian_answers_total", ("extractive", "false")] == 12
            assert counted["suanlian_http_requests_total", ("POST", "/v1/chat", "200")] == 12
            assert counted["suanlian_index_documents", ("default",)] == 1
        # One that is killed is replaced, what it counted stays, and the port is served all the while.
        killed = min(first)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: "worker_ended" in service.log)
        assert ask(url)["answer"]
        eventually(lambda: ready_workers(url) == 2)
        second = pids(url)
        assert len(second) == 2
        assert killed not in second
        assert metrics(url)["suanlian_answers_total", ("extractive", "false")] == 13
        assert len(list((tmp_path / "counts").iterdir())) == 1
        service.process.send_signal(signal.SIGTERM)
        assert service.wait() == 0
        assert not any(lives(pid) for pid in first | second)
        assert not service.reachable()
        assert list((tmp_path / "counts").iterdir()) == []
        assert "Traceback" not in service.log
        for line in service.log.splitlines():
            assert not line or line.startswith("{") or "building the index" in line or "http://" in line


BROKEN = """
import sys
import api.run.workers
from api.watch.logs import log_to_stderr
from rag import Settings, SuanlianError
from tests.api.fake import FakeAssistant

class Opened(FakeAssistant):
    @classmethod
    def open(cls, **given):
        return cls()

def make_server(*args, **given):
    raise RuntimeError("broken in the worker")

api.run.workers.Assistant = Opened
api.run.workers.make_server = make_server
if __name__ == "__main__":
    print("http://127.0.0.1:1", file=sys.stderr, flush=True)
    try:
        settings = Settings(port=0, workers=1)
        log_to_stderr(settings)
        api.run.workers.serve_many(settings, ready=print)
    except SuanlianError as error:
        print(error.en, error.zh, file=sys.stderr)
        sys.exit(1)
"""


def test_workers_that_never_serve_end_it_with_one_sentence(tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text(BROKEN, encoding="utf-8")
    with started([str(script)]) as service:
        assert service.wait() == 1
        assert "The workers end before they serve" in service.log
        assert service.log.count("worker_failed") == 2
        assert "RuntimeError: broken in the worker" in service.log


SLOW = """
import sys, time
import api.run.workers
from rag import Settings
from tests.api.fake import FakeAssistant

class Slow(FakeAssistant):
    @classmethod
    def open(cls, **given):
        return cls()

    def ask(self, question, **given):
        print("asked", file=sys.stderr, flush=True)
        time.sleep(float(sys.argv[1]))
        return super().ask(question, **given)

api.run.workers.Assistant = Slow
if __name__ == "__main__":
    ready = lambda url: print(url, file=sys.stderr, flush=True)
    api.run.workers.serve_many(Settings(port=0, workers=2, stop_seconds=600), ready=ready)
"""


@pytest.fixture
def slow(tmp_path: Path) -> str:
    script = tmp_path / "slow.py"
    script.write_text(SLOW, encoding="utf-8")
    return str(script)


def test_a_running_answer_is_finished(slow: str) -> None:
    with started([slow, "4"]) as service:
        question = Question(service)
        service.process.send_signal(signal.SIGTERM)
        eventually(lambda: not service.reachable())
        assert service.process.poll() is None, "it ended before its answer did"
        question.wait()
        assert question.reply["items"]
        assert service.wait() == 0
        assert "Traceback" not in service.log


def test_a_second_interrupt_ends_all_at_once(slow: str) -> None:
    with started([slow, "600"]) as service:
        question = Question(service)
        alive = pids(service.url)
        service.process.send_signal(signal.SIGINT)
        eventually(lambda: not service.reachable())
        service.process.send_signal(signal.SIGINT)
        assert service.wait() == 0
        question.wait()
        assert not question.reply
        assert not any(lives(pid) for pid in alive)


def test_they_do_not_outlive_their_supervisor_and_the_next_one_tidies_up(slow: str, tmp_path: Path) -> None:
    counts = tmp_path / "counts"
    counts.mkdir()
    here = {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    with started([slow, "0"], **here) as service:
        eventually(lambda: ready_workers(service.url) == 2)
        alive = pids(service.url)
        service.process.send_signal(signal.SIGKILL)
        assert service.process.wait() == -signal.SIGKILL
        eventually(lambda: not any(lives(pid) for pid in alive))
    (left,) = counts.iterdir()
    long_ago = time.time() - 3600
    os.utime(left / "supervisor.lock", (long_ago, long_ago))
    with started([slow, "0"], **here) as service:
        assert left not in counts.iterdir()
        (held,) = counts.iterdir()
        os.utime(held / "supervisor.lock", (long_ago, long_ago))
        with api.run.workers._counts(counts):  # one that starts beside it
            assert held.is_dir()
        service.process.send_signal(signal.SIGTERM)
        assert service.wait() == 0
    assert list(counts.iterdir()) == []
