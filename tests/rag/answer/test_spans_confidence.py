"""The second look at what would be refused."""

from __future__ import annotations

from rag.answer.extract import extract
from rag.answer.spans import read_fact, with_fact
from rag.answer.spans_confidence import second_look
from rag.text.words import Lexicon
from tests.rag.conftest import Weighs


def _looked(weighs: Weighs, lexicon: Lexicon, question: str, sure: float) -> float:
    query, evidence = weighs(question)
    reading = read_fact(query, evidence, lexicon)
    draft = extract(query, evidence)
    assert draft is not None
    return second_look(query, evidence, with_fact(query, draft, reading), reading, sure)


def test_it_never_takes_confidence_away(weighs: Weighs, lexicon: Lexicon) -> None:
    for question in ("晨星电子的总部设在哪里", "青河铁路的造价是多少钱", "谁在月亮上种茶"):
        for sure in (0.0, 0.3, 0.9):
            assert _looked(weighs, lexicon, question, sure) >= sure


def test_a_short_question_about_something_else_stays_refused(weighs: Weighs, lexicon: Lexicon) -> None:
    assert _looked(weighs, lexicon, "青河铁路的造价是多少钱", 0.1) < 0.45
    assert _looked(weighs, lexicon, "晨星电子的主要客户有哪些", 0.1) < 0.45


def test_without_a_draft_there_is_nothing_to_look_at(weighs: Weighs) -> None:
    query, _ = weighs("晨星电子的总部设在哪里")
    assert second_look(query, [], None, None, 0.2) == 0.2
