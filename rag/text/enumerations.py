"""Enumerations: where a sentence lists names (A、B、C等), and where each name begins and ends.

The separators fix the inner names; the first and the last have one open side, which is closed by word class:
a name does not run over a verb, a preposition, a particle, or a generic noun that introduces it (厂商, 公司, 包括).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.words import Lexicon

# Nouns that introduce or follow a list of names without being part of one. General Chinese, folded.
GENERIC = frozenset(
    "国内 国外 海外 国际 全球 世界 中国 本土 大陆 厂商 厂家 公司 企业 供应商 制造商 服务商 运营商 生产商 参与者 玩家 选手 品牌 龙头 巨头 代表 "
    "主要 目前 当前 其中 例如 比如 包括 包含 涵盖 诸如 譬如 分别 典型 核心 相关 领域 环节 部分 方面 机构 单位 组织 客户 用户 头部 领先 知名 著名 "
    "产品 成员 伙伴 合作伙伴 标的 上市公司 参与方 对手 竞争对手 主体 阵营 类型 种类 要素 步骤 阶段 以下 如下 以上 上述 多家 各家 几家".split()
)
_LEAD = frozenset(
    "有 为 是 由 如 像 含 即 以 在 于 被 把 给 对 向 从 与 和 及 或 并 跟 同 的 了 着 将 该 其 这 那 各 等 除 到 至 用 让 使 令 而 则 且 但 若".split()
)
_TAIL = frozenset(
    "在 的 是 为 有 已 均 都 也 将 可 能 会 等 则 又 还 就 才 把 被 对 向 从 于 以 并 且 但 而 占 分 共 之 所 其 该 主导 合作 布局 参与".split()
)
_JOINTS = frozenset("和 与 及 以及 或 或者 跟 and or".split())
_TITLES = {"《": "》", "〈": "〉", "「": "」", "『": "』"}
_BRACKETS = {"(": ")", "《": "》", "「": "」", "『": "』", "【": "】", "[": "]", "〈": "〉"}
_CHUNK = re.compile(r"[^。!?;:,\n]+(?:(?<=\d),(?=\d{3})[^。!?;:,\n]+)*")
_ETC = re.compile(r"等(?![级于待离价值同候边])")
# Words that end in 等 without ending a list (高等, 平等); 华中等 is a list's end, 中等规模 is not.
_NOT_ETC = re.compile(r"[高初平同对优劣均相不头次何]等|中等(?=[规水收教职专程长强偏以])")
_DATE = re.compile(
    r"[\d〇零一二三四五六七八九十]+年度?(?:[\d一二三四五六七八九十]+月)?(?:[\d一二三四五六七八九十]+日)?"
)
_COUNT = re.compile(
    r"(?:\d+|[一二两三四五六七八九十几多]+)[大小]?(?:个|种|类|家|项|部分|者|地|国|省|市|方面|款|条|块|座|所|位|名|支|只)"
)
_MAX_NAME = 30


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Names listed in one breath. Spans count in the folded text that was given.

    ``items`` are the names without bracketed additions; ``open_ended`` where 等 follows. ``end`` includes it.
    """

    items: tuple[tuple[int, int], ...]
    start: int
    end: int
    open_ended: bool


def enumerations(text: str, lexicon: Lexicon) -> tuple[Enumeration, ...]:
    """Every enumeration of two or more names in a folded text, in order.

    >>> found = enumerations("主要厂商包括甲乙科技、丙丁股份和戊己集团等企业", Lexicon())
    >>> ["主要厂商包括甲乙科技、丙丁股份和戊己集团等企业"[s:e] for s, e in found[0].items]
    ['甲乙科技', '丙丁股份', '戊己集团']
    """
    return lexicon.once(_enumerations, text)  # the same passages are weighed for many questions


