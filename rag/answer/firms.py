"""Names of organisations, firms above all: whether a string may be one, and where one ends before a word or begins
after it."""

from __future__ import annotations

import re

from rag.retrieve.glue import GLUE, RELATIONS
from rag.text.boundaries import GENERIC
from rag.text.words import Lexicon

Span = tuple[int, int]

ORG_TAIL = re.compile(r"(?<=..)(?:公司|集团|股份|科技|银行|重工|半导体|实业|控股|高科|电气|药业|证券|研究院)$")
_FULL_NAME = re.compile(
    r"[^由被和与及在]{2,20}?有限公司|[^由被和与及在]{2,10}?(?:公司|集团|股份|科技|高科|银行|重工|实业|控股|药业|半导体)(?!集团|股份|有限|科技|公司)"
)
# How the short names of organisations end, after two or three characters, and how their full names do.
_SHORT_NAME = re.compile(
    r"^[^\W\d_]{2,3}(?:股份|科技|控股|电子|电气|电器|机械|重工|实业|泵业|通信|通讯|信息|软件|光电|光子|半导体|材料|新材|环境|环保|药业|生物|钢铁|铜业|铝业|矿业|化学|仪器|装备|传媒|食品|乳业|酒业)$"
)
_LONG_NAME = re.compile(r".(?:公司|集团|股份|银行|证券|大学|学院|研究院|研究所|工厂)$")
_NO_PART = frozenset(
    "日前 近日 今日 昨日 今天 昨天 年前 月前 今年 去年 明年 近期 此前 随后 当日 子公司 孙公司 全资 旗下".split()
)
_LEGAL_FORM = re.compile(r"(?:股份|科技股份|控股股份)?有限(?:责任)?公司$|公司$")
_BARE_FIRM = re.compile(r"(?:股份|科技|控股|集团)?(?:有限)?(?:责任)?公司$|集团$|股份$")
_NOT_A_NAME = re.compile(
    r"^\d+(?: ?[个位家名种类款]|$)|另一|^(?:其|该|本|这|那|各|某|此|和|与|及|等)|[,;。:!?]|\d{4}年|%|的|(?:部门|单位|机构|行业|环节|领域|方面|客户|用户)$"
)
_MAX_NAME = 20


def is_company(name: str, lexicon: Lexicon) -> bool:
    """Whether a folded name may be an organisation's: short, no phrase, no dictionary word that is something else."""
    if not may_be_name(name, lexicon):
        return False
    words = lexicon.words(name)
    return len(words) > 1 or bool(ORG_TAIL.search(name)) or lexicon.is_name(name)


def may_be_name(name: str, lexicon: Lexicon, *, strict: bool = True) -> bool:
    """Whether a folded name is at least no phrase: no particle in it and, if ``strict``, no verb around its ends."""
    if not 2 <= len(name) <= _MAX_NAME or _NOT_A_NAME.search(name):
        return False
    words = [(word, lexicon.word_class(word)) for word, _, _ in lexicon.words(name)]
    if not 0 < len(words) <= 6 or any(kind in ("p", "c", "u", "d", "r") and len(word) > 1 for word, kind in words):
        return False
    begins, ends = words[0], words[-1]
    verbal = begins[1] == "v" or (ends[1] == "v" and len(ends[0]) == 1)
    return not strict or len(words) == 1 or bool(ORG_TAIL.search(name)) or not verbal


def is_firm(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is that of a firm, and not a description of one (内容制作公司)."""
    if _BARE_FIRM.match(name) or name[0].isdigit():
        return False
    if name.endswith("公司"):
        return name.endswith("有限公司")
    return bool(ORG_TAIL.search(name)) or (lexicon.is_coined(name) and len(name) <= 8)


def is_organisation(name: str, lexicon: Lexicon) -> bool:
    """Whether a folded name ends as those of organisations do, or is a Latin one that the material knows; a general word
    with such an ending (国内公司) names nobody."""
    if any(name.endswith(word) and (name[: -len(word)] in GENERIC or not name[: -len(word)]) for word in GENERIC):
        return False
    return bool(_SHORT_NAME.match(name) or _LONG_NAME.search(name)) or (name.isascii() and name in lexicon.learned)


def without_legal_form(name: str) -> str:
    """A firm's folded name without its legal form (甲乙科技股份有限公司: 甲乙)."""
    bare = _LEGAL_FORM.sub("", name)
    return bare if len(bare) >= 2 else name


def name_before(text: str, end: int, lexicon: Lexicon) -> Span | None:
    """The name that ends right at ``end``, without a particle after it."""
    while end > 0 and text[end - 1] in " 的":
        end -= 1
    if text[end - 1 : end] == ")" and "(" in text[:end]:
        end = text.rfind("(", 0, end)  # 甲电气股份有限公司(以下简称…)的子公司
    start = max((text.rfind(mark, 0, end) for mark in ",;:。、()的"), default=-1) + 1
    begin = end
    for word, s, e in reversed(lexicon.words(text[start:end])):
        opens = (
            s == 0 and len(word) == 1 and begin < end and lexicon.word_class(word) not in "pcudrv"
        )  # a lone character at the very beginning is part of the name
        country = word == "中国" and begin < end
        if start + e != begin or not (opens or country or _in_a_name(word, lexicon)):
            break
        begin = start + s
    return (begin, end) if end - begin >= 2 else None


def name_after(text: str, start: int, lexicon: Lexicon) -> Span | None:
    """The name that begins right at ``start``."""
    end = next((at for at in range(start, len(text)) if text[at] in ",;:。、()的 "), len(text))
    if whole := _FULL_NAME.match(text, start, end):
        return whole.span()
    stop = start
    for word, s, e in lexicon.words(text[start:end]):
        if start + s != stop or not _in_a_name(word, lexicon):
            break
        stop = start + e
    while stop > start and text[stop - 1].isdigit():
        stop -= 1  # 甲顾问25日发布: a day of the month
    return (start, stop) if stop - start >= 2 else None


def _in_a_name(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.learned:
        return True
    if word in GENERIC or word in GLUE or word in RELATIONS or word in _NO_PART:
        return False
    kind = lexicon.word_class(word)
    return not (kind in ("p", "c", "u", "r", "d") or (kind == "v" and len(word) > 1))
