"""What may not be missing: near misses are told from answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant, document_from_text, ingest_documents, load_settings
from rag.answer.demands import unmet
from rag.answer.extract import extract
from rag.index.embed import Encoder
from tests.rag.conftest import Weighs

_TEXT = """# 松川年报

2021年，松川县茶叶产量为3200吨，与2020年同期相比增长8%。松川县县长为周远。
全县共有五个镇，依次是白石、青桥、柳湾、东渡和高岭，白石去年完成生产总值120亿元，是首个破百亿的镇。
第二届松川茶博会在青桥举行。松川塔高42米，建于1902年。今年五一，松川塔接待游客3万人。
"""


@pytest.fixture(scope="module")
def yearbook(encoder: Encoder, model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("yearbook")
    settings = load_settings(model_dir=model_dir, index=folder)
    ingest_documents([document_from_text(_TEXT, key="yearbook", title="松川年报")], settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


@pytest.mark.parametrize(
    "question",
    [
        "2021年松川县茶叶产量是多少吨？",
        "第二届松川茶博会在哪里举行？",
        "松川塔有多高？",
        "白石去年的生产总值是多少？",
        "松川县的县长是谁？",
    ],
)
def test_what_the_material_says_is_answered(yearbook: Assistant, question: str) -> None:
    assert not yearbook.ask(question).refused


@pytest.mark.parametrize(
    "question",
    [
        "2020年松川县茶叶产量是多少吨？",  # only held against
        "2019年松川县茶叶产量是多少吨？",
        "第四届松川茶博会在哪里举行？",
        "松川塔有多重？",
        "松川塔的造价是多少？",
        "青桥去年的生产总值是多少？",  # another's
        "去年五一松川塔接待了多少游客？",
        "松川县的书记是谁？",
    ],
)
def test_a_near_miss_is_refused(yearbook: Assistant, question: str) -> None:
    assert yearbook.ask(question).refused


def test_it_says_what_is_missing(weighs: Weighs) -> None:
    query, evidence = weighs("青河铁路有多重")
    assert unmet(query, extract(query, evidence)) == ("重量",)
    assert unmet(query, None) == ()


def test_who_does_not_is_not_told_by_those_who_do(yearbook: Assistant) -> None:
    assert yearbook.ask("哪个镇没有举行茶博会？").refused
    assert not yearbook.ask("茶博会在哪个镇举行？").refused
