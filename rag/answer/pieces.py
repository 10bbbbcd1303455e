"""The pieces of a clause, between its commas and behind its lead-in's colon, and how they lean on one another.

Everything here is general Chinese: function words and punctuation. All texts are folded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from rag.text.boundaries import GENERIC
from rag.text.words import Lexicon

_OPENING, _CLOSING = "([{《〈「『【", ")]}》〉」』】"

# A piece with one of these makes no sense, or another one, without the piece behind it.
_OPENS = re.compile(
    r"如果|如(?!今|下|图)|若(?!干)|假如|倘若|只要|只有|除非|一旦|当(?!前|地|年|日|下|中)|无论|不论|不管|虽|尽管|即使|即便|"
    r"不仅|不但|不只|不光|既|与其|由于|因为|一方面|是否"
)
# What it says is the condition, or the limit, of what the piece behind it says.
_CONDITION = re.compile(
    r"^(?:而|但|并且|其中)?(?:如果|如(?!今|下|图|此)|若(?!干)|假如|倘若|只要|只有|除非|一旦|当(?!前|地|年|日|下|中)|无论|不论|不管|虽|尽管|即使|即便)"
    r"|(?:(?<![同当届])时|的话|情况下|条件下|前提下)$"
)
# It says who claims it or how sure that is; without it a claim would pass for a fact.
_CLAIMED = re.compile(
    r"(?:认为|预计|估计|预测|预期|推测|猜测|可能|也许|相信|表示|指出|声称|称|坦言|透露|强调|说|据传)$"
)
_HEDGED = re.compile(r"预计|估计|预测|预期|推测|可能|或许|疑|传闻|不完全")
# It says by what means, and leaves what is done to the piece behind it.
_BY_MEANS = re.compile(r"凭借|立足|依托|借助|依靠|通过|围绕|充分发挥")
# It takes back, limits or goes on from the piece before it.
_ITS = re.compile(r"^其(?!中|他|余|实|次)")
_LEANS = re.compile(
    r"^(?:则|就(?!业)|才(?!能|华|智)|那么|因此|因而|所以|从而|进而|使|否则|而|但|却|然而|不过|以便|以及|以(?!色|太|上|下|前|后)|并|且|也(?!许)|还|又|再|同样|同时|后者|前者|"
    r"两者|二者|这|该|此(?!外)|它|他|她|其(?!中|他|余|实|次)|对此|为此|紧随|随后|其后|约为?\d|约占|[是为有](?!线|机))"
)
_NEXT_IN_RANK = re.compile(r"(?:次之|居次|紧随其后)[。.]?$")
_LIMITS = re.compile(
    r"^(?:但|却|然而|不过|除非|否则|前提|只是|只限|仅限|不含|不包括|除.{1,20}外$|如果|只要|若(?!干)|而(?:不是|非|是|并?未|并?不)|.{0,16}(?:次之|居次|紧随其后)$)"
)
# Pieces that only say where, when, or by whose account: they lead in what follows.
_BY_ACCOUNT = re.compile(
    r"^(?:另?据|根据|按照?|援引|综合).*$|^从.*看$|^.{1,24}(?:数据|报告|报道|统计|消息|公告|资料|数字|网站|榜单)显示$"
)
_SCOPE = re.compile(
    r"^随着.*$|^(?:在|从|对|就|对于|针对|关于|于|截至|截止|自|自从|到|至|当|与).*(?:[中上里内下时后前外间看]|方面|领域|环节|而言|来说|以来|期间|市场|年|月|日|底|末|初|地区|节点|行业|相比|[对相]比)$"
    r"|^.{1,16}(?:方面|领域(?:中|里)?|环节(?:中|里)?|期间|以来|中)$"
    r"|^(?:(?:当地时间|北京时间|今年|去年|明年|同年)?[\d〇一二三四五六七八九十上下至到~\-. ]*[年月日号半季度末底初至到\d]*)$"
)
_LINKING = re.compile(
    r"^(?:此外|另外|其中|同时|目前|当前|近年来|近年|近日|日前|例如|比如|首先|其次|再次|最后|总之|事实上|实际上|据悉|据了解|据介绍|据统计|据报道|值得一提的是|值得注意的是|具体来看|具体而言|总体来看|整体来看|一般来说|业绩方面|当时)$"
)
_LEAD_IN_ENDS = re.compile(
    r"(?:如下|以下|包括|包含|有|是|为|即|分别|例如|比如|如|称|表示|说|指出|认为|显示|介绍|透露|强调|下列|个|种|类|点|方面|步|项|家|名|条|有望|获悉|分为|问|答|看)$"
)
# What these words say holds of a whole; without its scope it would be said of another.
_NEEDS_SCOPE = re.compile(
    r"\d|第[一二三四五六七八九十]|最|首|唯一|均|都|全部|所有|任何|仅|只|超过|高于|低于|领先|排名|前[一二三四五六七八九十]"
)
# Verbs that the dictionary lists as nouns too, and what behind them makes them one (增长的速度, 合作方).
_ACTS = frozenset(
    "替代 支持 应用 服务 合作 生产 使用 影响 要求 领导 投资 增长 下降 上涨 下跌 控制 参与 提升 保障 覆盖 分布 推动 研究 设计 开发 制造 供应 管理 建设 组织 负责 "
    "改善 优化 减少 增加 保护 解决 实现 提供 产生 促进 预计 计划 连接 支撑 适配".split()
)
_MAKES_A_NOUN = re.compile(
    r"^(?:[的是为方商者率量额度性和与、及]|在|有|达|占|由|被|已|将|能|可|会|也|均|都|最|较|更|很|不|$)"
)
_VERB_LIKE = frozenset("vdcpu")


@dataclass(frozen=True, slots=True)
class Piece:
    """``[start, end)`` of a folded clause; ``mark`` is the end of the punctuation behind it.

    ``bare``: it has no subject of its own and goes on with that of a piece before; ``leads``: it only leads in what
    follows (when, where, by whose account).
    """

    start: int
    end: int
    mark: int
    text: str
    bare: bool
    leads: bool


def piece_spans(text: str, *, colons: bool = False) -> list[tuple[int, int]]:
    """The spans between the commas of a folded clause (and its colons); none inside brackets, titles or quotation marks,
    nor between digits (1,000; 3:1).

    >>> ["甲,乙(丙,丁),戊1,200"[s:e] for s, e in piece_spans("甲,乙(丙,丁),戊1,200")]
    ['甲', '乙(丙,丁)', '戊1,200']
    """
    found: list[tuple[int, int]] = []
    start, depth, quoted = 0, 0, False
    balanced = text.count('"') % 2 == 0
    for at, char in enumerate(text):
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        elif char == '"' and balanced:
            quoted = not quoted
        elif (char == "," or (colons and char == ":")) and not depth and not quoted and not _in_number(text, at):
            if at > start:
                found.append((start, at))
            start = at + 1
    if start < len(text):
        found.append((start, len(text)))
    if depth:  # a bracket that never closes parts nothing
        return [(0, len(text))]
    return found


def _in_number(text: str, at: int) -> bool:
    if text[at] == ":":
        return text[at + 1 : at + 2].isascii() and bool(text[at + 1 : at + 2].strip())
    return text[at - 1 : at].isdigit() and bool(re.match(r"\d{3}(?!\d)", text[at + 1 :]))


def pieces(text: str, lexicon: Lexicon) -> list[Piece]:
    """The pieces of a folded clause, in order."""
    cut = piece_spans(text, colons=True)
    found = []
    for at, (start, end) in enumerate(cut):
        mark = cut[at + 1][0] if at + 1 < len(cut) else end
        words = text[start:end].strip()
        leads = at + 1 < len(cut) and is_lead(words)
        found.append(Piece(start, end, mark, words, not leads and _bare(words, lexicon), leads))
    return found


def is_lead(piece: str) -> bool:
    """Whether a piece only says when, where or by whose account."""
    return is_aside(piece) or bool(_SCOPE.match(piece))


def is_aside(piece: str) -> bool:
    """Whether a piece only links, or says by whose account."""
    return bool(_LINKING.match(piece) or _BY_ACCOUNT.match(piece))


def _bare(piece: str, lexicon: Lexicon) -> bool:
    if _LEANS.match(piece):
        return True
    word, *others = lexicon.words(piece)[:2] or [("", 0, 0)]
    if word[1] > 0 or not word[0] or lexicon.is_name(word[0]):
        return False
    if others and others[0][0] in GENERIC:
        return False  # 参展企业: the verb is part of a noun
    if word[0] in _ACTS and not _MAKES_A_NOUN.match(piece[word[2] :]):
        return True
    return lexicon.word_class(word[0]) in _VERB_LIKE


def closed(text: str, all_: Sequence[Piece], wanted: Set[int]) -> list[int]:
    """The pieces that have to be said with those wanted, in order: whose subject they carry on, what they depend on, what
    limits them."""
    kept = set(wanted)
    while True:
        more = {other for at in kept for other in _with(text, all_, at, kept)} - kept
        if not more:
            return sorted(kept)
        kept |= more


def _with(text: str, all_: Sequence[Piece], at: int, kept: Set[int]) -> set[int]:
    """What one kept piece takes with it."""
    piece = all_[at]
    found: set[int] = set()
    if piece.bare:
        before = [i for i in range(at - 1, -1, -1) if not all_[i].leads]
        found.update([i for i in before if not all_[i].bare][:1] or before[:1])
        if _LEANS.match(piece.text) and at:
            found.add(at - 1)
    if at and _ITS.search(piece.text):  # 其子公司: whose it is stands where the clause begins
        found.update([i for i in range(at) if not all_[i].leads and not all_[i].bare][:1])
    if at and text[all_[at - 1].end] == ":" and not is_aside(all_[at - 1].text):
        found.add(at - 1)  # what introduces it
    if at and (_CONDITION.search(all_[at - 1].text) or _claims(all_[at - 1])):
        found.add(at - 1)
    if at and all_[at - 1].leads and _SCOPE.match(all_[at - 1].text) and _NEEDS_SCOPE.search(piece.text):
        found.add(at - 1)
    if "最" in piece.text:  # who comes after the first belongs to it
        found.update(i for i in range(at + 1, len(all_)) if _NEXT_IN_RANK.search(all_[i].text))
    if at + 1 < len(all_):
        behind = all_[at + 1]
        ends_open = text[piece.end] == ":" and (_LEAD_IN_ENDS.search(piece.text) or len(piece.text) < 12)
        if (
            piece.leads
            or ends_open
            or _OPENS.search(piece.text)
            or _LIMITS.match(behind.text)
            or _claims(piece)
            or _BY_MEANS.search(piece.text)
        ):
            found.add(at + 1)
    return found


def _claims(piece: Piece) -> bool:
    """Whether a piece says who claims what follows, or how sure it is."""
    if piece.leads and not _HEDGED.search(piece.text):
        return False
    return bool(_CLAIMED.search(piece.text) or (piece.leads and _HEDGED.search(piece.text)))
