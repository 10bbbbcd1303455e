import json
import threading
from pathlib import Path
from typing import Any

import pytest

from rag import (
    BatchJournal,
    BatchLine,
    BatchProgress,
    LanguageModelError,
    ModelError,
    QuestionError,
    batch_lines,
    run_batch,
)


def lines_of(count: int) -> list[BatchLine]:
    return list(batch_lines(((n, {"question": f"第{n}问"}) for n in range(1, count + 1)), max_chars=100))


class Asked:
    """Answers every question but those told; remembers what was asked."""

    def __init__(self, **errors: Exception) -> None:
        self.questions: list[str] = []
        self.errors = errors
        self.most = self.now = 0
        self._lock = threading.Lock()

    def __call__(self, line: BatchLine) -> dict[str, Any]:
        with self._lock:
            self.questions.append(line.question)
            self.now += 1
            self.most = max(self.most, self.now)
        threading.Event().wait(0.002)
        with self._lock:
            self.now -= 1
        if error := self.errors.get(f"q{line.number}"):
            raise error
        return {"refused": line.number % 2 == 0, "answer": str(line.number)}


def test_each_line_is_asked_once_by_as_many_threads_as_are_allowed(tmp_path: Path) -> None:
    lines = [*lines_of(40), *batch_lines([(41, "{")], max_chars=9)]
    ask, told = Asked(), list[BatchProgress]()
    with BatchJournal(tmp_path / "j") as journal:
        end = run_batch(lines, ask, journal, workers=3, progress=told.append)
    assert sorted(ask.questions) == sorted(line.question for line in lines[:40])
    assert 1 < ask.most <= 3
    assert [p.done for p in told] == list(range(1, 42))  # the wrong line is done from the first
    assert (end.done, end.failed, end.refused, end.total) == (41, 1, 20, 41)
    assert end.rate > 0
    assert told[0].eta is None
    assert told[-1].eta == 0
    assert [json.loads(r)["line"] for r in journal.results(lines)] == list(range(1, 42))


def test_what_failed_is_one_lines_error_and_is_asked_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lines = lines_of(4)
    ask = Asked(q2=QuestionError("no", "不行", code="odd"), q3=RuntimeError("/secret/path broke"))
    with BatchJournal(tmp_path / "j") as journal:
        assert run_batch(lines, ask, journal).failed == 2
    kept = b"".join(journal.results(lines))
    assert b'"code": "odd"' in kept
    assert b'"code": "internal_error"' in kept
    assert b"secret" not in kept
    assert "/secret/path broke" in caplog.text
    again = Asked()
    with BatchJournal(tmp_path / "j") as journal:
        end = run_batch(lines, again, journal)
    assert again.questions == ["第2问", "第3问"]
    assert (end.done, end.failed) == (4, 0)
    assert b"error" not in b"".join(journal.results(lines))


def test_an_error_of_more_than_one_question_ends_the_run(tmp_path: Path) -> None:
    lines = lines_of(20)
    ask = Asked(q3=ModelError("the model is gone"))
    with BatchJournal(tmp_path / "j") as journal, pytest.raises(ModelError):
        run_batch(lines, ask, journal)
    assert ask.questions == ["第1问", "第2问", "第3问"]
    assert [journal.state(line) for line in lines[:4]] == ["answered", "refused", None, None]


def test_a_language_model_left_alone_ends_the_run_and_one_that_failed_at_a_question_does_not(tmp_path: Path) -> None:
    lines = lines_of(5)
    late = LanguageModelError("It was late.", reason="late")
    paused = LanguageModelError("It is left alone.", reason="paused", retry_after=9.0)
    ask = Asked(q2=late, q4=paused)
    with BatchJournal(tmp_path / "j") as journal, pytest.raises(LanguageModelError, match="left alone"):
        run_batch(lines, ask, journal)
    assert [journal.state(line) for line in lines] == ["answered", "failed", "answered", None, None]


def test_a_run_that_is_stopped_keeps_what_was_under_way(tmp_path: Path) -> None:
    lines, stop = lines_of(10), threading.Event()

    def ask(line: BatchLine) -> dict[str, Any]:
        if line.number == 4:
            stop.set()
        return {"answer": ""}

    with BatchJournal(tmp_path / "j") as journal:
        assert run_batch(lines, ask, journal, stop=stop).done == 4
        rest = Asked()
        assert run_batch(lines, rest, journal).done == 10
    assert len(rest.questions) == 6


def test_a_rate_holds_questions_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, waits = threading.Event(), list[float]()
    monkeypatch.setattr(stop, "wait", lambda seconds: waits.append(seconds))
    with BatchJournal(tmp_path / "j") as journal:
        run_batch(lines_of(5), lambda line: {"answer": ""}, journal, rate=0.5, stop=stop)
    # Each may begin two seconds after the one before, and time does not run here.
    assert [round(w / 2) for w in waits] == [0, 1, 2, 3, 4]
