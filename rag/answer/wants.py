"""Whether a clause has the shape of the answer wanted: a number for 多少, a date for 何时, a list for 哪些."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.query import LIGHT, Query
from rag.text.enumerations import Enumeration
from rag.text.numerals import whole_number

# A number with its unit, on folded text; ranges and joined forms (20%-30%, 5+1) are one number.
_COUNT = (
    r"(?:\d[\d,]*(?:\.\d+)?|[一二三四五六七八九十百千两]+(?=[个家种类大席层级倍成名位人])|"
    # With more measure words: of two and more, since 一条, 一座 are articles; 三月, 五年 are dates more often than not.
    r"(?:(?<![第一二三四五六七八九十百千])[二两三四五六七八九十](?=[座条所幢栋间艘辆架只头匹亩吨米斤岁根棵株支台])|"
    r"[一二两三四五六七八九十百千]?[十百千][零一二三四五六七八九十百千]*(?=(?:万|亿|余|多)*(?:平方|立方|公里|公斤|公顷|千米|千克|小时|分钟|[座条所幢栋间艘辆架只头匹亩吨米斤岁元块根棵株支台里尺丈]))))"
)
_LATIN_UNIT = r" (?:%|k?g|mg|[kcmn]?m|t|[kmgt]?wh?|k?v|[kmg]?hz|[kmgtp]b(?:/s|ps)?|ms|percent|million|billion|hours?|minutes?|days?|weeks?|months?|years?)\b"
_SCALE = rf"(?:%|[a-z]+(?:/[a-z]+)?|{_LATIN_UNIT}|万亿|千亿|百亿|十亿|亿亿|千万|百万|亿|万|千)?"
_MEASURE = (
    r"(?:美元|人民币|元|欧元|港元|日元|英镑|次每秒|毫秒|分钟|小时|平方公里|平方千米|平方米|立方米|公里|千米|英里|海里|厘米|毫米|公顷|英尺|千克|公斤|毫克|毫升|摄氏度|"
    r"个月|个小时|个工作日|个百分点|个基点|千瓦时|千瓦|兆瓦|字节|比特|人次|架次|海拔|[片粒颗枚袋瓶盒滴桶箱包个家种类席倍成年月日天台名位人度米亩吨克斤升层级款项条座套大次岁号余里尺丈瓦伏安户对双支只头匹棵株件辆艘架列班场届期代篇本部册卷集首幅份字句行页票分秒轮回遍步所间栋处点段章节门]|)"
)
_UNIT = _SCALE + _MEASURE
NUMBER = re.compile(
    rf"(?:第|约|近|超过?|百分之)?{_COUNT}(?:{_UNIT}(?:[-~+至到]{_COUNT}))?{_UNIT}|第[一二三四五六七八九十]+|百分之[零一二三四五六七八九十百]+"
)
DATE = re.compile(
    r"\d{2,4}年(?:\d{1,2}月(?:\d{1,2}[日号])?|上半年|下半年|[一二三四]季度|年?底|末|初)?|\d{1,2}月\d{1,2}[日号]|"
    r"(?<![\d.])(?:19|20)\d{2}(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?(?=[)\]\s,:;]|\.(?!\d)|$)|\d{1,2}月?[-~至到]\d{1,2}月|[春夏秋冬]季|[上本]世纪|(?:\d{1,2}|[一二]?十?[一二三四五六七八九十])世纪(?:初|末|中叶|中期|后期|\d0年代)?|\d{2,4}年代|"
    r"[一二][〇零一二三四五六七八九]{3}年|(?:民国|公元前?|西元前?)(?:\d{1,4}|[元一二三四五六七八九十]{1,3})年|正?[一二三四五六七八九十]{1,2}月(?:初?[一二三四五六七八九十]{1,3}日?)?(?=[,;。.]|$)"
)
# What comes between a term and the words that define it: a bracketed full name, a comma.
_DEFINES = re.compile(
    r"\W{0,2}(?:\([^)]*\))?\W{0,2}(?:芯片|技术|系统|电源|服务器|模式|产业)?\W?(?:也?(?:被)?称为|又称|也称|简称|就?是(?!否)|即|指|作为|定义为|的(?:定义|含义|全称)|为|含有?|承担|:|is\b|are\b|means\b|refers\b)"
)
_LEAD_IN = re.compile(r"^(?:作为|是(?!否)|即|指|为|含有?|内含|承担|采用|主要(?:是|用)|通过|一种)")
_REASON = re.compile(
    r"因为|由于|因此|所以|因而|从而|以便|为了|使得?|导致|带动|推动|原因|得益于|优势|优点|不依赖|能够|可以|更"
)
CONTRAST = re.compile(
    r"而|但|却|则|更|较|相比|相对|不同|区别|差异|高于|低于|优于|弱于|强于|大于|小于|快于|慢于|多于|少于|超过|不如|不及|替代|前者|后者|反之|\bthan\b|\bwhile\b|\bwhereas\b|\bunlike\b"
)
_HEADING_TAIL = 20  # characters: about the last heading of a path
_MAKERS = re.compile(
    r"厂商|厂家|公司|企业|供应商|制造商|玩家|参与|品牌|代表|龙头|布局|运营商|服务商|集团|vendor|compan|maker|supplier|player"
)
_ASKS_MAKERS = re.compile(
    r"谁|厂商|厂家|公司|企业|供应商|制造商|玩家|品牌|参与者|哪家|哪几家|who|compan|vendor|maker|supplier|manufacturer|player"
)


_HOW_MANY = re.compile(
    r"[哪那](?P<a>[一二三四五六七八九十两\d]+)(?:大|个|种|类|家|层|座|所|款|位|本|条|项|部分|方面|块|样|点)|"
    r"前(?P<b>[三四五六七八九十\d]+)(?:名|家|位|大|强)?(?:企业|公司|厂商|品牌)?(?:是|有|为|都|分别)|"
    r"(?P<c>[二三四五六七八九十两\d]+)(?:大|个|种|类|家|款|项)(?:[\u3400-\u9fff]{1,10})(?:是|有|包括|分别|都)[^,]{0,4}(?:哪|什么|啥)"
)


def asked_count(query: Query) -> int:
    """How many names the question says there are (哪**三**种, 前**五**名是); 0 where it does not say."""
    found = _HOW_MANY.search(query.folded)
    said = next(filter(None, found.groups()), "") if found else ""
    return whole_number(said)


def answers_kind(query: Query, text: str, heading: str, lists: Sequence[Enumeration]) -> float:
    """How far a folded clause has the wanted shape, in [0, 1]; .5 for questions that want none in particular."""
    if query.kind == "list":
        return list_fit(query, text, lists)
    if query.kind == "number":
        return number_fit(query, text)
    if query.kind == "date":
        return 1.0 if DATE.search(text) else 0.0
    if query.kind == "definition":
        return definition_fit(query, text, heading)
    if query.kind == "compare":
        return 1.0 if CONTRAST.search(text) else 0.3
    if query.kind == "reason":
        return 1.0 if _REASON.search(text) else 0.2
    return 0.5


def asks_makers(query: Query) -> bool:
    """Whether the list asked for is one of organisations."""
    return bool(_ASKS_MAKERS.search(query.folded))


def names_makers(text: str) -> bool:
    """Whether a folded text has a word for those who make, sell or run things."""
    return bool(_MAKERS.search(text))


def list_fit(query: Query, text: str, lists: Sequence[Enumeration]) -> float:
    """1 for an enumeration of the kind asked for, less for one that nothing says to be of organisations."""
    if not lists:
        return 0.0
    return 1.0 if not asks_makers(query) or names_makers(text) else 0.6


def number_fit(query: Query, text: str) -> float:
    """1 where a number in the asked unit stands; .6 for another where a classifier is asked for, since texts swap those,
    but .1 where money, a share, a rank or a physical measure is; 0 where only dates do."""
    numbers = [text[start:end] for start, end in numbers_in(text)]
    if not numbers:
        return 0.1 if DATE.search(text) else 0.0
    if not query.unit:
        return 1.0 if any(is_amount(number) for number in numbers) else 0.1
    if any(in_unit(query.unit, number) for number in numbers):
        return 1.0
    return 0.6 if query.unit in _CLASSIFIERS else 0.1


_CLASSIFIERS = "个家种类款名位项条层级台套座所路"  # measure words that a text may swap for one another


_SAME_UNIT = {"厘米": ("cm", "公分"), "毫米": ("mm",), "公里": ("km", "千米"), "千米": ("km", "公里"), "公斤": ("kg", "千克"), "千克": ("kg", "公斤"), "小时": ("h",)}  # fmt: skip


def in_unit(unit: str, number: str) -> bool:
    """Whether a number is in a unit: 元 stands for any currency, % for any share, 第 for any rank."""
    if unit == "%":
        return bool(re.search(r"%|成|分之", number))
    if unit == "第":
        return number.startswith("第")
    return unit in number or any(other in number for other in _SAME_UNIT.get(unit, ()))


def is_amount(number: str) -> bool:
    """Whether a number says how much or how many, not which place in an order (第五)."""
    return not number.startswith("第")


def numbers_in(text: str) -> list[tuple[int, int]]:
    """Spans of the numbers of a folded text that are not part of a date or of a Latin name (NX200)."""
    dates = [match.span() for match in DATE.finditer(text)]
    found = []
    for match in NUMBER.finditer(text):
        start, end = match.span()
        inside_name = start > 0 and text[start - 1].isascii() and text[start - 1].isalpha()
        coded = text[start - 1 : start] == "(" and text[end : end + 1] == ")" and end - start >= 5  # a share's number
        vague = text[start:end] in ("一种", "一个", "一家", "一类", "一项", "一大", "一层")  # an article, not a count
        if not inside_name and not vague and not coded and not any(s < end and start < e for s, e in dates):
            found.append((start, end))
    return found


def definition_fit(query: Query, text: str, heading: str) -> float:
    """1 where the clause begins with the term and says what it is; .9 where its heading is the term and it says so."""
    focus = [term.text for term in query.terms if term.weight > LIGHT]
    for term in focus:
        at = text.find(term)
        if 0 <= at <= 8 and _DEFINES.match(text, at + len(term)):
            return 1.0
    if any(term in heading[-_HEADING_TAIL:] for term in focus) and _LEAD_IN.match(text):
        return 0.9
    return 0.2 if focus else 0.5
