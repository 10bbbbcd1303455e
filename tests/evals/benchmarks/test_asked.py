"""A benchmark put to the library, with the encoder that needs no model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from evals.benchmarks.asked import ask, is_gold
from evals.benchmarks.indexed import indexed
from evals.benchmarks.squad import load_squad
from rag import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(model="hash", model_dir=tmp_path, index=tmp_path / "mine")


def test_questions_are_searched_answered_and_scored(squad_file: Path, settings: Settings) -> None:
    benchmark = load_squad(squad_file)
    with indexed(benchmark.paragraphs, settings) as made:
        assert {document.key for document in made.assistant.documents()} == {"pumps-1", "pumps-2", "mills-1"}
        asked = {question.id: ask(question, made.assistant, made.documents) for question in benchmark.questions}
    year = asked["pumps-1-q0"]
    assert year.ranked[0] and sum(year.ranked) == 1
    assert year.scores()["hit@1"] == year.scores()["mrr@10"] == 1
    assert year.quotes == tuple(len(citation.quote) for citation in year.answer.citations)
    assert year.milliseconds > 0


def test_the_user_s_index_is_not_touched(squad_file: Path, settings: Settings) -> None:
    with indexed(load_squad(squad_file).paragraphs, settings) as made:
        place = made.assistant.settings.index
        assert place != settings.index and place.is_dir()
    assert not place.exists()
    assert not settings.index.exists()


def test_gold_is_the_gold_document_s_passage_over_the_span(squad_file: Path, settings: Settings) -> None:
    benchmark = load_squad(squad_file)
    question = next(q for q in benchmark.questions if q.id == "mills-1-q0")
    with indexed(benchmark.paragraphs, settings) as made:
        gold = made.documents["mills-1"].id
        found = next(r for r in made.assistant.search(question.question) if r.document.id == gold)
        assert is_gold(found, question, gold)
        assert not is_gold(found, question, made.documents["pumps-1"].id)
        assert not is_gold(replace(found, start=5), question, gold)  # begins where the answer has ended
        assert is_gold(replace(found, start=4), question, gold)


def test_a_refusal_says_nothing(squad_file: Path, settings: Settings) -> None:
    benchmark = load_squad(squad_file)
    strict = settings.model_copy(update={"refuse_below": 1.0})
    with indexed(benchmark.paragraphs, strict) as made:
        scores = ask(benchmark.questions[0], made.assistant, made.documents).scores()
    assert scores["refused"] == 1
    assert scores["answer_f1"] == scores["short_f1"] == scores["short_em"] == scores["gold_cited"] == 0
