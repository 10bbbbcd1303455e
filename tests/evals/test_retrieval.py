"""Judging what a search finds."""

from __future__ import annotations

import pytest

from evals.retrieval import MEASURES, POINTS, Material, Ranking
from evals.sets import Point
from rag import DocumentRef, SearchResult, document_from_text
from tests.evals.samples import question, ranking

FIRST = document_from_text(
    "# 磨坊\n\n磨坊建于1880年。\n\n## 河\n\n河水很急。磨坊靠河水转动。\n", key="mill", title="磨坊"
)
OTHER = document_from_text("# 村子\n\n村里有一座磨坊。磨坊建于1880年。\n", key="village", title="村子")
MATERIAL = Material.cut([FIRST, OTHER], max_chars=12)


def found(document: object, words: str) -> SearchResult:
    start = document.text.index(words)  # type: ignore[attr-defined]
    of = DocumentRef(document.id, 1, document.title)  # type: ignore[attr-defined]
    return SearchResult(of, (), words, start, start + len(words), 0.5, ())


def test_a_passage_is_gold_where_the_evidence_stands() -> None:
    asked = question(points=(Point(("1880年",), ("磨坊建于1880年",)),))
    gold = MATERIAL.gold(asked)
    assert {(document, end - start) for document, start, end in gold} == {(FIRST.id, 9), (OTHER.id, 9)}
    judged = MATERIAL.judge(asked, [found(FIRST, "河水很急。"), found(OTHER, "磨坊建于1880年。")])
    assert [passage.gold for passage in judged.retrieved] == [False, True]
    assert judged.relevant == 2
    scores = judged.scores(asked)
    assert (scores["hit@1"], scores["hit@5"], scores["mrr@10"]) == (0.0, 1.0, 0.5)
    assert 0 < (scores["ndcg@10"] or 0) < 0.5


def test_the_same_place_in_another_document_is_not_gold() -> None:
    asked = question(points=(Point(("河",), ("磨坊靠河水转动",)),))
    start = FIRST.text.index("磨坊靠河水转动")
    elsewhere = SearchResult(DocumentRef(OTHER.id, 1, ""), (), "", start, start + 5, 0.5, ())
    judged = MATERIAL.judge(asked, [elsewhere, found(FIRST, "磨坊靠河水转动。")])
    assert [passage.gold for passage in judged.retrieved] == [False, True]


@pytest.mark.parametrize("points", [(), (Point(("1880年",)),), (Point(("1880年",), ("水磨房造于一八八〇年",)),)])
def test_what_has_no_evidence_in_the_material_is_not_judged(points: tuple[Point, ...]) -> None:
    judged = MATERIAL.judge(question(points=points), [found(FIRST, "河水很急。")])
    assert judged.relevant == 0
    scores = judged.scores(question(points=points))
    assert {name: scores[name] for name in MEASURES} == dict.fromkeys(MEASURES)
    assert scores["points@1"] == (0.0 if points else None)
    assert len(judged.retrieved) == 1


def test_nothing_found_is_a_miss_and_nothing_searched_is_no_score() -> None:
    assert Ranking().scores(question()) == dict.fromkeys((*MEASURES, *POINTS))
    assert ranking(relevant=1).scores(question()) == dict.fromkeys((*MEASURES, *POINTS), 0.0)
