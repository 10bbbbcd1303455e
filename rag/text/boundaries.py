"""Where a listed name begins and ends in the stretch between two separators.

The separators fix the inner names of a list. The first and the last have one open side, which is closed by word class (a
name does not run over a verb, a preposition, a particle, or a generic noun that introduces it: 厂商, 公司, 包括) and by
what the names have in common: where the others end alike (甲主导、乙主导), so do they.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.words import Lexicon

Span = tuple[int, int]

# Nouns that introduce or follow a list of names without being part of one. General Chinese, folded.
GENERIC = frozenset(
    "国内 国外 海外 国际 全球 世界 中国 本土 大陆 厂商 厂家 公司 企业 供应商 制造商 服务商 运营商 生产商 参与者 玩家 选手 品牌 龙头 巨头 代表 "
    "主要 目前 当前 其中 例如 比如 包括 包含 涵盖 诸如 譬如 分别 典型 核心 相关 领域 环节 部分 方面 机构 单位 组织 客户 用户 头部 领先 知名 著名 "
    "产品 成员 伙伴 合作伙伴 标的 上市公司 参与方 对手 竞争对手 主体 阵营 类型 种类 要素 步骤 阶段 以下 如下 以上 上述 多家 各家 几家".split()
)
_LEAD = frozenset(
    "有 为 是 由 如 像 含 即 以 在 于 被 把 给 对 向 从 与 和 及 或 并 跟 同 的 了 着 将 该 其 这 那 各 等 除 到 至 用 让 使 令 而 则 且 但 若 集 面向 针对 围绕".split()
)
_TAIL = frozenset(
    "在 的 是 为 有 已 均 都 也 将 可 能 会 等 则 又 还 就 才 把 被 对 向 从 于 以 并 且 但 而 占 分 共 之 所 其 该 主导 合作 布局 参与 "
    "主办 承办 协办 举办 联办 牵头 领衔 参赛 参展 入选 入围 组成 构成 共同 联合".split()
)
JOINTS = frozenset("和 与 及 以及 或 或者 跟 and or".split())
_UP_TO = frozenset("到 直到 至 直至".split())  # joins the last name of a list that 从 begins
_INTRODUCER = re.compile(r"(?:包括|包含|涵盖|囊括|例如|比如|诸如|譬如|分为|分成)了?(?:以下|如下)?")
_MODIFIED = 16  # characters of a first name with what describes it (带双门的柜子)
TITLES = {"《": "》", "〈": "〉", "「": "」", "『": "』"}
_DATE = re.compile(
    r"[\d〇零一二三四五六七八九十]+年度?(?:[\d一二三四五六七八九十]+月)?(?:[\d一二三四五六七八九十]+日)?"
)
_COUNT = re.compile(
    r"(?:\d+|[一二两三四五六七八九十几多]+)[大小]?(?:个|种|类|家|项|部分|者|地|国|省|市|县|方面|款|条|块|座|所|位|名|支|只|队|校|县|州)|"
    r"(?:\d+|[一二两三四五六七八九十几多])大(?=[\u3400-\u9fff]{2})"
)
_JOINED = 8  # characters of what is joined to a first name (涵盖基础与安全)
_COUNT_AFTER = 6  # characters of a last name before the count that closes the list (应用五个部分)
_OF_A_NAME = frozenset("中国 全国 国家 世界 国际".split())  # of 中国…研究会, and of 中国厂商 too
_OPEN = ("v", "p", "d", "c", "u", "r")  # word classes that a name does not begin or end with
_ENDING = 4  # characters of an ending that names may share
_REACH = 12  # characters from a last name's beginning in which the ending is looked for


def first_name(text: str, masked: str, start: int, end: int, lexicon: Lexicon, ending: str = "") -> list[Span]:
    """The name that ends at ``end``, its beginning found by word class; ``ending`` is what the list's names end with."""
    for date in _DATE.finditer(masked, start, end):  # 2024年甲乙科技: the date is no part of the name
        start = date.end() if date.end() < end else start
    words = lexicon.words(masked[start:end])
    begin = end
    bare = start + len(masked[start:end].rstrip(" \x00"))
    alike = bare - len(ending) if ending and masked.endswith(ending, start, bare) else end
    for word, s, e in reversed(words):
        if start + e > alike or (begin == alike < end and word not in _LEAD and not _INTRODUCER.match(word)):
            begin = start + s  # the shared ending, and the word before it, whatever they are
            continue
        kind = lexicon.word_class(word)
        lead = word in GENERIC or word in _LEAD or (len(word) > 1 and kind in _OPEN)
        if word in _OF_A_NAME and begin < end and not _a_name(masked[begin:end].strip(), lexicon):
            lead = False  # 中国 before an association, not before a name that stands alone
        if lead and (begin < end or word in GENERIC or word in _LEAD):
            break  # a verb-like word right before the separator is the end of a name (北岭互联), a generic one is not
        # Other punctuation between, or a title, which is a name by itself: stop. A comma here parts digits.
        if begin < end and (masked[start + e : begin].strip(" \x00\"'·-,") or text[begin] in TITLES):
            break
        begin = start + s
    if begin == end:
        return []
    return [(_modified(masked, start, begin, end, lexicon), end)]


