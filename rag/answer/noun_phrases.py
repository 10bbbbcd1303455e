"""The noun phrases of a clause, and what a heading or the name of a list is about.

``国内在高压开关市场具有竞争力的厂商有`` → 高压开关; ``高压开关厂商与格局`` → 高压开关; ``市场格局`` → nothing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.answer.makers import COMPANY, MAKER
from rag.retrieve.glue import GLUE, RELATIONS
from rag.text.boundaries import GENERIC
from rag.text.words import Lexicon

Span = tuple[int, int]

# What a name may end in and be the same thing without it: UPS电源, UPS.
TAILS = ("芯片", "电源", "系统", "技术", "产品", "设备", "环节", "领域", "市场", "行业")
# Words of headings and of lead-ins that say what is told of a thing, not which thing: general Chinese.
_ABOUT = frozenset(
    "概况 概述 概览 简介 定义 分类 作用 特点 特征 优势 优点 劣势 格局 竞争 竞争力 竞争格局 市场格局 排名 排行 榜单 名单 份额 市占率 产业链 供应链 上下游 发展 趋势 现状 "
    "背景 意义 挑战 机遇 前景 历史 沿革 应用 场景 用途 能力 规模 统计 路线 原理 方式 模式 政策 需求 风险 建议 结论 总结 展望 目录 附录 摘要 引言 前言 参考 资料 来源 "
    "数据 表现 整体 总体 实力 水平 基础 条件 因素 问题 程度 方案 比较 对比 关系 结构 组成 项目 盘点 梳理 全景 深度 其他 其它 以外 以及 标准 第一 前列 地位 优先 各地 当地 本地 地区 参与 有所 不同 生产能力 众多 总览 演进 市场份额 "
    "行列 商用 细分 赛道 方向 主流 国产 中国厂商 国内厂商 海外厂商 国外厂商 代表厂商 主要厂商 生态 名额 时间 时期 期间 目的 原因 结果 影响 成本 价格 营收 营收额 收入 利润 业绩 工作 活动 "
    "大量 部分 多数 大部分 行业 技术路线 核心 关键 重要 重点 知名 大型 中型 小型 新兴 传统".split()
)
_TOLD_TAILS = sorted(
    (word for word in _ABOUT | GENERIC if len(word) > 1 and word not in ("产业链", "产品")), key=len, reverse=True
)
_LINES = frozenset("产品 领域 环节 市场 行业 产业 赛道 部件 设备".split())
_SIZES = frozenset("大小高低快慢新老长短")
_STAGES = frozenset(
    "上游 中游 下游 上下游".split()
)  # of a chain: where a thing stands in it, as a heading a thing itself
_MARKS = re.compile(r"^(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十\d]+[章节部分篇编]*|\d+(?:\.\d+)*[.、]?)\s*")
_JOINTS = re.compile(r"[、:,/|]|(?<!参)与|和|及|之|的|—+|- ")
_BRACKETED = re.compile(r"\([^()]*\)")
_FIGURE = re.compile(r"[\d.,%+-]+[年月日个家种类大亿万]*")
_HAN = re.compile(r"[\u3400-\u9fff]")


def noun_phrases(text: str, start: int, end: int, lexicon: Lexicon) -> list[Span]:
    """The stretches of words between ``start`` and ``end`` of a folded text that name something, in order."""
    found: list[Span] = []
    words = lexicon.words(text[start:end])
    for at, (word, s, e) in enumerate(words):
        going_on = bool(found) and found[-1][1] == start + s
        if going_on and (word in _SIZES or not _tells(word)) and _modifies(words[at + 1 : at + 3], lexicon, e):
            found[-1] = (found[-1][0], start + e)  # 高速连接领域: a verb that tells which line of business
        elif not _names(word, lexicon):
            continue
        elif going_on:
            found[-1] = (found[-1][0], start + e)
        else:
            found.append((start + s, start + e))
    return [span for span in found if _is_noun(text[slice(*span)], lexicon)]


def best_noun_phrase(text: str, start: int, end: int, lexicon: Lexicon) -> Span | None:
    """The last stretch that holds a name (a learned term, a Latin word, one that no dictionary knows), else the last."""
    found = noun_phrases(text, start, end, lexicon)
    named = [span for span in found if is_named(text[slice(*span)], lexicon)]
    chosen = named or found
    return chosen[-1] if chosen else None


def topic(heading: str, lexicon: Lexicon) -> str:
    """What a folded heading is about, "" where it only says what is told (市场格局)."""
    return next((found for piece in _pieces(heading) if (found := _bared(piece, lexicon))), "")


def own_name(heading: str, lexicon: Lexicon) -> bool:
    """Whether a folded heading is the name of a thing and nothing besides, but for what stands in brackets."""
    pieces = _pieces(heading)
    return bool(pieces) and all(_bared(piece, lexicon) == piece for piece in pieces)


def is_named(run: str, lexicon: Lexicon) -> bool:
    """Whether a stretch holds a name: a word that is one, or lone characters side by side, which spell an unknown word."""
    words = lexicon.words(run)
    if any(lexicon.is_name(word) for word, _, _ in words):
        return True
    return any(len(one[0]) == len(other[0]) == 1 for one, other in pairwise(words))


def _pieces(heading: str) -> list[str]:
    plain = _BRACKETED.sub("", _MARKS.sub("", heading.strip()))
    return [piece.strip() for piece in _JOINTS.split(plain) if piece.strip()]


def _bared(piece: str, lexicon: Lexicon) -> str:
    """A piece of a heading without the words around its ends that only say what is told."""
    words = [(w, s, e) for w, s, e in lexicon.words(piece)]
    while words and len(words[0][0]) > 1 and _tells(words[0][0]):
        words.pop(0)
    while words and len(words[-1][0]) > 1 and _tells(words[-1][0]):
        words.pop()
    bare = piece[words[0][1] : words[-1][2]] if words else ""
    while tail := next((t for t in _TOLD_TAILS if bare.endswith(t)), ""):  # a learned heading is one word
        bare = bare.removesuffix(tail)
    return bare if 2 <= len(bare) <= 20 and not _tells(bare) else ""


def _modifies(after: Sequence[tuple[str, int, int]], lexicon: Lexicon, end: int) -> bool:
    """Whether what comes right after ``end`` is a word for a line of business, or one verb and then such a word."""
    for word, s, e in after:
        if s != end:
            return False
        if word in _LINES:
            return True
        if lexicon.word_class(word) != "v" or _tells(word):
            return False
        end = e
    return False


def _tells(word: str) -> bool:
    return word in _ABOUT or word in GENERIC or word in GLUE or word in RELATIONS or bool(_FIGURE.fullmatch(word))


def _names(word: str, lexicon: Lexicon) -> bool:
    """Whether a word can be part of a name of a product or a line of business."""
    if _tells(word):
        return False
    if word in lexicon.learned:
        return not re.search(rf"(?:{MAKER}|{COMPANY})$", word)
    if word in _STAGES:
        return False
    kind = lexicon.word_class(word)
    return kind not in ("v", "p", "d", "c", "u", "r", "q", "y") and not (kind == "m" and len(word) == 1)


def _is_noun(run: str, lexicon: Lexicon) -> bool:
    """Whether a stretch is more than adjectives, and of a name's length."""
    if not 2 <= len(run) <= 20 or not (_HAN.search(run) or re.search(r"[a-z]{2}", run)):
        return False
    return any(lexicon.word_class(word) not in ("a", "m") for word, _, _ in lexicon.words(run))
