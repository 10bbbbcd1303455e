"""Every statement of a run's language model."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.statements import StatementLog, decisions, read_statements
from rag import FileError
from tests.evals.model_samples import DROPPED, KEPT, MOVED, NAMED, REPLACED
from tests.evals.samples import answer, question


def test_what_was_told_belongs_to_the_question_that_was_answered_next(tmp_path: Path) -> None:
    path = tmp_path / "out" / "statements.jsonl"
    log = StatementLog(path)
    log.witness(KEPT)
    log.witness(DROPPED)
    log.answered(question("q1"), answer())
    log.answered(question("q2"), answer())  # no statement: the model was not asked
    log.witness(REPLACED)
    log.answered(question("q1"), answer())  # of another set, with the same id
    kept = read_statements(path)
    assert kept == log.statements
    assert [(each.id, each.outcome) for each in kept] == [("q1.1", "kept"), ("q1.2", "dropped"), ("q1.3", "replaced")]
    assert (kept[0].named, kept[0].quotes) == ((NAMED,), (NAMED,))
    assert kept[0].quote_sections == (("磨坊", "历史"),)  # as the answer cites it
    assert "kept 1 · moved 0 · replaced 1 · dropped 1 · kept share 0.333; named no sentence 1" in log.told()


def test_an_earlier_run_s_statements_stay_until_another_has_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "statements.jsonl"
    path.write_text("before\n", encoding="utf-8")
    log = StatementLog(path)
    assert path.read_text(encoding="utf-8") == "before\n"
    log.answered(question("q1"), answer())
    assert read_statements(path) == []


def test_what_the_check_decided_is_counted_and_called_that() -> None:
    log = StatementLog()
    for told in (KEPT, KEPT, MOVED, DROPPED):
        log.witness(told)
    log.answered(question("q"), answer())
    found = decisions(log.statements)
    assert (found["kept"], found["moved"], found["replaced"], found["dropped"]) == (2, 1, 0, 1)
    assert (found["kept_share"], found["uncited"], found["reasons"]) == (0.5, 1, {"name": 1, "empty": 1})
    assert not any("faithful" in name for name in found)
    assert decisions([])["kept_share"] is None


@pytest.mark.parametrize("words", ["{", "{}", "[]"])
def test_what_is_no_statement_is_told_by_its_line(tmp_path: Path, words: str) -> None:
    path = tmp_path / "statements.jsonl"
    path.write_text(f"\n{words}\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"line 2 is not a statement"):
        read_statements(path)
    with pytest.raises(FileError, match=r"none\.jsonl cannot be read"):
        read_statements(tmp_path / "none.jsonl")


def test_an_id_that_stands_twice_and_an_outcome_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "statements.jsonl"
    log = StatementLog(path)
    log.witness(KEPT)
    log.answered(question("q1"), answer())
    line = path.read_text(encoding="utf-8")
    path.write_text(line * 2, encoding="utf-8")
    with pytest.raises(FileError, match="stands twice"):
        read_statements(path)
    path.write_text(line.replace('"kept"', '"perhaps"'), encoding="utf-8")
    with pytest.raises(FileError, match="outcome perhaps"):
        read_statements(path)