def _enumerations(text: str, lexicon: Lexicon) -> tuple[Enumeration, ...]:
    masked = _mask(text)
    found: list[Enumeration] = []
    for chunk in _CHUNK.finditer(masked):
        if "、" in chunk.group():
            found.extend(_in_chunk(text, masked, chunk.start(), chunk.end(), lexicon))
    return tuple(found)


def _mask(text: str) -> str:
    """The text with what stands in brackets blanked, so that it is not cut there; a title in its marks becomes one
    word of x's, for it is a name."""
    out: list[str] = []
    closing: list[str] = []
    for char in text:
        blank = "x" if closing and closing[0] in _TITLES.values() else "\x00"
        if closing and char == closing[-1]:
            closing.pop()
            out.append(blank)
        elif char in _BRACKETS:
            closing.append(_BRACKETS[char])
            out.append("x" if closing[0] in _TITLES.values() else "\x00")
        else:
            out.append(blank if closing else char)
    return text if closing else "".join(out)  # an unclosed bracket masks nothing


def _in_chunk(text: str, masked: str, start: int, end: int, lexicon: Lexicon) -> list[Enumeration]:
    """The enumerations of one stretch between commas and stops. ``等`` ends one; what follows may begin another."""
    parts: list[tuple[int, int]] = []
    place = start
    for piece in masked[start:end].split("、"):
        parts.append((place, place + len(piece)))
        place += len(piece) + 1
    found: list[Enumeration] = []
    names: list[tuple[int, int]] = []

    def close(end_at: int, open_ended: bool) -> None:
        trimmed = (_trim(text, masked, s, e) for s, e in names)
        spans = tuple(span for span in trimmed if span and text[slice(*span)] not in _JOINTS)
        if len(spans) >= 2:
            found.append(Enumeration(spans, spans[0][0], end_at, open_ended))
        names.clear()

    for number, (s, e) in enumerate(parts):
        etc = _etc(masked, s, e)
        while etc:
            names.extend(
                _first(text, masked, s, etc.start(), lexicon) if not names else _joined(masked, s, etc.start(), lexicon)
            )
            close(etc.end(), True)
            s, etc = etc.end(), _etc(masked, etc.end(), e)
        if number == len(parts) - 1:
            if names:
                names.extend(_last(text, masked, s, e, lexicon))
                close(names[-1][1], False)
        elif not names:
            names.extend(_first(text, masked, s, e, lexicon)[-1:])
        else:
            names.extend(_joined(masked, s, e, lexicon) if _both_learned(masked, s, e, lexicon) else [(s, e)])
    return found


def _etc(masked: str, start: int, end: int) -> re.Match[str] | None:
    """The first 等 between ``start`` and ``end`` that ends a list."""
    others = {found.start() + 1 for found in _NOT_ETC.finditer(masked, max(0, start - 1), end)}
    return next((found for found in _ETC.finditer(masked, start, end) if found.start() not in others), None)


