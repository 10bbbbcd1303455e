"""Clauses, weighed."""

from __future__ import annotations

import pytest

from rag.answer.evidence import Evidence
from tests.rag.conftest import Weighs


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("谁生产烘干机", "国内烘干机厂商有暖阳电器、赤炉科技等"),
        ("松岭机械的揉捻机市场份额是多少", "松岭机械的揉捻机市场份额为38%"),  # not its neighbour after the semicolon
        ("望月隧道有多长", "望月隧道：长2,140米"),
        ("金芽的售价", "金芽 | 南坡 | 620元"),
        ("云溪城始建于哪一年", "雲溪城始建於1387年"),
        ("为什么热风烘干机更省燃料", "因为滚筒受热均匀"),
        ("儿童每次服用几片", "儿童每次服用1片"),
    ],
)
def test_the_best_clause(weighs: Weighs, question: str, words: str) -> None:
    _, evidence = weighs(question)
    assert words in evidence[0].text


def test_every_clause_stands_where_it_says_and_is_scored(weighs: Weighs) -> None:
    _, evidence = weighs("揉捻机的客户有哪些")
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)
    assert len({(e.hit.document.id, e.start, e.end) for e in evidence}) == len(evidence)
    for e in evidence:
        assert e.unit.start <= e.start < e.end <= e.unit.end
        assert 0 <= e.score <= 1 and 0 <= e.own <= e.coverage + 1e-9 and 0 <= e.cosine <= 1


def clause(evidence: list[Evidence], words: str) -> Evidence:
    return next(e for e in evidence if words in e.text)


def test_what_a_clause_leaves_out_is_missing(weighs: Weighs) -> None:
    _, evidence = weighs("揉捻机的客户有哪些")
    assert "客户" not in {term.text for term in clause(evidence, "云雾茶场").missing}
    assert "揉捻机" in {term.text for term in clause(evidence, "雲溪城始建").missing}


def test_a_heading_speaks_for_what_stands_under_it(weighs: Weighs) -> None:
    _, evidence = weighs("舒宁片有哪些不良反应")
    assert not {"舒宁片", "不良反应"} & {term.text for term in clause(evidence, "嗜睡").missing}
    assert clause(evidence, "嗜睡").own < clause(evidence, "嗜睡").coverage


def test_a_header_row_speaks_for_its_rows(weighs: Weighs) -> None:
    _, evidence = weighs("雾尖的产地")
    assert "产地" not in {term.text for term in clause(evidence, "雾尖 |").missing}


def test_a_list_that_holds_what_is_asked_about_is_not_the_one_that_answers(weighs: Weighs) -> None:
    _, evidence = weighs("松岭机械有哪些产品")
    assert not clause(evidence, "目前国内具备揉捻机生产能力").lists
