"""What a bare fact has to be: the type of answer that a question's asking words and their noun call for, and where the
asking words stand among the question's other words. All texts are folded.

The types are the coarse ones of factoid question answering (Li and Roth, "Learning Question Classifiers", 2002).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.retrieve.glue import GLUE
from rag.retrieve.query import Query
from rag.text.words import Lexicon

Sort = Literal[
    "person",
    "place",
    "body",
    "year",
    "time",
    "number",
    "reason",
    "manner",
    "title",
    "name",
    "which",
    "what",
    "list",
    "yesno",
]

_MEASURE = "个种类款座所位本条项名家场部支只首张份件次届期颗片艘架间门段幅栋匹把股道层台辆种派系"
# How a question asks, tried in this order; what comes first in the question decides among matches of one pattern.
_ASKS: tuple[tuple[Sort, str], ...] = (
    (
        "reason",
        r"(?<![称设改定之作成视译命])为什么(?![?])|(?:原?因)为什么|为何|为啥|何以|因何|(?:什么|哪些|何种)?原因(?:是(?:什么|因为)?|为何)?[?]*$|目的是?(?:为|什么)|\bwhy\b",
    ),
    ("year", r"哪一?年(?!代)|何年(?!代)|几年(?=[?的]|$|间|时|开|成|建|发|出|正|被|在)"),
    (
        "time",
        r"何时|什么时[候间]|啥时候|哪一?[天日]|哪一?个?月份?|几[时月号]|何[日月]|多会儿|(?:哪一?个?|几|何|什么)(?:世纪|年代|时期|朝代|时代|季节)|\bwhen\b",
    ),
    (
        "number",
        r"多少|百分之几|第几|多[大高长快重久远深宽厚]|(?<![哪这那前后好])几(?!乎)(?=[\u3400-\u9fff])|\bhow (?:many|much|long|large)\b",
    ),
    ("person", r"谁|哪一?位|何人|(?:什么|哪一?个?)人(?![种民口数间类])|哪一?名|\bwho\b"),
    ("place", r"哪里|哪儿|哪边|何[处地]|啥地方|(?:什么|哪一?个?)地方|(?<=[在于到从自至向])哪(?=[?的]|$)|\bwhere\b"),
    ("list", r"哪些|哪几|哪[两二三四五六七八九十]|有什么|有啥"),
    ("manner", r"如何|怎么样?|怎样|咋样?"),
    ("which", rf"(?:哪|何)一?[{_MEASURE}]?|(?:何|哪)(?=[\u3400-\u9fff])"),
    ("what", r"(?:什|甚)么样?|啥|\bwhat\b|\bwhich\b"),
    ("yesno", r"吗(?=[?]|$)|是否|是不是|有没有|能否|可否"),
    ("what", r"(?:[是为叫]|分别是|分别为|指的?是)(?=[?]|$)"),
)
_COMPILED = tuple((sort, re.compile(pattern)) for sort, pattern in _ASKS)
# The noun asked about → the type, by its last characters; the first that fits.
_NOUNS: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    ("time", re.compile(r"(?:时间|日期|年份|年代|时期|时候|生日|世纪|朝代|时代|季节|月份)$")),
    ("number", re.compile(r"(?:面积|人口|长度|高度|宽度|深度|体重|重量|距离|数量|总数|比例|比率|温度|速度|价格|票房|收视率|人数|海拔|占比|金额|年龄|容量|直径|密度|产量|身高|寿命|份额|次数)$")),
    ("reason", re.compile(r"(?:原因|目的|理由|缘故|动机)$")),
    ("name", re.compile(r"(?:名字|名称|别名|原名|全名|本名|别称|俗名|简称|全称|学名|笔名|艺名|外号|绰号|译名|英文名|昵称|称号|称呼|又名|剧名|校名|站名|片名|书名|地名|国号|年号|代号|美誉|封号|头衔)$")),
    ("title", re.compile(r"(?:书|书籍|著作|作品|小说|电影|影片|歌|歌曲|专辑|节目|电视剧|剧集|杂志|刊物|报纸|条约|协议|协定|法案|法律|法规|宪法|论文|漫画|游戏|诗|曲|文件|文章|典籍|史书|剧)$")),
    ("body", re.compile(r"(?:公司|企业|厂商|组织|机构|单位|部门|大学|学校|学院|政党|党|球队|球会|俱乐部|集团|银行|机关|团体|媒体|报社|出版社|委员会|军队|部队|舰队|法院|乐团|乐队|协会)$")),
    ("place", re.compile(r"(?:国家|国|省份?|城市|[都县镇乡村区州洲岛河江湖海山港]|市|地区|地点|地方|位置|出生地|原产地|原生地|祖籍|首都|首府|省会|发源地|区域|省|半岛|岛屿|山脉|河流|城|街|路|车站|[产籍]地)$")),
    ("person", re.compile(r"(?:人物|作者|导演|主角|[^\d]家|者|员|师|国王|皇帝|总统|总理|首相|主席|院长|校长|市长|部长|将领|将军|选手|歌手|创始人|发明人|负责人|领导人|领袖|妻子|丈夫|父亲|母亲|儿子|女儿|长子|皇后|帝王|君主|教练|[^种民]人)$")),
)  # fmt: skip
_FAMILY = re.compile(r"(?:国家|专家|大家|科学家们)$")
_TRAIL = re.compile(r"^(?:一?[种个类]|样的?|的|类型的?|[种类]|性质的?)+")
_COPULA = re.compile(r"(?:分别)?(?:是|为|叫做?|有|在|称为?|指的?是?)$")
_STOP = ("v", "p", "c", "u", "d", "r", "f", "y")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked for. ``sort`` is the type; ``noun`` the noun that the answer is one of (哪个**国家**, **职务**是什么), ""
    without one; ``start``/``end`` the place of the asking words, with the noun behind them, in the folded question."""

    sort: Sort
    asked: Sort
    noun: str
    start: int
    end: int


