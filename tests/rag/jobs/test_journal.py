import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import BatchBusyError, BatchChangedError, BatchJournal, BatchLine, QuestionError, batch_lines


def lines_of(*questions: str) -> list[BatchLine]:
    return list(batch_lines(((n, {"question": q}) for n, q in enumerate(questions, 1)), max_chars=100))


def results(journal: BatchJournal, lines: list[BatchLine]) -> list[dict[str, object]]:
    return [json.loads(result) for result in journal.results(lines)]


def test_answers_come_back_in_the_order_of_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "j"
    a, b, c, wrong = lines_of("甲", "乙", "丙", "")
    with BatchJournal(path) as journal:
        journal.answer(c, {"refused": True, "answer": "没有"})
        journal.answer(a, {"refused": False, "answer": "一\u2028二"})
        journal.fail(b, QuestionError("en", "中", code="odd"))
    for held in (journal, BatchJournal(path)):
        assert [held.state(line) for line in (a, b, c, wrong)] == ["answered", "failed", "refused", "failed"]
        assert results(held, [a, wrong, b, c]) == [
            {"id": "1", "line": 1, "question": "甲", "reply": {"refused": False, "answer": "一\u2028二"}},
            {"id": "4", "line": 4, "error": {"code": "question_empty", "message": "问题是空的，请写一个问题。"}},
            {"id": "2", "line": 2, "question": "乙", "error": {"code": "odd", "message": "中"}},
            {"id": "3", "line": 3, "question": "丙", "reply": {"refused": True, "answer": "没有"}},
        ]
        assert b'"message": "en"' in next(held.results([b], english=True))


def test_an_answer_is_found_again_where_lines_came_and_went(tmp_path: Path) -> None:
    with BatchJournal(tmp_path / "j") as journal:
        journal.answer(lines_of("甲", "乙")[1], {"answer": "二"})
    [new, moved] = lines_of("新", "乙")
    assert BatchJournal(tmp_path / "j").state(new) is None
    assert results(BatchJournal(tmp_path / "j"), [moved]) == [
        {"id": "2", "line": 2, "question": "乙", "reply": {"answer": "二"}}
    ]


@given(st.data())
def test_cut_off_anywhere_it_holds_what_was_whole_and_goes_on(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "j"
    lines = lines_of("甲", "乙", "丙")
    ends = []
    with BatchJournal(path, {"mode": "auto"}) as journal:
        for line in lines:
            journal.answer(line, {"answer": line.question})
            ends.append(path.stat().st_size)
    cut = data.draw(st.integers(0, ends[-1]))
    path.write_bytes(path.read_bytes()[:cut])
    whole = sum(end <= cut for end in ends)
    assert [r["question"] for r in results(BatchJournal(path), lines)] == ["甲", "乙", "丙"][:whole]
    with BatchJournal(path, {"mode": "auto"}) as journal:
        for line in lines[whole:]:
            assert journal.state(line) is None
            journal.answer(line, {"answer": line.question})
    assert len(results(BatchJournal(path), lines)) == 3
    assert len(path.read_bytes().splitlines()) == 4
    assert all(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def test_one_run_at_a_time_and_with_the_same_settings(tmp_path: Path) -> None:
    [line] = lines_of("甲")
    with BatchJournal(tmp_path / "j", {"mode": "auto", "top_k": 8}) as journal:
        with pytest.raises(BatchBusyError), BatchJournal(tmp_path / "j", {"mode": "auto", "top_k": 8}):
            pass
        journal.answer(line, {"answer": ""})
    with (
        pytest.raises(BatchChangedError, match="another mode"),
        BatchJournal(tmp_path / "j", {"mode": "llm", "top_k": 8}),
    ):
        pass
    with BatchJournal(tmp_path / "j", {"mode": "llm"}, fresh=True) as journal:
        assert journal.state(line) is None
    with BatchJournal(tmp_path / "j", {"mode": "auto"}):  # nothing was answered with the others
        pass
    journal.remove()
    assert not list(tmp_path.iterdir())
