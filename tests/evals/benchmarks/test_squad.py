"""Reading squad-style files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.benchmarks.squad import half_of, load_squad
from rag import FileError


def test_golds_are_spans_of_the_paragraph(squad_file: Path) -> None:
    found = load_squad(squad_file)
    texts = {paragraph.id: paragraph.text for paragraph in found.paragraphs}
    assert set(texts) == {"pumps-1", "pumps-2", "mills-1"}
    assert {q.id: [texts[q.paragraph][s:e] for s, e in q.golds] for q in found.questions} == {
        "pumps-1-q0": ["1952年"],
        "pumps-2-q0": ["青铜"],
        "mills-1-q0": ["木头"],
    }
    assert all(len(question.answers) == 1 for question in found.questions)


def test_an_article_lies_in_one_half(squad_file: Path) -> None:
    found = load_squad(squad_file)
    for question in found.questions:
        assert question.half == half_of(question.paragraph.split("-")[0])
    both = [question.id for half in ("tune", "report") for question in found.chosen(half)]  # type: ignore[arg-type]
    assert sorted(both) == sorted(question.id for question in found.questions)


def test_halves_are_of_like_size() -> None:
    sizes = Counter(half_of(str(number)) for number in range(2000))
    assert abs(sizes["tune"] - sizes["report"]) < 200


def test_a_limit_is_a_fixed_sample_in_the_file_s_order(squad_file: Path) -> None:
    found = load_squad(squad_file)
    two = found.chosen(limit=2)
    assert len(two) == 2
    assert two == [question for question in found.questions if question in two]
    assert set(found.chosen(limit=1)) <= set(two)


@pytest.mark.parametrize("content", ["{", "[]", '{"data": [{"id": "a"}]}', '{"rows": []}'])
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=r"other\.json"):
        load_squad(path)


def test_an_answer_that_stands_nowhere_is_refused(tmp_path: Path) -> None:
    qas = [{"id": "q", "question": "什么？", "answers": [{"text": "铜", "answer_start": 0}]}]
    path = tmp_path / "wrong.json"
    data = [{"id": "a", "title": "", "paragraphs": [{"id": "p", "context": "铁。", "qas": qas}]}]
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    with pytest.raises(FileError, match="answer of q"):
        load_squad(path)


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.json"):
        load_squad(tmp_path / "none.json")


def test_a_question_without_words_is_left_out(tmp_path: Path) -> None:
    gold = [{"text": "铁", "answer_start": 0}]
    qas = [{"id": "empty", "question": "", "answers": gold}, {"id": "q", "question": "什么？", "answers": gold}]
    path = tmp_path / "some.json"
    data = [{"id": "a", "title": "", "paragraphs": [{"id": "p", "context": "铁。", "qas": qas}]}]
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    assert [question.id for question in load_squad(path).questions] == ["q"]
