"""The bare fact, read out of the best clauses."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.answer.extract import extract
from rag.answer.spans import asks_fact, implied_noun, preferred, read_fact, with_fact
from rag.answer.spans_candidates import CLAUSES
from rag.text.words import Lexicon
from tests.rag.conftest import Reads, Weighs


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("铁路信号机由哪家工厂生产", "灯塔信号厂"),
        ("晨星电子的总部设在哪里", "柳溪镇"),
        ("云溪城最大的丝绸作坊是哪一家", "錦瑞堂"),  # as the text writes it
    ],
)
def test_a_name_or_a_place_is_read(assistant: Assistant, question: str, fact: str) -> None:
    answer = assistant.ask(question)
    assert answer.short_answer is not None and fact in answer.short_answer.text
    cited = next(c for c in answer.citations if c.id == answer.short_answer.citation)
    assert cited.start <= answer.short_answer.start < answer.short_answer.end <= cited.end


@pytest.mark.parametrize("question", ["什么是白毫银针", "揉捻机的国内厂商有哪些", "蒸汽机车和内燃机车的区别"])
def test_what_wants_no_bare_fact_gets_none(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused and answer.short_answer is None


def test_a_reading_stands_in_its_clause_and_says_how_sure_it_is(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("晨星电子的总部设在哪里")
    reading = read_fact(query, evidence, lexicon)
    assert reading is not None and reading.evidence in evidence[:CLAUSES]
    assert reading.evidence.start <= reading.start < reading.end <= reading.evidence.end
    assert 0 < reading.sure <= reading.clause <= 1 + 1e-9
    assert preferred(query, evidence, reading)[0] is reading.evidence


def test_the_quote_is_widened_to_hold_the_fact(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("晨星电子的总部设在哪里")
    reading = read_fact(query, evidence, lexicon)
    draft = extract(query, preferred(query, evidence, reading))
    assert draft is not None
    held = with_fact(query, draft, reading)
    assert held.short is not None
    start, end, at = held.short
    assert held.quotes[at].start <= start < end <= held.quotes[at].end
    assert with_fact(query, draft, None) is draft


def test_nothing_is_read_without_clauses_or_asking_words(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("晨星电子的总部设在哪里")
    assert read_fact(query, [], lexicon) is None
    query, evidence = weighs("晨星电子的总部")
    assert read_fact(query, evidence, lexicon) is None


def test_a_person_is_no_date(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("青河铁路是谁动工的")
    reading = read_fact(query, evidence, lexicon)
    assert reading is None or "19" not in reading.evidence.hit.passage.words(reading.start, reading.end)


def test_a_portrait_and_a_definition_ask_for_no_fact(reads: Reads, weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("什么是白毫银针")
    reading = read_fact(query, evidence, lexicon)
    assert reading is not None and not asks_fact(query, reading.sought)
    assert implied_noun(query, None, reading) == ""
    assert preferred(query, evidence, reading) is evidence
