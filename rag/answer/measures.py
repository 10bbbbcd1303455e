"""What a number question measures (money, weight, length, people …), and whether a figure is in such a unit.

The table is general knowledge of which attributes are counted in which units; folded text throughout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.retrieve.query import Query

_IS = r"(?:分别|总共|一共|共|大约|约|大概)?(?:是|为|有|达到?|在|到|了)?(?:约|大约)?"
_MUCH = rf"{_IS}(?:多少|几(?![个家种类条项款座所本部]))(?!时间|小时|个?月|天|年|分钟|秒|人(?!民币)|名|字|次|种|家)"
_MONEY = r"[元圆镑币]|美金|卢布|法郎|马克|英镑|日圆|盾|\$|usd|eur|rmb|cny|铢|比索|两(?:白银|银)|银两|钱|[万亿]"
# Each measure: how a question asks for it, and what figures of it are written with.
_TABLE: tuple[tuple[str, str, str], ...] = (
    (
        "百分比",
        rf"百分之几|百分之多少|(?:占比|比例|比重|增长率|增速|增幅|跌幅|降幅|涨幅|失业率|市占率){_MUCH}|占(?!地)[^,，多几]{{0,10}}多少(?![\u3400-\u9fff])",
        r"%|成|倍|分之|百分|点|半|[\d.]+:[\d.]+",
    ),
    (
        "金额",
        r"多少(?:钱|[\u3400-\u9fff]{0,2}(?:元|镑|圆|币|卢布|法郎|马克)|美金)|"
        rf"(?:造价|价格?|售价|单价|票价|房价|股价|费用?|收费|成本|投资额?|投入|收入|营收|营业额|利润|净利|纯利|亏损|市值|薪水?|年薪|工资|薪资|奖金|保费|罚款|罚金|预算|销售额|成交额|交易额|出口额|进口额|产值|生产总值|gdp|注册资本){_MUCH}",
        _MONEY,
    ),
    ("重量", rf"多重|(?:体重|重量|净重|总重|载重){_MUCH}", r"吨|公斤|千克|克|[kmt]?g\b|\bt\b|磅|斤|盎司"),
    ("面积", rf"(?:面积|占地){_MUCH}|面积(?:是|有)?多大", r"平方|公顷|亩|km2|m2|㎡|坪|顷|英亩"),
    (
        "长度",
        rf"(?<![率度性])(?<!率有)(?<!率是)(?<!度有)(?<!性有)多[高远深宽厚]|(?<![期间命程])(?:是|有)?多长(?!时|的时|一段)|(?:身高|海拔|高度|长度|全长|总长|体长|直径|半径|宽度|深度|厚度|距离|里程){_MUCH}",
        r"米|[kcm]?m\b|公里|公分|[尺呎寸吋丈里哩]|光年|天文单位|层",
    ),
    ("人数", rf"多少(?:名|位|人)(?!次)|(?:人口|人数|员工|职工|居民|村民|会员){_MUCH}", r"[人名位口员]|[万亿]|户|\d{3}"),
    ("年龄", rf"多大(?:年纪|岁数|年龄)|几岁|多少岁|年龄{_MUCH}", r"岁|年|周"),
    ("温度", rf"(?:温度|气温|体温|水温){_MUCH}|多少度", r"度|℃|°|k\b|\bc\b|f\b"),
)
_COMPILED = tuple((name, re.compile(asks), re.compile(units)) for name, asks, units in _TABLE)
_OTHERWISE = {
    name: re.compile(unit)
    for name, unit in (
        ("金额", r"[元镑圆币]|美金|\$"),
        ("重量", r"[吨克磅]|公斤|\d[kmt]g\b"),
        ("长度", r"米|\d[kcm]?m\b|公里"),
        ("百分比", r"%|百分"),
        ("时间", r"\d(?:年|月|日|天|小时|分钟|秒)"),
    )
}
_COUNTED = "个家种类款名位项条台座套所人只头匹辆艘架本部场届次"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured: ``named`` says it, ``units`` what its figures are written with."""

    named: str
    units: re.Pattern[str]

    def told_by(self, fact: str, around: str, clause: str) -> bool:
        """Whether a figure is in a unit of the measure: the unit stands in the fact or right beside it."""
        return bool(self.units.search(fact) or self.units.search(around))


@dataclass(frozen=True, slots=True)
class Count(Measure):
    """Things counted one by one (几条跑道): told by a figure that is in no unit of another measure."""

    def told_by(self, fact: str, around: str, clause: str) -> bool:
        """Whether a figure may be a count, or the clause has one in the very measure word."""
        others = any(unit.search(fact) for unit in _OTHERWISE.values())
        return not others or re.search(rf"[\d一二三四五六七八九十两百千]{self.named}", clause) is not None


def measure_of(query: Query) -> Measure | None:
    """What a number question measures; None where it does not say, or asks for something else."""
    if query.kind != "number":
        return None
    for name, asks, units in _COMPILED:
        if asks.search(query.folded):
            return Measure(name, units)
    if query.unit and query.unit in _COUNTED:
        return Count(query.unit, re.compile(query.unit))
    return None
