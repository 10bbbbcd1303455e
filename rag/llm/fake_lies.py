"""What a lying model writes in place of a sentence of the material: one thing in it is no longer true, the rest is its words."""

from __future__ import annotations

import re
from collections.abc import Callable

# Names of nobody. One that the material has is passed over.
_INVENTED = ("凌川远图", "朔桐精仪", "澄泊海岚")
_INVENTED_LATIN = ("Veltrand Oyx", "Quorlim Haas", "Nemosque")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_HAN_DIGIT = re.compile(
    r"(?:(?<=第)[一二三四五六七八九])|[一二三四五六七八九](?=[十百千万亿成倍个家台亩年月日名项条座吨大]|分之)"
)
_NEXT_HAN = dict(zip("一二三四五六七八九", "四五七六八九三二七", strict=True))
_NAME = r"[^，。；、：:,;（）()“”\s]{2,24}?"
_TRADE = "供应|供货|提供|销售|出售|交付|采购|购买|订购|收购|投资|授权|出租|转让"
_HOLDS = "供应|采购|收购|投资|控股|持有|参股|起诉|授权"
_NO_NOUN = "(?![商额者链量价方率份端侧品])"
_KIN = "子公司|母公司|分公司|客户|供应商|股东|控股股东|代工厂|经销商|代理商"
# 甲向乙采购丙; A buys parts from B; 甲收购乙; A acquired B; 甲是乙的客户
_SWAPS = (
    re.compile(rf"(?P<a>{_NAME})(?P<v>向|从|由|为|给|对|被)(?P<b>{_NAME})(?P<rest>(?:{_TRADE}){_NO_NOUN}.*)$"),
    re.compile(
        r"(?P<a>[A-Z][\w .&-]{0,30}?)(?P<v> (?:buys|bought|sources|sells|sold|supplies|leases) .{0,40}? (?:from|to) )"
        r"(?P<b>[A-Z][\w &-]{0,30}?)(?P<rest>[.,;]?(?: .*)?)$"
    ),
    re.compile(
        rf"(?P<a>{_NAME})(?P<v>(?:已|已经|将|拟)?(?:{_HOLDS}){_NO_NOUN}了?)(?P<b>{_NAME})(?P<rest>[，,；;].*|[。.]?)$"
    ),
    re.compile(
        r"(?P<a>[A-Z][\w &-]{0,30}?)(?P<v> (?:supplies|buys|acquired|acquires|owns|sued) )(?P<b>[A-Z][\w &-]{0,30}?)"
        r"(?P<rest>[.,;]?(?: .*)?)$"
    ),
    re.compile(rf"(?P<a>{_NAME})(?P<v>是)(?P<b>{_NAME})(?P<rest>的(?:{_KIN}).*)$"),
)
_OPPOSITES = tuple(
    pair.split("/")
    for pair in (
        "自研/外购 自产/外购 自主研发/对外采购 自建/租用 增长/下降 上升/下降 提升/下滑 提高/降低 增加/减少 增至/降至 扩大/缩小 高于/低于 "
        "大于/小于 多于/少于 超过/不足 以上/以下 领先/落后 最大/最小 最高/最低 盈利/亏损 进口/出口 国内/国外 流入/流出 买入/卖出 "
        "支持/不支持 允许/禁止 已经/尚未 必须/不必 可以/不可以 能够/不能 开始/停止 之前/之后 "
        "increased/decreased increase/decrease grew/fell rose/fell higher/lower more/less above/below before/after "
        "can/cannot must/need_not always/never in-house/outsourced"
    ).split()
)
# Left out, what was denied is said; but not of words that only look like a denial.
_DENIALS = re.compile(r"尚未|并未|没有|并非|不是|未(?![来必知])|不(?![锈断仅但同论管过少足如得久])| not |无法")
_AFFIRMED = {"没有": "有", "并非": "是", "不是": "是", "尚未": "已", "并未": "已", " not ": " ", "无法": "能"}
# What is said, denied; where the character is that word and no part of another.
_SAID = tuple(
    (re.compile(word), denied)
    for word, denied in (
        ("(?<![但还可就只于若如凡总])是(?![否非])", "不是"),
        ("(?<![没所拥具享占含固还持现特私国公原已])有(?![限效机色所望助关序利害])", "没有"),
        ("拥有|具有", "没有"),
        ("包括", "不包括"),
        ("属于", "不属于"),
        ("采用", "未采用"),
        ("生产(?![商线力能])", "不生产"),
        ("进入", "未进入"),
        ("(?<![智性功产可节储技效电热动才职])能(?![力源耗量级])", "不能"),
        ("(?<![社协机大工])会(?![议计员展])", "不会"),
        ("已(?!知)", "尚未"),
        ("将(?!来)", "不会"),
    )
)
_SAID_EN = tuple(
    (re.compile(f" {word} "), f" {denied} ")
    for word, denied in (
        ("is", "is not"), ("are", "are not"), ("was", "was not"), ("has", "has not"), ("have", "have not"), ("will", "will not")
    )
)  # fmt: skip

