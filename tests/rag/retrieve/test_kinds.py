"""The kind of answer wanted, and what a question says of it."""

from __future__ import annotations

import pytest

from rag.retrieve.kinds import excepted, kind_of, unit_of, wanted_of, without_asking


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("谁生产揉捻机", "list"),
        ("揉捻机有多重", "number"),
        ("青河铁路什么时候通车", "date"),
        ("什么是揉捻机", "definition"),
        ("揉捻机和烘干机有什么区别", "compare"),
        ("为什么烘干机省燃料", "reason"),
        ("松岭机械做什么", "profile"),
        ("哪家公司排第一", "name"),
        ("随便一句话", "open"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    assert kind_of(question) == kind


@pytest.mark.parametrize(
    ("question", "unit"),
    [("揉捻机占比多少", "%"), ("排名第几", "第"), ("烘干机多少钱", "元"), ("有几家厂商", "家"), ("烘干机有多重", "")],
)
def test_the_measure_that_a_number_is_asked_in(question: str, unit: str) -> None:
    assert unit_of(question) == unit


def test_what_is_listed_and_what_is_left_out() -> None:
    assert wanted_of("哪些民族过泼水节").startswith("民族")
    assert wanted_of("谁生产揉捻机") == ""
    assert excepted("除了松岭机械,还有谁生产揉捻机") == "松岭机械"
    assert excepted("谁生产揉捻机") == ""


def test_the_asking_part_is_blanked_in_place() -> None:
    question = "请问谁生产揉捻机呢"
    left = without_asking(question)
    assert len(left) == len(question)
    assert left.strip() == "生产揉捻机" and left.index("生产") == question.index("生产")
