"""What a question is about: its noun phrases, and which of them is the subject that a follow-up may lean on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from rag.retrieve.attributes import attribute
from rag.retrieve.glue import GLUE, RELATIONS
from rag.retrieve.kinds import without_asking
from rag.text.boundaries import GENERIC
from rag.text.normalize import Folded, fold
from rag.text.words import Lexicon

TIME = re.compile(
    r"(?:\d{4}|[二一][〇零一二三四五六七八九]{3})年(?:\d{1,2}月(?:\d{1,2}[日号])?|[上下]半年|(?:第?[一二三四]|前三)季度|底|末|初)?|"
    r"\d{1,2}月(?:\d{1,2}[日号])?|[今去明前后]年|[上下]半年|(?:第?[一二三四]|前三)季度|上个?月|本月|近[一二两三四五六七八九十\d]+年"
)
SIDE = re.compile(
    r"国内|国外|海外|境外|国际|全球|全世界|全国|世界|国产|进口|本土|大陆|台湾|香港|北美|美国|欧洲|日本|亚太|亚洲|[上中下]游"
)
PHASE = re.compile(r"(?:第[一二三四五六七八九十]|[首一二三四五六])期(?:工程|项目)?")
# What an English question is made of besides the names in it.
ENGLISH = frozenset(
    "what which who whom whose when where why how much many long big large old tall high is are was were be do does did has "
    "have had can could will would should the a an of in on at for to and or by with from about this that these those it "
    "its they their them there me you please tell list name made first second third last share than as also else other "
    "others one ones not no did any some most more weigh cost mean work works".split()
)
# Characters that end names although the dictionary has them as verbs or measures: 信号厂, 发电站, 存储片.
_ENDS_NAMES = frozenset("厂站片部局所院馆队店社省市县区镇村路山河湖湾岛港桥塔城楼会行线机网台号")
# Single characters that mostly glue a question together, and yet spell names beside other single characters (智 + 算).
_LITTLE = frozenset("中小大新老高好算看说讲谈听问求写想帮查找上下出产多少快慢低能会年月日时间位名进来去一两又得")
_TELLING = 4  # characters of a run that says what it is without being a known name
_BEFORE_ACT = frozenset("在 将 拟 已 也 对 向 为 和 与 跟 被 把".split())
_HAN = re.compile(r"[\u3400-\u9fff]")
_VERBLIKE = ("v", "p", "d", "c", "u", "r", "m", "q", "y", "e", "o", "f")
_NO_TOPIC = frozenset(
    "排名 名次 排行 排行榜 前十 前五 前三 目前 当前 今天 昨天 明天 最近 今后 目标 数据 资料 报告 文章 大家 别人 其他 其它 左右 "
    "总体 哪家 为主 具体 详细 简单 前景 如何 名单 人 第 还有 没有 都有 各自 接着 然后 其实 到底 究竟 又是 就是 真的 可以".split()
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A run of nouns: ``text == question[start:end]``; ``named`` where a word of it names one particular thing."""

    text: str
    start: int
    end: int
    named: bool


def topics(question: str, lexicon: Lexicon) -> list[Topic]:
    """The runs of nouns of a question, in order; times, places and the asking words stand in none. Where it has no noun
    that the dictionary knows for one (快速接头 is an adverb and a verb), the runs of what it is made of."""
    return list(lexicon.once(_topics, question))


def _topics(question: str, lexicon: Lexicon) -> tuple[Topic, ...]:
    within = fold(question)
    asked = without_asking(within.text)
    for pattern in (TIME, SIDE, PHASE):
        asked = pattern.sub(lambda found: " " * len(found.group()), asked)
    made: list[Topic] = []
    for run in _runs(asked, _belongs, lexicon, spaced=not _HAN.search(within.text)):
        run = _trimmed(run, lexicon)
        if len(run) > 1 and lexicon.is_name(run[0][0]) and attribute(run[-1][0]):
            made.append(_topic(question, within, run[:-1], lexicon))  # 甲乙铁路 + 全长
            run = run[-1:]
        if _holds(run):
            made.append(_topic(question, within, run, lexicon))
    if made or not _HAN.search(within.text):
        return tuple(made)
    runs = _runs(asked, _content, lexicon, spaced=False)
    return tuple(_topic(question, within, run, lexicon) for run in runs if _holds(run))


_Run = list[tuple[str, int, int]]


def _runs(
    asked: str, belongs: Callable[[str, _Run, _Run, int, Lexicon], bool], lexicon: Lexicon, *, spaced: bool
) -> list[_Run]:
    """The runs of neighbouring words that belong together; ``spaced`` where a space does not part them."""
    runs: list[_Run] = [[]]
    words = list(lexicon.words(asked))
    for at, (word, start, end) in enumerate(words):
        reached = runs[-1][-1][2] if runs[-1] else start
        gap = asked[reached:start]
        if gap and not (spaced and gap == " "):
            runs.append([])
        if belongs(word, runs[-1], words[at + 1 :], end, lexicon):
            runs[-1].append((word, start, end))
        else:
            runs.append([])
    return [run for run in runs if run]


