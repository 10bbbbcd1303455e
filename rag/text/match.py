"""Whether a text speaks of a term, allowing for how Chinese shortens and varies names.

Graded in [0, 1]: the term itself 1; a general synonym .95; an abbreviation (快接头 for 快速接头) .85; both its halves apart .8; else the share
of its character pairs that stand there, held down to .6.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files

from rag.text.normalize import folded

# General Chinese words used for one another whatever the material is about. Folded; each line is one group.
_GROUPS = """
厂商 公司 企业 厂家 供应商 制造商 生产商 玩家 参与者 参与方 品牌 机构 单位
国外 海外 国际 境外 外国 foreign overseas international
国内 中国 本土 国产 我国 大陆 domestic china chinese
全球 世界 worldwide global
市占率 市场份额 市场占有率 份额 占有率 份额占比 share
占比 比例 比重 份额 占总 占了 占到 占全 percentage
排名 位列 位居 排行 名次 rank ranking
龙头 头部 领先 领军 代表 leading
优势 优点 好处 长处 强项 advantage advantages benefits
缺点 劣势 不足 短板 弱点 disadvantage
区别 不同 差异 差别 相比 difference
原因 为什么 因为 由于 因此 why reason
用途 应用 用于 用在 作用 应用于 适用 application applications
客户 用户 customer customers
子公司 旗下 全资子公司 subsidiary
规模 体量 市场规模 size
目标 目的 旨在 goal
成本 造价 cost
组成 构成 包括 包含 分为 consist
类型 种类 类别 分类 分为 types
投资 投资额 investment
特色 特点 特征 feature
亮相 发布 推出 问世 面世 首发 登场 launched unveiled
定义 是指 指 即 definition
"""
_LATIN = re.compile(r"[a-z0-9]")
_ORDINAL = re.compile(r"([第前])([一二三四五六七八九十]+|\d+)(名?)")
_DIGITS = ["零", *"一二三四五六七八九十", *(f"十{d}" for d in "一二三四五六七八九"), "二十"]


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _GROUPS.split("\n"):
        group = line.split()
        for word in group:
            table.setdefault(word, set()).update(w for w in group if w != word)
    return {word: frozenset(others) for word, others in table.items()}


@lru_cache(maxsize=4096)
def synonyms(term: str) -> frozenset[str]:
    """The general words that stand for ``term``; for an ordinal, its other spelling (第五 ↔ 第5)."""
    return _synonyms().get(term, frozenset()) | _regional().get(term, frozenset()) | _ordinals(term)


@lru_cache(maxsize=1)
def _regional() -> dict[str, frozenset[str]]:
    """What Taiwan calls otherwise (晶片 for 芯片), both ways, folded; from OpenCC's table."""
    table: dict[str, set[str]] = {}
    source = files("opencc").joinpath("dictionary", "TWPhrasesRev.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        taiwan, _, mainland = line.partition("\t")
        words = [folded(word) for word in (taiwan, *mainland.split(" ")) if word]
        for word in words:
            table.setdefault(word, set()).update(w for w in words if w != word)
    return {word: frozenset(others) for word, others in table.items() if others}


def _ordinals(term: str) -> frozenset[str]:
    found = _ORDINAL.fullmatch(term)
    if not found:
        return frozenset()
    head, number, tail = found.groups()
    if number.isdigit():
        other = _DIGITS[int(number)] if int(number) < len(_DIGITS) else ""
    else:
        other = str(_DIGITS.index(number)) if number in _DIGITS else ""
    made = {f"{head}{other}{tail}"} if other else set()
    if head == "第" and number in ("一", "1"):
        made |= {"首位", "居首", "榜首", "位列榜首"}
    return frozenset(made)


def coverage(term: str, text: str, others: Collection[str] | None = None) -> float:
    """How far a folded text speaks of a folded term, in [0, 1].

    Args:
        others: what else stands for the term; its general synonyms unless given.

    >>> coverage("快速接头", "液冷快接头产品"), coverage("快速接头", "水泵")
    (0.85, 0.0)
    """
    if _stands(term, text):
        return 1.0
    if any(_stands(other, text) for other in (synonyms(term) if others is None else others)):
        return 0.95
    if len(term) < 2 or _LATIN.search(term):
        return 0.0
    if (len(term) >= 3 and _pattern(term).search(text)) or _shortened(term, text):
        return 0.85
    if len(term) >= 4 and all(half in text for half in (term[: len(term) // 2], term[len(term) // 2 :])):
        return 0.8
    pairs = [term[i : i + 2] for i in range(len(term) - 1)]
    return 0.6 * sum(pair in text for pair in pairs) / len(pairs) if len(pairs) > 1 else 0.0


def _stands(term: str, text: str) -> bool:
    """Whether the term stands in the text; a Latin one not as a part of a longer Latin word."""
    if _ORDINAL.fullmatch(term):
        longer = r"\d十百千" + ("一二三四五六七八九" if "十" in term else "")  # 第十 is no part of 第十五
        return bool(re.search(rf"{re.escape(term)}(?![方者{longer}])", text))
    if not _LATIN.search(term):
        return term in text
    at = text.find(term)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(term) : at + len(term) + 1]
        if not _same(before, term[0]) and not _same(after, term[-1]):
            return True
        at = text.find(term, at + 1)
    return False


def _same(one: str, other: str) -> bool:
    """Whether two neighbouring characters are of one word: both Latin letters, or both digits."""
    return (
        bool(one)
        and one.isascii()
        and other.isascii()
        and ((one.isalpha() and other.isalpha()) or (one.isdigit() and other.isdigit()))
    )


@lru_cache(maxsize=4096)
def _pattern(term: str) -> re.Pattern[str]:
    """The term with up to two Han characters let in between: the text's longer name for it (快接头 → 快速接头)."""
    gaps = "[\u3400-\u9fff]{0,2}"
    half = len(term) // 2
    variants = (re.escape(term[:cut]) + gaps + re.escape(term[cut:]) for cut in {1, half, len(term) - 1})
    return re.compile("|".join(variants))


def _shortened(term: str, text: str) -> bool:
    """Whether the text holds the term less one or two inner characters (快速接头 → 快接头)."""
    if len(term) < 4:
        return False
    for gone in (1, 2):
        for at in range(1, len(term) - gone):
            short = term[:at] + term[at + gone :]
            if len(short) >= 3 and short in text:
                return True
    return False
