"""What a clause says of who does what."""

import pytest

from rag.answer.relations import relations, row_relations
from rag.text.words import Lexicon

LEXICON = Lexicon(["高压开关", "避雷器", "开关柜", "断路器", "隔离开关", "绝缘子"])
Found = set[tuple[str, str, str]]


def read(text: str, *headings: str) -> Found:
    return {(r.source, r.kind, r.target) for r in relations(text, headings, LEXICON)}


MAKERS: Found = {(name, "supplies", "高压开关") for name in ("岚桥电气", "澜石股份", "norvik")}


@pytest.mark.parametrize(
    "text",
    [
        "高压开关的主要厂商有岚桥电气、澜石股份、norvik等。",
        "在高压开关领域有所布局的厂商有岚桥电气、澜石股份、norvik等。",
        "岚桥电气、澜石股份、norvik等高压开关厂商",
        "岚桥电气、澜石股份、norvik等厂商都在高压开关领域有所布局。",
        "目前国内具备高压开关产品生产能力的公司有岚桥电气、澜石股份、norvik等企业。",
        "在高压开关业务上已经开始布局的国内公司有多家,包括岚桥电气、澜石股份、norvik等。",
    ],
)
def test_makers_on_either_side_of_their_list(text: str) -> None:
    assert read(text) == MAKERS


def test_the_heading_says_what_is_made_where_the_clause_does_not() -> None:
    text = "该环节相关布局厂商包括岚桥电气、澜石股份、norvik等。"
    assert read(text, "上游", "高压开关", "市场格局") == MAKERS
    assert read(text) == set()
    (first, *_) = relations(text, ["上游", "高压开关", "市场格局"], LEXICON)
    assert first.target_at is None
    assert first.heading == 1


@pytest.mark.parametrize(
    "text",
    [
        "参展的企业包括岚桥电气、澜石股份等。",  # firms, and nothing that they make
        "公司要降本、增品种、提质量。",
        "该厂商的产品有断路器、隔离开关等。",
        "前三名依次为岚桥电气、澜石股份、norvik。",
        "华北、华东两地的高压开关厂商如下。",
        "岚桥电气、澜石股份等公司出席了座谈会。",
        "",
    ],
)
def test_what_does_not_say_who_makes_what(text: str) -> None:
    assert not {found for found in read(text) if found[1] == "supplies"}


def test_two_lists_of_one_clause_are_kept_apart() -> None:
    found = read("上游为澜石股份、岚桥电气等绝缘子生产企业以及norvik、tessen等避雷器供应商")
    assert found == {
        ("澜石股份", "supplies", "绝缘子"),
        ("岚桥电气", "supplies", "绝缘子"),
        ("norvik", "supplies", "避雷器"),
        ("tessen", "supplies", "避雷器"),
    }


def test_parts_customers_and_subsidiaries() -> None:
    assert ("断路器", "part_of", "开关柜") in read("开关柜主要包括断路器、隔离开关和绝缘子。")
    assert read("岚桥电气的客户包括澜石股份、中碚重工等。") == {
        ("澜石股份", "customer_of", "岚桥电气"),
        ("中碚重工", "customer_of", "岚桥电气"),
    }
    assert ("澜石科技", "subsidiary_of", "岚桥电气") in read("岚桥电气的全资子公司澜石科技生产避雷器。")
    assert ("澜石科技", "supplies", "避雷器") in read("岚桥电气的全资子公司澜石科技生产避雷器。")
    assert read("参与者有澜石科技(岚桥电气子公司)") == {("澜石科技", "subsidiary_of", "岚桥电气")}


def test_an_electronics_firm_is_no_subsidiary() -> None:
    assert not read("岚桥精工电子公司总经理澜石说。")


def test_rows_under_a_makers_column() -> None:
    found = row_relations("岚桥电气 | 排名第1", "高压开关厂商 | 2023年排名", ["上游", "高压开关"], LEXICON)
    assert [(r.source, r.target, r.source_at) for r in found] == [("岚桥电气", "高压开关", (0, 4))]
    assert row_relations("华东 | 38%", "地区 | 份额", ["高压开关"], LEXICON) == []
