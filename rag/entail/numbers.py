"""Figures, dates and ordinals of a folded text: by value, with scale, unit and bound."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.numerals import whole_number

_HAN_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]+"
_DATE = re.compile(
    r"(?P<when>截至|截止|自从|自|从|到|至)?(?:(?P<y>(?<![\d.])\d{4}|[〇零一二三四五六七八九]{4})年度?(?:(?P<m>\d{1,2}|十?[一二三四五六七八九十])月(?:份|(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})[日号])?)?"
    r"|(?P<y2>(?<![\d.])(?:19|20)\d{2})-(?P<m2>\d{1,2})(?:-(?P<d2>\d{1,2}))?(?![\d-])"
    r"|(?P<m3>(?<![\d.])\d{1,2}|十?[一二三四五六七八九十])月(?:份|(?P<d3>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]))"
    r"(?P<part>上半年|下半年|第[一二三四1-4]季度|[一二三四]季度|年底|年末|年初|底|末|初|中旬|上旬|下旬)?(?P<edge>以前|之前|以后|之后|以来|前|后|起)?"
)
_BEFORE = r"大约|约为|约|大概|将近|接近|近|超过了?|超出|超|逾|多于|突破|不足|不到|低于|高于|少于|大于|小于|至少|不低于|不少于|不超过|不高于|不多于|最多|至多|about|over|more than|less than|at least|at most|nearly|almost|approximately|around|under|up to"
_AFTER = r"左右|上下|以上|以下|以内|之多|or more|or less"
_SAME_BOUND = {
    word: bound
    for bound, words in {
        "~": "大约 约为 约 大概 左右 上下 about approximately around",
        "<~": "将近 接近 近 nearly almost",
        ">": "超过 超过了 超出 超 逾 多于 突破 高于 大于 多 余 over morethan",
        "<": "不足 不到 低于 少于 小于 lessthan under",
        ">=": "至少 不低于 不少于 以上 atleast ormore",
        "<=": "不超过 不高于 不多于 最多 至多 以内 以下 atmost upto orless",
    }.items()
    for word in words.split()
}
_UNITS = {
    "元": "元 块 块钱 圆 rmb cny",
    "美元": "美元 美金 usd",
    "百分点": "个百分点 百分点",
    "%": "% percent",
    "平方米": "平方米 平米 m2",
    "公里": "公里 千米 km kilometers kilometres",
    "米": "米 m",
    "厘米": "厘米 公分 cm",
    "毫米": "毫米 mm",
    "公斤": "公斤 千克 kg",
    "克": "克 g",
    "吨": "吨 t tons tonnes",
    "千瓦": "千瓦 kw",
    "兆瓦": "兆瓦 mw",
    "千瓦时": "千瓦时 kwh 度电",
    "天": "天 日 days",
    "年": "年 years",
    "个月": "个月 months",
    "小时": "小时 h hours",
    "分钟": "分钟 min minutes",
    "秒": "秒 s seconds",
    "度": "度 ℃ °c 摄氏度",
    "人": "人 名员工 people",
    "万": "million",
}
_PLAIN_UNITS = (
    "欧元 日元 英镑 港元 港币 人民币 韩元 平方公里 立方米 微米 纳米 英尺 英寸 海里 节 亩 公顷 斤 两 毫秒 周 岁 人次 户 瓦 伏 安 倍 成 家 个 种 款 项 条 台 座 套 所 只 辆 艘 架 本 部 届 次 名 位 类 层 级 "
    "颗 片 册 件 株 口 间 场 期 批 代 轮 支 枚 封 页 字 卷 章 步 门 站 线 盏 张 幅 处 道 段 组 队 帧 世纪 年代 升 毫升 转 亿次每秒 万次 大 hz ghz mhz w v a gb tb mb kb gbps tbps pflops tflops p μm nm"
).split()
_CANON = {word: unit for unit, words in _UNITS.items() for word in words.split()} | {u: u for u in _PLAIN_UNITS}
_UNIT = "|".join(sorted(map(re.escape, _CANON), key=len, reverse=True))
_HAN_UNIT = "|".join(sorted((re.escape(u) for u in _CANON if not u.isascii() or u == "%"), key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?:(?P<b>{_BEFORE})\s?(?:为|是|有|达到?)?)?(?P<sign>(?:(?:(?<=[为是至达到于约在:,(降升])|^)[-+±~])|[<>≤≥≈]=?)?\s?(?P<cur>us\$|\$|¥|€|£)?(?P<n>(?<![\d.a-z])\d[\d,]*(?:\.\d+)?)(?P<more>多|余)?\s?(?P<scale>[百千]?[万亿]+|[百千](?![瓦米克伏升])|million|billion)?(?P<more2>多|余)?"
    rf"(?:(?P<u>(?:{_UNIT})(?![a-z])(?:/(?:{_UNIT})(?![a-z]))?)| (?P<ul>(?:{_UNIT})(?![a-z])))?(?P<a>{_AFTER})?"
)
_HAN_FIGURE = re.compile(rf"(?P<b>{_BEFORE})?(?P<n>{_HAN_NUMERAL})(?P<more>多|余)?(?P<u>{_HAN_UNIT})(?P<a>{_AFTER})?")
_PERCENT = re.compile(rf"(?P<b>{_BEFORE})?百分之(?P<n>{_HAN_NUMERAL}|\d+(?:\.\d+)?)(?P<a>{_AFTER})?")
_ORDINAL = re.compile(
    r"(?P<head>第|前)(?P<n>\d+|[一二两三四五六七八九十百]+)(?P<u>名|位|大|家|个|次|届|期|代|季度|批|章|版|类|种|步)?(?![方者])"
)
_SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "million": 1e6, "billion": 1e9}
_SIGNS = {
    sign: frozenset({bound})
    for sign, bound in {
        "<": "<",
        ">": ">",
        "≤": "<=",
        "≥": ">=",
        "<=": "<=",
        ">=": ">=",
        "≈": "~",
        "~": "~",
        "+": "+",
        "±": "±",
    }.items()
}
_CURRENCY = {"us$": "美元", "$": "美元", "¥": "元", "€": "欧元", "£": "英镑"}
_NOT_COUNTED = re.compile(
    r"十分|一部|千万不|一线|一级|一层|一期|一代|一道|一条龙|一口|一片|一段|一年|一天|万一|一时|一线|一带|二次元|一次性"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """``[start, end)`` of a folded text. ``key`` is equal for what says the same; ``value`` its bare figures, ``date`` whether
    it says when, ``one`` whether it is the article 一个."""

    start: int
    end: int
    key: tuple[object, ...]
    value: tuple[object, ...]
    date: bool = False
    one: bool = False


def figures(text: str) -> list[Figure]:
    """The figures of a folded text, in order, none within another.

    >>> [figure.key for figure in figures("2440亿美元")] == [figure.key for figure in figures("2,440亿美元")]
    True
    >>> figures("三千二百亩")[0].key == figures("3200亩")[0].key
    True
    """
    found: list[Figure] = []
    for pattern, made in (
        (_DATE, _date),
        (_ORDINAL, _ordinal),
        (_PERCENT, _percent),
        (_FIGURE, _figure),
        (_HAN_FIGURE, _han),
    ):
        taken = [False] * (len(text) + 1)
        for figure in found:
            taken[figure.start : figure.end] = [True] * (figure.end - figure.start)
        for match in pattern.finditer(text):
            start, end = match.span()
            while start < end and text[start].isspace():
                start += 1
            if any(taken[start:end]):
                continue
            made_of = made(match, start)
            if made_of is not None:
                found.append(made_of)
    return _ranges(text, sorted(found, key=lambda figure: figure.start))


def _ranges(text: str, found: list[Figure]) -> list[Figure]:
    """The figures with those that a dash joins made one (20%-30%, 20-30%)."""
    joined: list[Figure] = []
    for figure in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and text[last.end : figure.start] in ("-", "~", "至", "到", " - ", " to ")
            and last.key[0] == figure.key[0] == "figure"
            and last.key[2] in ("", figure.key[2])
        ):
            scale = 1.0
            if not last.key[2] and (found_scale := re.search(r"[万亿]+", text[figure.start : figure.end])):
                scale = _scale(found_scale[0], text, last)
            low = tuple(round(v * scale, 9) for v in last.value if isinstance(v, float))
            bounds = frozenset((*_bounds(last), *_bounds(figure)))
            joined[-1] = Figure(
                last.start, figure.end, ("range", *low, *figure.value, figure.key[2], bounds), (*low, *figure.value)
            )
        else:
            joined.append(figure)
    return joined


def _scale(scale: str, text: str, low: Figure) -> float:
    """What the figure before a dash is multiplied by: 20-30万 is twenty to thirty times ten thousand."""
    value = 1.0
    for char in scale if not re.search("[百千万亿]", text[low.start : low.end]) else "":
        value *= _SCALES[char]
    return value


def _bounds(figure: Figure) -> frozenset[str]:
    bounds = figure.key[3]
    return bounds if isinstance(bounds, frozenset) else frozenset()


def _whole(numeral: str) -> float:
    plain = numeral.replace(",", "")
    return float(plain) if plain[:1].isdigit() and plain[:1].isascii() else float(whole_number(plain))


def _date(match: re.Match[str], start: int) -> Figure | None:
    g = match.groupdict()
    parts = tuple(
        _whole(part) if part else None
        for part in (g["y"] or g["y2"], g["m"] or g["m2"] or g["m3"], g["d"] or g["d2"] or g["d3"])
    )
    when = {"截止": "截至", "自从": "自", "从": "自", "到": "至"}.get(g["when"] or "", g["when"] or "")
    part = (g["part"] or "").removeprefix("年").replace("末", "底")
    part = re.sub(r"^第?([一二三四1-4])季度", lambda m: f"q{whole_number(m[1])}", part)
    edge = (g["edge"] or "").removeprefix("以").removeprefix("之")
    return Figure(start, match.end(), ("date", parts, part, when, edge), parts, date=True)


def _ordinal(match: re.Match[str], start: int) -> Figure | None:
    unit = match["u"] or ""
    unit = "" if unit in ("名", "位", "大", "家", "个") else unit
    value = _whole(match["n"])
    return Figure(start, match.end(), (match["head"], value, unit), (value,))


def _percent(match: re.Match[str], start: int) -> Figure | None:
    return _made(match, start, _whole(match["n"]), "%", "")


def _figure(match: re.Match[str], start: int) -> Figure | None:
    try:
        value = _whole(match["n"].rstrip(","))
    except ValueError:
        return None
    end = match.end()
    scale = match["scale"] or ""
    for part in [scale] if scale in _SCALES else scale:
        value *= _SCALES[part]
    unit = "/".join(_CANON[part] for part in (match["u"] or match["ul"] or "").split("/") if part)
    if match["cur"]:
        unit = _CURRENCY[match["cur"]]
    if match["n"].endswith(","):
        end = match.end("n") - 1
    return _made(match, start, value, unit, match["more"] or match["more2"] or "", end)


def _han(match: re.Match[str], start: int) -> Figure | None:
    text = match.string
    if _NOT_COUNTED.match(text, match.start("n")) or not (value := _whole(match["n"])):
        return None
    unit = _CANON[match["u"]]
    if unit == "成":
        if match["a"] is None and re.match(r"[为员功本果就立品都长绩交分年效]", text[match.end() :]):
            return None
        return _made(match, start, value * 10, "%", match["more"] or "")
    one = (
        value == 1
        and not match["b"]
        and not match["a"]
        and unit in ("个", "家", "种", "款", "项", "位", "名", "座", "台", "条", "套", "所")
    )
    return _made(match, start, value, unit, match["more"] or "", one=one)


def _made(
    match: re.Match[str], start: int, value: float, unit: str, more: str, end: int = 0, *, one: bool = False
) -> Figure:
    groups = match.groupdict()
    words = [re.sub(r"\s|为", "", groups.get(name) or "") for name in ("b", "a")] + [more]
    sign = groups.get("sign") or ""
    bounds = frozenset(_SAME_BOUND[word] for word in words if word in _SAME_BOUND) | _SIGNS.get(sign, frozenset())
    value = -value if sign == "-" else value
    value = round(value, 9)
    return Figure(start, end or match.end(), ("figure", value, unit, bounds), (value,), one=one)
