"""What a name is, over everything that the material says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant, ingest, load_settings
from rag.answer.profile import subject
from rag.index.embed import Encoder
from tests.rag.conftest import Reads
from tests.rag.promises import keep

TEXT = """# 配电设备

## 高压开关

高压开关的主要厂商有岚桥电气、澜石股份、渝石科技等。

岚桥电气的智能开关柜用于数据中心，已在三个城市投运。

## 避雷器

该环节相关布局厂商包括澜石股份、岚桥电气等。

岚桥云、澜石股份等厂商都在该环节有所布局。

## 地方厂商

| 地区 | 厂商 |
|---|---|
| 云州 | 本地开关厂商有岚桥电气、泰屿股份等 |
"""


@pytest.fixture(scope="module")
def grid(model_dir: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("profile")
    (folder / "files").mkdir()
    (folder / "files" / "grid.md").write_text(TEXT, encoding="utf-8")
    settings = load_settings(model_dir=model_dir, index=folder / "index")
    ingest([folder / "files"], settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


def test_lines_of_business_are_said_briefly_and_each_is_cited(grid: Assistant) -> None:
    answer = grid.ask("澜石股份是做什么的")
    keep(answer, grid)
    assert answer.text == "澜石股份涉及高压开关[1]、避雷器[2][3]。"
    assert [statement.kind for statement in answer.statements] == ["derived"]
    assert all("澜石股份" in citation.quote for citation in answer.citations)


def test_what_is_said_of_the_name_itself_follows_in_its_own_words(grid: Assistant) -> None:
    answer = grid.ask("岚桥电气在产业链里做什么")
    keep(answer, grid)
    derived, *quoted = answer.statements
    assert derived.kind == "derived"
    assert derived.text.startswith("岚桥电气涉及")
    assert {"高压开关", "避雷器"} <= set(derived.text.removeprefix("岚桥电气涉及").split("、"))
    assert "（云州）" in derived.text
    assert any("智能开关柜用于数据中心" in statement.text for statement in quoted)


def test_a_longer_name_is_another_one(grid: Assistant) -> None:
    assert all("岚桥云" not in citation.quote for citation in grid.ask("岚桥电气有哪些布局").citations)


def test_the_quote_of_a_list_ends_at_the_name(grid: Assistant) -> None:
    quotes = [citation.quote for citation in grid.ask("澜石股份有哪些布局").citations]
    assert quotes[0] == "高压开关的主要厂商有岚桥电气、澜石股份"


def test_a_profile_gathers_what_is_said_of_a_name(assistant: Assistant) -> None:
    answer = assistant.ask("松岭机械是做什么的")
    assert all("松岭机械" in citation.quote for citation in answer.citations)
    assert {citation.section[-1] for citation in answer.citations} == {"揉捻机", "烘干机"}


def test_a_name_that_shares_characters_is_not_it(assistant: Assistant) -> None:
    assert assistant.ask("松岭茶业是做什么的").refused


def test_the_subject_of_a_profile(reads: Reads) -> None:
    found = subject(reads("松岭机械是做什么的"))
    assert found is not None and found.text == "松岭机械"
    assert subject(reads("是做什么的")) is None