def sought(query: Query, lexicon: Lexicon) -> Sought | None:
    """What a question asks for, or None where no word of it asks."""
    text = query.folded
    for sort, pattern in _COMPILED:
        found = pattern.search(text)
        if found is None or (sort == "yesno" and not found.group()):
            continue
        start, end = found.span()
        behind = _noun_behind(text, end, lexicon) if sort in ("which", "what", "list", "number") else ""
        if behind:
            end = text.index(behind, end) + len(behind)
        noun = behind or (_noun_before(text, start, lexicon) if sort in ("what", "list", "number", "place") else "")
        return Sought(_typed(sort, noun), sort, noun, start, end)
    return None


def _typed(sort: Sort, noun: str) -> Sort:
    if sort not in ("which", "what") or not noun:
        return sort
    for typed, pattern in _NOUNS:
        if pattern.search(noun) and not (typed == "person" and _FAMILY.search(noun)):
            return typed
    return sort


def _noun_behind(text: str, at: int, lexicon: Lexicon) -> str:
    """The noun that follows the asking words: 职务 of 什么**职务**."""
    trail = _TRAIL.match(text[at:])
    begin = at + trail.end() if trail else at
    end = begin
    for word, start, stop in lexicon.words(text[begin:]):
        if begin + start != end or word in GLUE or lexicon.word_class(word) in _STOP:
            break
        end = begin + stop
        if end - begin >= 6:
            break
    return text[begin:end]


def _noun_before(text: str, at: int, lexicon: Lexicon) -> str:
    """The noun that stands before 是什么 or 有多大: 职务 of 他的**职务**是什么."""
    if text[:at].endswith(("指的是", "指是", "指")):
        return ""
    head = _COPULA.sub("", text[:at])
    noun = ""
    for word, start, stop in reversed(lexicon.words(head)):
        if stop + len(noun) != len(head) or word in GLUE or lexicon.word_class(word) in (*_STOP, "m") or len(noun) >= 4:
            break
        noun = head[start:]
        if not (head[:start].endswith("的") or any(pattern.search(noun) for _, pattern in _NOUNS)):
            return ""
        break
    return noun
