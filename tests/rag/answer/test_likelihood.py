"""The score made a probability."""

from __future__ import annotations

from dataclasses import replace

from rag.answer.extract import extract
from rag.answer.likelihood import ANSWERS, likelihood
from rag.answer.spans import read_fact
from rag.settings import Settings
from rag.text.words import Lexicon
from tests.rag.conftest import Weighs


def test_the_threshold_keeps_its_meaning(weighs: Weighs) -> None:
    query, evidence = weighs("青河铁路全长多少公里")
    draft = extract(query, evidence)
    assert Settings.model_fields["refuse_below"].default == ANSWERS
    for held in (0.0, 0.2, 0.449):
        assert likelihood(query, evidence, draft, None, held) == held
    given = [likelihood(query, evidence, draft, None, score) for score in (0.45, 0.6, 0.8, 1.0)]
    assert given == sorted(given) and given[0] >= ANSWERS and given[-1] < 1


def test_a_fact_read_surely_is_likelier(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("青河铁路全长多少公里")
    draft = extract(query, evidence)
    reading = read_fact(query, evidence, lexicon)
    assert reading is not None
    faint, sure = replace(reading, sure=0.05), replace(reading, sure=0.95)
    assert likelihood(query, evidence, draft, faint, 0.9) < likelihood(query, evidence, draft, sure, 0.9)


def test_nothing_drafted_stays_as_it_is(weighs: Weighs) -> None:
    query, _ = weighs("青河铁路全长多少公里")
    assert likelihood(query, [], None, None, 0.9) == 0.9
