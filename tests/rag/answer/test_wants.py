"""The shape of the answer wanted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.wants import DATE, answers_kind, asks_makers, in_unit, is_amount, numbers_in
from rag.text.enumerations import enumerations
from rag.text.normalize import folded
from rag.text.words import Lexicon
from tests.rag.conftest import Reads


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("全长186公里，设23个车站", ["186公里", "23个"]),
        ("占20%-30%左右", ["20%-30%"]),
        ("售价1,200.5元", ["1,200.5元"]),
        ("有效期为36个月", ["36个月"]),
        ("客运量位居全省第五", ["第五"]),
        ("共有七家茶厂", ["七家"]),
        ("茶园面积为三千二百亩", ["三千二百亩"]),
        ("村里有七座龙窑，一座废弃", ["七座"]),  # the other is an article
        ("投资三百五十万元", ["三百五十万元"]),
        ("占百分之三十", ["百分之三十"]),
        ("五月三日，百货公司开业", []),
        ("it weighs 340 kg and costs 20 percent more", ["340 kg", "20 percent"]),
        ("in 5 and a half", ["5"]),
        ("型号为nx7的机器", []),  # a name
        ("1936年8月1日动工", []),  # a date
        ("", []),
    ],
)
def test_numbers_with_their_units(text: str, numbers: list[str]) -> None:
    assert [text[start:end] for start, end in numbers_in(text)] == numbers


@given(st.text(alphabet="第约1 2,.%年月日元个kgab，。", max_size=20))
def test_numbers_are_apart_and_in_order(text: str) -> None:
    reached = 0
    for start, end in numbers_in(folded(text)):
        assert reached <= start < end
        reached = end


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("于1936年动工,1941年8月1日通车", ["1936年", "1941年8月1日"]),
        ("3月20日采摘", ["3月20日"]),
        ("entered the market in 2019.", ["2019"]),
        ("建于一九三六年", ["一九三六年"]),
        ("2019.5.1", ["2019.5.1"]),
        ("全长186公里", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert DATE.findall(text) == dates


@pytest.mark.parametrize(
    ("unit", "number", "fits"),
    [
        ("元", "480元", True),
        ("元", "3亿美元", True),
        ("元", "480斤", False),
        ("%", "38%", True),
        ("%", "三成", True),
        ("%", "38元", False),
        ("第", "第五", True),
        ("第", "5", False),
        ("个", "23个", True),
    ],
)
def test_units(unit: str, number: str, fits: bool) -> None:
    assert in_unit(unit, number) is fits


def test_a_place_in_an_order_is_no_amount() -> None:
    assert is_amount("五个") and not is_amount("第五")


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("客运量排名第几", "客运量位居全省第五", "客运量为86万人次"),
        ("客运量是多少", "客运量为86万人次", "客运量位居全省第五"),
        ("雾尖每斤多少钱", "雾尖每斤480元", "雾尖每斤500克"),
        ("揉捻机的市占率是多少", "揉捻机市占率为38%", "揉捻机有3种"),
        ("铁路设几个车站", "设23个车站", "1936年动工"),
        ("什么时候通车", "1941年8月1日通车", "全长186公里"),
        ("什么是白毫银针", "白毫银针是单芽制成的白茶", "市场上卖白毫银针"),
        ("为什么更省燃料", "因为滚筒受热均匀", "滚筒长3米"),
        ("沿线有哪些隧道", "有望月隧道、石牛隧道", "有一条隧道"),
        ("谁生产揉捻机", "厂商有松岭机械、岩上科技", "零件有滚筒、揉盘"),
    ],
)
def test_the_clause_that_has_the_shape_comes_first(reads: Reads, question: str, better: str, worse: str) -> None:
    query = reads(question)
    one, other = (answers_kind(query, text, "", enumerations(text, Lexicon())) for text in (better, worse))
    assert 0 <= other < one <= 1


def test_whether_makers_are_asked_for(reads: Reads) -> None:
    assert asks_makers(reads("谁生产揉捻机")) and asks_makers(reads("Which companies make rollers?"))
    assert not asks_makers(reads("沿线有哪些隧道"))
