"""Two things compared."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.answer.compare import draft_comparison, sides
from tests.rag.conftest import Reads, Weighs


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("蒸汽机车和内燃机车有什么区别", ("蒸汽机车", "内燃机车")),
        ("请问望月隧道与石牛隧道的不同之处", ("望月隧道", "石牛隧道")),
        ("对比一下绿茶跟红茶", ("绿茶", "红茶")),
        ("绿茶 vs 红茶", ("绿茶", "红茶")),
        ("绿茶有什么不同", None),
    ],
)
def test_the_two_sides(reads: Reads, question: str, named: tuple[str, str] | None) -> None:
    assert sides(reads(question)) == named


def test_a_clause_that_speaks_of_both_is_enough(weighs: Weighs) -> None:
    draft = draft_comparison(*weighs("蒸汽机车和内燃机车有什么区别"))
    assert draft is not None and len(draft.quotes) == 1
    assert "以煤为燃料" in draft.quotes[0].text and "以柴油为燃料" in draft.quotes[0].text


def test_else_each_side_has_its_own(assistant: Assistant) -> None:
    answer = assistant.ask("望月隧道和石牛隧道有什么区别")
    assert ["望月" in answer.citations[0].quote, "石牛" in answer.citations[1].quote] == [True, True]


def test_a_side_that_the_material_does_not_know(weighs: Weighs, assistant: Assistant) -> None:
    assert draft_comparison(*weighs("望月隧道和彩虹瀑布有什么区别")) is None
    answer = assistant.ask("望月隧道和彩虹瀑布有什么区别")
    assert answer.refused and any("彩虹" in term or "瀑布" in term for term in answer.missing)