Lie = Callable[[str, str], str]


def wrong_number(sentence: str, _material: str) -> str:
    """Another number; one is made up where the sentence has none.

    >>> wrong_number("茶园有 512 亩。", "")
    '茶园有 519 亩。'
    """
    if found := _DIGITS.search(sentence):
        at = found.end() - 1
        return sentence[:at] + str((int(sentence[at]) + 7) % 10) + sentence[at + 1 :]
    if han := _HAN_DIGIT.search(sentence):
        return sentence[: han.start()] + _NEXT_HAN[han.group()] + sentence[han.end() :]
    return _before_the_end(sentence, "，比上年多 37%" if _is_chinese(sentence) else ", 37% more than before")


def invented_name(sentence: str, material: str) -> str:
    """One name more, which nobody has.

    >>> invented_name("供应商有松岭、望岳。", "")
    '供应商有松岭、凌川远图、望岳。'
    """
    chinese = _is_chinese(sentence)
    names = _INVENTED if chinese else _INVENTED_LATIN
    name = next((name for name in names if name not in material), names[0])
    if "、" in sentence:
        return sentence.replace("、", f"、{name}、", 1)
    return _before_the_end(sentence, f"，{name}也是如此" if chinese else f", as does {name}")


def swapped(sentence: str, material: str) -> str:
    """Who does it and to whom, changed over; the opposite where the sentence does not show who they are.

    >>> swapped("松岭向望岳采购茶叶。", "")
    '望岳向松岭采购茶叶。'
    """
    for pattern in _SWAPS:
        if found := pattern.search(sentence):
            return sentence[: found.start()] + found["b"] + found["v"] + found["a"] + found["rest"]
    return opposite(sentence, material)


def opposite(sentence: str, _material: str) -> str:
    """The contrary: a word by its opposite, a denial left out, or one put in.

    >>> opposite("产量比上年增长。", ""), opposite("它没有工厂。", ""), opposite("它是农户。", "")
    ('产量比上年下降。', '它有工厂。', '它不是农户。')
    """
    for pair in _OPPOSITES:
        for word, other in (pair, pair[::-1]):
            if word in sentence and not (other in sentence and word in other):
                return sentence.replace(word, other.replace("_", " "), 1)
    if found := _DENIALS.search(sentence):
        return sentence[: found.start()] + _AFFIRMED.get(found.group(), "") + sentence[found.end() :]
    for said, denied in _SAID if _is_chinese(sentence) else _SAID_EN:
        if said.search(sentence):
            return said.sub(denied, sentence, count=1)
    return f"并非{sentence}" if _is_chinese(sentence) else f"It is not true that {sentence}"


def fits(way: str, sentence: str) -> bool:
    """Whether a sentence has what the lie is about, so that nothing is to be made up for it."""
    if way == "wrong_number":
        return bool(_DIGITS.search(sentence))
    if way == "invented_name":
        return "、" in sentence
    if way == "swapped":
        return any(pattern.search(sentence) for pattern in _SWAPS)
    return True


def _before_the_end(sentence: str, more: str) -> str:
    bare = sentence.rstrip("。.！!？?；;")
    return bare + more + (sentence[len(bare) :] or ("。" if _is_chinese(sentence) else "."))


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)