def _both_learned(masked: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether an inner name is really two known ones (``A与B`` where A and B are learned terms)."""
    return all(masked[s:e].strip(" \x00") in lexicon.learned for s, e in _joined(masked, start, end, lexicon))


def _first(text: str, masked: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """The name that ends at ``end``, its beginning found by word class."""
    for date in _DATE.finditer(masked, start, end):  # 2024年甲乙科技: the date is no part of the name
        start = date.end() if date.end() < end else start
    words = lexicon.words(masked[start:end])
    begin = end
    for word, s, e in reversed(words):
        kind = lexicon.word_class(word)
        lead = word in GENERIC or word in _LEAD or (len(word) > 1 and kind in ("v", "p", "d", "c", "u", "r"))
        if lead and (begin < end or word in GENERIC or word in _LEAD):
            break  # a verb-like word right before the separator is the end of a name (兆龙互联), a generic one is not
        # Other punctuation between, or a title, which is a name by itself: stop. A comma here parts digits.
        if begin < end and (masked[start + e : begin].strip(" \x00\"'·-,") or text[begin] in _TITLES):
            break
        begin = start + s
    return [(begin, end)] if begin < end else []


def _joined(masked: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """``A和B`` → A, B where the joint is a word of its own; else the whole."""
    for word, s, e in lexicon.words(masked[start:end]):
        if word in _JOINTS and s > 0 and start + e < end:
            return [(start, start + s), (start + e, end)]
    return [(start, end)]


def _last(text: str, masked: str, start: int, end: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """The name (or two, joined by 和) that begins at ``start``, its end found by word class."""
    names: list[tuple[int, int]] = []
    begin, stop = start, start
    for word, s, e in lexicon.words(masked[start:end]):
        kind = lexicon.word_class(word)
        if (
            stop > begin
            and word not in _JOINTS
            and ("\x00" in masked[stop : start + s] or text[stop - 1] in _TITLES.values())
        ):
            break  # what follows a bracketed addition, or a title, is no part of the name
        if word in _JOINTS and stop > begin and not names:
            names.append((begin, stop))
            begin = stop = start + e
        elif stop > begin and (
            word in _TAIL
            or word in GENERIC
            or _COUNT.match(masked, start + s)
            or (len(word) > 1 and kind in ("v", "p", "d", "c", "u", "r"))
        ):
            break
        else:
            stop = start + e
    if stop > begin:
        names.append((begin, stop))
    return names


def _trim(text: str, masked: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without surrounding space and without a bracketed addition at its end; None where none is left."""
    while end > start and ((masked[end - 1] == "\x00" and text[end - 1] in ")]】") or text[end - 1] in " '\""):
        if masked[end - 1] == "\x00":
            while end > start and masked[end - 1] == "\x00":
                end -= 1
        else:
            end -= 1
    while start < end and text[start] in " '\"":
        start += 1
    return (start, end) if 0 < end - start <= _MAX_NAME else None


_PAIR = re.compile(
    r"(?:分为|分成|分|包括了?|包含|有|为|是|由|即|至|到|于|增加|新增|推出|主导|来自|:)(?P<one>[^,。;:、()和与及]{1,16}?)(?P<joint>以及|和|与|及)(?P<other>[^,。;:、()和与及]{1,24})"
)
_PAIR_ENDS = re.compile(
    r"(?:这)?(?:两|二|2)(?:大|个|种|类|家|者|款|项|方面)|等|联合|共同|合作|主导|组成|构成|占据|之间"
)
_QUOTED_RUN = re.compile(
    r"(?:\"[^\"\n]{1,30}\"|《[^》\n]{1,40}》)(?:[、,和与及]?(?:\"[^\"\n]{1,30}\"|《[^》\n]{1,40}》))+"
)
_QUOTED = re.compile(r"\"([^\"\n]{1,30})\"|《([^》\n]{1,40})》")


def joined(text: str, lexicon: Lexicon, *, pairs: bool) -> tuple[Enumeration, ...]:
    """What a folded clause lists without 、: names in marks one after the other (《甲》《乙》), or a pair (分为甲和乙两种).

    A pair is ambiguous (甲和乙 may be one phrase), so it is read only where a question may be answered by one
    (``pairs``).
    """
    runs = tuple(
        Enumeration(
            tuple(m.span(1) if m.group(1) else m.span(2) for m in _QUOTED.finditer(text, *run.span())),
            *run.span(),
            False,
        )
        for run in _QUOTED_RUN.finditer(text)
    )
    if runs:
        return runs
    found = _PAIR.search(text) if pairs else None
    if found is None:
        return ()
    one, (start, end) = found.span("one"), found.span("other")
    stop = _PAIR_ENDS.search(text, start, end)
    if stop is not None:
        end = stop.start()
    else:
        last = _last(text, text, start, end, lexicon)
        end = last[0][1] if last else end
    first = _first(text, text, *one, lexicon) or [one]
    if start >= end:
        return ()
    return (Enumeration((first[-1], (start, end)), first[-1][0], end, False),)
