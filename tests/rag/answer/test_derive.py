"""Answers computed from lists, each item with the words of every list that it was found in."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Answer, Assistant, ingest, load_settings
from rag.index.embed import Encoder
from tests.rag.promises import keep

TEXT = """# 配电设备

## 高压开关

高压开关的主要厂商有岚桥电气、澜石股份、渝石科技、泰屿股份等。

## 避雷器

避雷器环节的相关布局厂商包括澜石股份、岚桥电气、云碚实业等。

## 绝缘子

国内绝缘子厂商有云碚实业、灏源股份等。

## 互感器

截至2023年，全国共有互感器厂商86家。互感器厂商有灏源股份、岚桥电气等。
"""


@pytest.fixture(scope="module")
def grid(model_dir: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("derive")
    (folder / "files").mkdir()
    (folder / "files" / "grid.md").write_text(TEXT, encoding="utf-8")
    settings = load_settings(model_dir=model_dir, index=folder / "index")
    ingest([folder / "files"], settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


def derived(assistant: Assistant, question: str) -> Answer:
    answer = assistant.ask(question)
    keep(answer, assistant)
    assert [statement.kind for statement in answer.statements] == ["derived"]
    return answer


def test_who_is_in_both_lists(grid: Assistant) -> None:
    answer = derived(grid, "同时做高压开关和避雷器的公司有哪些")
    assert {item.text for item in answer.items} == {"岚桥电气", "澜石股份"}
    assert all(len(item.citations) == 2 for item in answer.items)
    assert answer.text == "同时列在高压开关和避雷器厂商里的有岚桥电气、澜石股份[1][2]。"
    assert answer.question == answer.standalone_question == "同时做高压开关和避雷器的公司有哪些"


def test_two_lists_that_share_no_name_do_not_say_that_nobody_makes_both(grid: Assistant) -> None:
    assert grid.ask("哪些公司既做高压开关又做绝缘子").refused


def test_who_is_in_the_one_and_not_in_the_other(grid: Assistant) -> None:
    answer = derived(grid, "做高压开关但不做避雷器的公司")
    assert [item.text for item in answer.items] == ["渝石科技", "泰屿股份"]
    assert any("避雷器" in citation.quote for citation in answer.citations)


def test_how_many_a_list_has(grid: Assistant) -> None:
    answer = derived(grid, "做高压开关的厂商有几家")
    assert len(answer.items) == 4
    assert "有4家" in answer.text


def test_a_count_that_the_text_states_comes_first(grid: Assistant) -> None:
    answer = grid.ask("互感器厂商有多少家")
    assert answer.short_answer is not None
    assert answer.short_answer.text == "86家"
    assert answer.statements[0].kind == "quoted"


def test_what_the_material_does_not_list_is_refused(grid: Assistant) -> None:
    assert grid.ask("同时做火箭发动机和避雷器的公司").refused
