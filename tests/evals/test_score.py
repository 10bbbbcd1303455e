"""Putting questions to an assistant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.metrics import right_and_cited
from evals.retrieval import MEASURES, Material
from evals.score import EVENT, MEANS, MEDIANS, by, run, summary
from evals.sets import Point, Question
from rag import Assistant, Settings, document_from_text, ingest_documents
from tests.evals.samples import answer, one, question, refusal, some

MILL = "# 磨坊\n\n磨坊建于1880年。\n\n磨坊坐落在河边。\n\n# 铁匠铺\n\n铁匠铺建于1901年。\n"


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    settings = Settings(model="hash", model_dir=tmp_path, index=tmp_path / "index")
    ingest_documents([document_from_text(MILL, key="mill", title="磨坊")], settings)
    return Assistant.open(settings=settings)


def asked(id: str, words: str, gold: str, **more: object) -> Question:
    return question(id, question=words, points=(Point((gold[-5:],), (gold,)),), **more)


def test_a_question_is_asked_searched_and_scored(assistant: Assistant) -> None:
    questions = [
        asked("q1", "磨坊建于哪一年？", "磨坊建于1880年"),
        asked(
            "q2",
            "铁匠铺呢？",
            "铁匠铺建于1901年",
            history=({"role": "user", "content": "磨坊建于哪一年？"}, {"role": "assistant", "content": "1880年。"}),
        ),
        question("q3", question="磨坊的主人姓什么？", answerable=False),
    ]
    told: list[int] = []
    first, then, none = run(questions, assistant, progress=told.append)
    assert told == [1, 2, 3]
    assert first.scores["hit@1"] == then.scores["hit@1"] == 1.0
    assert first.ranking.retrieved[0].text.find("1880年") >= 0
    assert none.scores["hit@1"] is None
    assert set(first.scores) == {*MEANS, *MEDIANS, EVENT}
    assert first.answer.trace is None
    assert run(questions[:1], assistant, explain=True)[0].answer.trace


class Elsewhere:
    """An assistant behind a wall: what it answers from is not seen."""

    def __init__(self, assistant: Assistant) -> None:
        self.ask, self.search, self.document = assistant.ask, assistant.search, assistant.document


def test_another_that_answers_is_judged_by_the_material_given(assistant: Assistant) -> None:
    questions = [asked("q1", "磨坊建于哪一年？", "磨坊建于1880年")]
    (unseen,) = run(questions, Elsewhere(assistant))  # type: ignore[arg-type]
    (seen,) = run(questions, Elsewhere(assistant), material=Material.of(assistant))  # type: ignore[arg-type]
    assert [unseen.scores[name] for name in MEASURES] == [None] * len(MEASURES)
    assert seen.scores == run(questions, assistant)[0].scores


def test_facts_are_compared_with_the_short_answer() -> None:
    scores = one(question(), answer()).scores
    assert (scores["short_f1"], scores["short_em"]) == (1.0, 1.0)
    assert 0 < (scores["answer_f1"] or 0) < 1
    assert one(question(), refusal()).scores["answer_f1"] == 0.0
    assert one(question(points=(Point(("甲",)), Point(("乙",)))), answer()).scores["short_f1"] is None


def test_figures_are_means_and_medians() -> None:
    found = summary(some(wrong=frozenset({0, 1})))
    assert (found["questions"], found["judged"], found["fully_right"], found["refusal"]) == (22, 20, 0.9, 1.0)
    assert found["hit@1"] == 1.0
    assert found["quote_brevity_median"] == pytest.approx(16 / 10, abs=0.01)
    assert set(by(some(), "kind")) == {"number", "unanswerable"}
    json.dumps(found)


def test_nothing_asked_has_no_figures() -> None:
    assert {name: value for name, value in summary([]).items() if value is not None} == {"questions": 0, "judged": 0}


def test_the_event_is_the_metric_s() -> None:
    for each in some(wrong=frozenset({3})):
        assert each.scores[EVENT] == right_and_cited.score(each.question, each.answer)
