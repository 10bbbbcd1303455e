"""Runs in RAGAS's form."""

from __future__ import annotations

import json
from pathlib import Path

from evals.ragas import REFUSAL, sample, write_ragas
from evals.runs import Run
from evals.sets import Point, load_set
from tests.evals.samples import TEXT, answer, one, question, ranking, refusal

# ragas.dataset_schema.SingleTurnSample
FIELDS = {
    "user_input": str,
    "response": str,
    "retrieved_contexts": list,
    "reference": str,
    "reference_contexts": list,
}


def test_a_sample_has_the_fields_that_ragas_knows() -> None:
    points = (Point(("1880年", "光绪六年"), (TEXT,)), Point(("河边",), (TEXT,)))
    found = sample(one(question(points=points), answer(), ranking(True, False)))
    assert {name: type(value) for name, value in found.items()} == FIELDS
    assert found["reference"] == "1880年；河边"
    assert found["response"] == "磨坊建于1880年。"
    assert found["retrieved_contexts"] == found["reference_contexts"] == [TEXT]


def test_a_follow_up_is_the_question_that_it_was_read_as() -> None:
    asked = question(question="建于哪一年？", history=({"role": "user", "content": "磨坊在哪里？"},))
    assert sample(one(asked, answer()))["user_input"] == "磨坊建于哪一年？"


def test_what_has_no_answer_should_be_refused() -> None:
    found = sample(one(question(answerable=False), refusal(), ranking()))
    assert found["reference"] == REFUSAL
    assert found["retrieved_contexts"] == []
    assert "reference_contexts" not in found


def test_a_file_of_it_is_a_question_set_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ragas.jsonl"
    write_ragas(path, [Run("own", (one(question(), answer()), one(question("q2"), answer())))])
    assert len([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]) == 2
    assert [q.points[0].any_of for q in load_set(str(path))] == [("1880年",)] * 2