def _holds(run: _Run) -> bool:
    return bool(run) and run[-1][2] - run[0][1] > 1 and not all(w in _NO_TOPIC for w, _, _ in run)


def _content(word: str, run: _Run, after: _Run, end: int, lexicon: Lexicon) -> bool:
    """Whether a word says anything at all."""
    empty = word in GLUE or word in RELATIONS or word in GENERIC or word in _NO_TOPIC or word.isdigit()
    return not empty and lexicon.word_class(word) not in ("p", "c", "u", "r", "y", "e", "o", "m", "q")


def _topic(question: str, within: Folded, run: _Run, lexicon: Lexicon) -> Topic:
    start, end = within.span(run[0][1], run[-1][2])
    return Topic(question[start:end], start, end, _named(run, question[start:end], lexicon))


def subject(question: str, lexicon: Lexicon) -> Topic | None:
    """The run that a follow-up leans on: a long one that the question begins with, the first that names something, else
    the first; None without any."""
    found = topics(question, lexicon)
    if found and found[0].start == 0 and len(found[0].text) >= _TELLING:
        return found[0]
    return next((topic for topic in found if topic.named), found[0] if found else None)


def subject_of(question: str, lexicon: Lexicon) -> str | None:
    """The words of :func:`subject`, as the question has them."""
    found = subject(question, lexicon)
    return found.text if found else None


def _belongs(word: str, run: _Run, after: _Run, end: int, lexicon: Lexicon) -> bool:
    """Whether a word goes on with a run of nouns, or begins one."""
    if word in lexicon.learned or lexicon.aliases(word):
        return True
    beside = after[0][0] if after and after[0][1] == end else ""
    alone = len(run[-1][0]) == 1 if run else len(beside) == 1 and beside not in GLUE | RELATIONS
    if word in _LITTLE and beside and alone:
        return True  # 小 + 鸿…: single characters in a row spell a name
    if run and beside in ("了", "过"):
        return False  # 甲乙 + 启动 + 了
    if word in GLUE or word in RELATIONS or word in GENERIC or word in _NO_TOPIC or word.isdigit():
        return bool(run) and word.isdigit()
    if word.isascii():
        return word not in ENGLISH
    kind = lexicon.word_class(word)
    if not kind or kind == "N" or len(word) == 1:
        return True
    if kind in ("a", "z", "i", "l") or (kind == "d" and not run) or (kind == "m" and len(word) > 2):
        return bool(run) or bool(beside)  # 传统 + 电源
    if kind == "v" and attribute(word):
        return True
    # A verb between a name and another verb ends the name: 甲乙办公 + 推出, 丙丁甄选 + 在…新增.
    acts = [w for w, _, _ in after[:6] if len(w) > 1 and lexicon.word_class(w) == "v"]
    return kind == "v" and bool(run) and bool(acts) and (beside == acts[0] or beside in _BEFORE_ACT)


def _trimmed(run: _Run, lexicon: Lexicon) -> _Run:
    """A run without what only touches it: a single verb before it (建 + 电站) or behind it (中心 + 建)."""
    run = list(run)
    while run and len(run[-1][0]) == 1 and not run[-1][0].isascii():
        kind = lexicon.word_class(run[-1][0])
        if kind in ("", "N") or (len(run) > 1 and (run[-1][0] in _ENDS_NAMES or len(run[-2][0]) == 1)):
            break
        run.pop()
    while run and lexicon.word_class(run[-1][0]) in ("a", "d") and len(run) > 1:
        run.pop()
    while len(run) > 1 and _joins(run[0][0], lexicon) and len(run[1][0]) > 1:
        run.pop(0)
    if len(run) == 1 and lexicon.word_class(run[0][0]) in (*_VERBLIKE, "a", "z") and not attribute(run[0][0]):
        return []
    return run


def _joins(word: str, lexicon: Lexicon) -> bool:
    return len(word) == 1 and not word.isascii() and lexicon.word_class(word) in _VERBLIKE


def _named(run: _Run, text: str, lexicon: Lexicon) -> bool:
    words = [word for word, _, _ in run]
    if len("".join(words)) < 5 and attribute("".join(words)) and words[0] not in lexicon.learned:
        return False  # 营收
    if all(word.isascii() for word in words) and text.islower():
        return any(word in lexicon.learned for word in words)
    if any(len(word) > 1 and (lexicon.is_name(word) or lexicon.aliases(word)) for word in words):
        return True
    single = [len(word) == 1 and not word.isascii() for word in words]
    return any(one and other for one, other in pairwise(single))  # what no dictionary knows