def _a_name(piece: str, lexicon: Lexicon) -> bool:
    return piece in lexicon.learned or lexicon.knows(piece)


def _modified(masked: str, start: int, begin: int, end: int, lexicon: Lexicon) -> int:
    """Where a first name begins with what describes it (包括带双门的柜子): after the word that introduces the list."""
    introducers = list(_INTRODUCER.finditer(masked, start, begin))
    if not introducers or masked[begin:end].strip() in lexicon.learned:
        return begin
    stretch = masked[introducers[-1].end() : begin]
    describes = stretch.endswith("的") and 2 < len(stretch) <= _MODIFIED
    joins = 1 < len(stretch) <= _JOINED and stretch[-1] in JOINTS  # 涵盖基础与安全、…: one name or two, but no less
    return introducers[-1].end() if describes or joins else begin


def joined_names(masked: str, start: int, end: int, lexicon: Lexicon) -> list[Span]:
    """``A和B`` → A, B where the joint is a word of its own; else the whole."""
    for word, s, e in lexicon.words(masked[start:end]):
        if word in JOINTS and s > 0 and start + e < end:
            return [(start, start + s), (start + e, end)]
    return [(start, end)]


def last_names(
    text: str, masked: str, start: int, end: int, lexicon: Lexicon, ending: str = "", *, ranging: bool = False
) -> list[Span]:
    """The name (or two, joined by 和) that begins at ``start``, its end found by word class.

    ``ending`` is what the list's names end with; ``ranging`` says that 从 begins the list, so that 到 joins the last.
    """
    names: list[Span] = []
    begin, stop = start, start
    for word, s, e in lexicon.words(masked[start:end]):
        kind = lexicon.word_class(word)
        if start + e <= stop:
            continue
        if (
            stop > begin
            and word not in JOINTS
            and ("\x00" in masked[stop : start + s] or text[stop - 1] in TITLES.values())
        ):
            break  # what follows a bracketed addition, or a title, is no part of the name
        ended = bool(ending) and stop > begin + len(ending) and masked.endswith(ending, begin, stop)
        if ended and word in _LEAD and word not in JOINTS:
            break
        if (word in JOINTS or (ranging and word in _UP_TO)) and stop > begin and not names:
            names.append((begin, stop))
            begin = stop = start + e
        elif stop > begin and (
            word in _TAIL or word in GENERIC or _COUNT.match(masked, start + s) or (len(word) > 1 and kind in _OPEN)
        ):
            on = _up_to_ending(masked, begin, stop, end, ending)
            if on == stop and not _COUNT.match(masked, start + s) and word not in _TAIL:
                on = _up_to_count(masked, start + s, end, lexicon) or stop
            if on == stop:
                break
            stop = on
        else:
            stop = start + e
    if stop > begin:
        names.append((begin, stop))
    return names


def _up_to_ending(masked: str, begin: int, stop: int, end: int, ending: str) -> int:
    """Where the shared ending ends, if the name that has been cut at ``stop`` goes on to it; else ``stop``."""
    if not ending or masked.endswith(ending, begin, stop):
        return stop
    at = masked.find(ending, max(begin + 1, stop - len(ending)), min(end, begin + _REACH))
    return at + len(ending) if at >= 0 and masked[stop:at].isalnum() | (at <= stop) else stop


def _up_to_count(masked: str, start: int, end: int, lexicon: Lexicon) -> int:
    """Where the count stands that closes a list, if only words of the last name come before it (应用|五个部分)."""
    found = _COUNT.search(masked, start + 1, min(end, start + _COUNT_AFTER + 2))
    if found is None or not masked[start : found.start()].isalnum():
        return 0
    between = [word for word, _, _ in lexicon.words(masked[start : found.start()])]
    return 0 if any(word in _TAIL or word in JOINTS for word in between) else found.start()


def shared_ending(masked: str, first: Span, inner: Sequence[Span], last: Span) -> str:
    """What the names of a list end with, folded: "" where they do not end alike.

    The inner names tell it, and the stretches that hold the first and the last name must hold it too. A single
    character counts where three names share it.
    """
    before, after = masked[first[0] : first[1]].rstrip(" \x00"), masked[last[0] : last[1]]
    exact = [masked[s:e].rstrip(" \x00") for s, e in inner]
    for length in range(_ENDING, 0, -1):
        ending = before[-length:]
        if len(ending) < length or not ending.isalpha() or any(not one.endswith(ending) for one in exact):
            continue
        if not 0 < after.find(ending, 1) <= _REACH or (length == 1 and not exact and after.count(ending) < 2):
            continue
        return ending
    return ""
