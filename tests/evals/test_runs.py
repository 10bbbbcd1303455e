"""Runs as JSON, there and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from evals.replies import answer_of
from evals.report import as_dict
from evals.runs import FORMAT, Run, read_runs, write_runs
from rag import Answer, DocumentRef, FileError, Related
from tests.evals.samples import answer, listed, one, question, refusal, some

RUN = Run("own", some(wrong=frozenset({4})))
RELATED = (Related(DocumentRef("d", 1, "t"), ("a",), "words", 0, 5, 0.5),)
HISTORY = ({"role": "user", "content": "你好"},)


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    write_runs(tmp_path / "run.json", [RUN, Run("other", RUN.scored[:1])])
    first, second = read_runs(tmp_path / "run.json")
    assert first.as_dict() == RUN.as_dict()
    assert [s.question for s in first.scored] == [s.question for s in RUN.scored]
    assert [s.answer for s in first.scored] == [s.answer for s in RUN.scored]
    assert (second.name, len(second.scored)) == ("other", 1)


def test_a_file_of_one_run_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(RUN.as_dict()), encoding="utf-8")
    assert len(read_runs(tmp_path / "run.json")) == 1


def test_a_question_s_row_holds_all_that_a_report_shows() -> None:
    kept = as_dict("own", [one(question(history=HISTORY), answer(trace=({"fused": 0.5},)))])
    assert kept["format"] == FORMAT
    assert kept["about"]["collection"] == "default"
    (row,) = json.loads(json.dumps(kept, allow_nan=False))["questions"]
    assert row["question"]["history"] == list(HISTORY)
    assert row["question"]["points"][0]["evidence"]
    assert row["answer"]["citations"][0]["document"]["title"] == "磨坊"
    assert row["answer"]["trace"] == [{"fused": 0.5}]
    assert row["retrieved"][0]["gold"] is True
    assert (row["ms"], row["verbatim"]) == (12.3, True)


@pytest.mark.parametrize(
    "said",
    [
        answer(),
        answer(trace=({"fused": 0.5},), missing=("年",), incomplete=True),
        listed("甲厂", "乙厂"),
        refusal(),
        answer(refused=True, related=RELATED, citations=(), short_answer=None),
    ],
)
def test_a_reply_is_the_answer_it_was(said: Answer) -> None:
    reply = json.loads(json.dumps(said.as_dict()))
    assert answer_of({**reply, "of_a_later_version": 1}) == said


@pytest.mark.parametrize("reply", [{}, {"answer": "", "index": None}, {"answer": "", "index": {}}])
def test_what_is_no_reply_is_refused(reply: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"fields|validation"):
        answer_of(reply)


@pytest.mark.parametrize(
    "words", ["{", "[1]", "{}", '{"format": 0}', f'{{"format": {FORMAT}, "set": "a", "questions": [{{}}]}}', "7"]
)
def test_what_is_no_run_is_told_with_the_command_that_makes_one(tmp_path: Path, words: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(FileError, match=r"other\.json is not a saved run .*suanlian eval dev --json"):
        read_runs(path)
    with pytest.raises(FileError, match=r"none\.json"):
        read_runs(tmp_path / "none.json")


def test_an_empty_run_is_kept_too() -> None:
    assert Run.from_dict(json.loads(json.dumps(Run("none", ()).as_dict()))) == Run("none", ())


def test_the_question_s_row_is_the_set_s_line() -> None:
    row = RUN.as_dict()["questions"][0]
    assert row["question"] == asdict(RUN.scored[0].question)
