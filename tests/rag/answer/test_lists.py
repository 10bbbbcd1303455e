"""The names of a list, each from the enumeration that answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant, Settings, ingest, load_settings
from rag.answer.lists import draft_list
from rag.index.embed import Encoder
from tests.rag.conftest import Weighs
from tests.rag.material import written
from tests.rag.promises import keep


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("谁生产揉捻机", ["Norvik", "Tessen", "Halmar", "松岭机械", "岩上科技", "绿洲股份"]),
        ("揉捻机的厂商有哪些？", ["Norvik", "Tessen", "Halmar", "松岭机械", "岩上科技", "绿洲股份"]),
        ("国内揉捻机厂商有哪些", ["松岭机械", "岩上科技", "绿洲股份"]),
        ("国外谁做揉捻机", ["Norvik", "Tessen", "Halmar"]),
        ("揉捻机的客户有哪些", ["云雾茶场", "清溪茶厂", "白鹤庄园"]),
        ("谁生产烘干机", ["暖阳电器", "赤炉科技"]),
        ("茶叶分为哪几类", ["绿茶", "白茶", "黄茶", "青茶", "红茶", "黑茶"]),
        ("青河铁路沿线有哪些隧道", ["望月隧道", "石牛隧道", "双溪隧道"]),  # a bullet a name
        ("舒宁片有哪些不良反应", ["口干", "嗜睡", "轻度头痛"]),
        ("云溪城有哪些古迹", ["望江樓", "文廟", "鐵索橋", "南門城牆"]),  # as they stand in the material
        ("哪些茶的售价是260元", ["岩韵"]),  # a row
    ],
)
def test_the_items_of_the_right_list(assistant: Assistant, question: str, items: list[str]) -> None:
    assert [item.text for item in assistant.ask(question).items] == items


def test_no_name_twice(invented: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("twice")
    text = "# 帆船\n\n帆船的制造商有海风船厂、白浪船坞。2020年后，帆船制造商又包括海风船厂、北湾造船等。\n"
    settings = invented.model_copy(update={"index": folder / "index"})
    ingest([written(folder / "files", {"boats.md": text})], settings, encoder=encoder)
    answer = Assistant.open(settings=settings, encoder=encoder).ask("谁制造帆船")
    assert [item.text for item in answer.items] == ["海风船厂", "白浪船坞", "北湾造船"]


def test_without_a_list_about_it_there_is_no_draft(weighs: Weighs) -> None:
    assert draft_list(*weighs("火星上有哪些火山")) is None


def test_other_questions_have_no_items(assistant: Assistant) -> None:
    for question in ("青河铁路全长多少公里", "什么是白毫银针", "松岭机械是做什么的"):
        assert assistant.ask(question).items == ()


def test_a_place_is_told_and_not_listed(assistant: Assistant) -> None:
    answer = assistant.ask("金芽的产地是哪里")
    assert "南坡" in answer.text
    assert not answer.items


def test_what_a_list_calls_its_names_says_that_they_make_it(weighs: Weighs) -> None:
    query, evidence = weighs("谁生产揉捻机")
    abroad = next(e for e in evidence if "Norvik、" in e.text)
    assert "生产" not in abroad.text and "生产" in {term.text for term in query.terms}
    assert "生产" not in {term.text for term in abroad.missing}


def test_a_list_behind_a_semicolon_is_of_what_its_sentence_began_with(
    model_dir: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """国内厂商有… says of what only in the clause before it, which is cited with it."""
    settings = load_settings(model_dir=model_dir, index=tmp_path / "index")
    text = "# 泵业\n\n离心泵的国际厂商有 Norvik、Tessen；国内厂商有西河泵业、白塔水泵、三岔河机械。\n\n阀门的国内厂商有东岭阀业。\n"
    ingest([written(tmp_path / "files", {"pumps.md": text})], settings, encoder=encoder)
    assistant = Assistant.open(settings=settings, encoder=encoder)
    inland, abroad = assistant.ask("离心泵的国内厂商有哪些？"), assistant.ask("国外有谁做离心泵？")
    assert [item.text for item in inland.items] == ["西河泵业", "白塔水泵", "三岔河机械"]
    assert [item.text for item in abroad.items] == ["Norvik", "Tessen"]
    assert "离心泵" in inland.citations[0].quote and inland.statements[0].citations == (1, 2)
    for answer in (inland, abroad):
        keep(answer, assistant)
