"""Whether a text speaks of a term, allowing for how Chinese shortens and varies names.

Graded in [0, 1]: the term itself 1; a general synonym .95; an abbreviation (快接头 for 快速接头) .85; both its halves apart .8; else the share
of its character pairs that stand there, held down to .6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Form:
    """What of a term is looked for in a text, worked out once: a question holds each term against a thousand clauses.

    ``pairs`` are its pairs of characters, none where only the whole of it counts; ``split`` the ways it is written with
    something let in; ``short`` it less one or two inner characters; ``halves`` of a long one.
    """

    plain: bool
    pairs: tuple[str, ...]
    split: tuple[tuple[str, str], ...]
    short: tuple[str, ...]
    halves: tuple[str, str] | None


@lru_cache(maxsize=4096)
def _form(term: str) -> _Form:
    size, half = len(term), len(term) // 2
    plain = not _LATIN.search(term) and not _ORDINAL.fullmatch(term)
    if size < 3 or _LATIN.search(term):
        return _Form(plain, (), (), (), None)
    gone = ((at, at + n) for n in (1, 2) for at in range(1, size - n) if size - n >= 3) if size >= 4 else ()
    return _Form(
        plain,
        tuple(term[i : i + 2] for i in range(size - 1)),
        tuple((term[:cut], term[cut:]) for cut in sorted({1, half, size - 1})),
        tuple(term[:start] + term[end:] for start, end in gone),
        (term[:half], term[half:]) if size >= 4 else None,
    )


@lru_cache(maxsize=4096)
def _by_look(others: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that stand in a text wherever their characters do, and those that do not (Latin ones, ordinals)."""
    plain = tuple(other for other in others if _form(other).plain)
    return plain, tuple(other for other in others if not _form(other).plain)


def coverage(term: str, text: str, others: frozenset[str] | None = None) -> float:
    """How far a folded text speaks of a folded term, in [0, 1].

    Args:
        others: what else stands for the term; its general synonyms unless given.

    >>> coverage("快速接头", "液冷快接头产品"), coverage("快速接头", "水泵")
    (0.85, 0.0)
    """
    form = _form(term)
    if term in text if form.plain else _stands(term, text):
        return 1.0
    if others is None:
        others = synonyms(term)
    if others:
        plain, marked = _by_look(others)
        for other in plain:
            if other in text:
                return 0.95
        for other in marked:
            if _stands(other, text):
                return 0.95
    there = 0
    for pair in form.pairs:
        there += pair in text
    if not there:  # however it is varied below, two of its characters stay together
        return 0.0
    if any(_let_in(*parts, text) for parts in form.split) or any(short in text for short in form.short):
        return 0.85
    if form.halves and form.halves[0] in text and form.halves[1] in text:
        return 0.8
    return 0.6 * there / len(form.pairs)


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


def _let_in(head: str, tail: str, text: str) -> bool:
    """Whether a text has the two parts of a term with up to two Han characters let in between: its longer name for it
    (快接头 → 快速接头)."""
    at = text.find(head)
    while at >= 0:
        end = at + len(head)
        for place in range(end, end + 3):
            if text.startswith(tail, place):
                return True
            if not "\u3400" <= text[place : place + 1] <= "\u9fff":
                break
        at = text.find(head, at + 1)
    return False
