"""A text in pieces between its commas: what each says (core), of what (topic), where and when (scopes), and which other
pieces it hangs on (governors). Statements and sources are read alike, so that what is the same reads the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.entail import wordlists as w
from rag.entail.governors import govern
from rag.entail.listing import verbal
from rag.entail.tokens import Token, tokens
from rag.entail.topics import find_topics, leading
from rag.text.words import Lexicon

_ACCOUNT = re.compile(
    r"^(?:据|根据|按照?)(?!.*(?:称|传|说|报道|预测|预计|估计|规划|计划|设计|协议|方案|未经|不完全|初步|抽样|推算|测算|网|传闻|对手|目标|匿名|爆料|\d))(?:.{0,40})(?:统计|数据|资料|报告|公告|年报|介绍|了解|悉)(?:显示)?$|^从(?:市场|竞争|行业)格局来?看$|^(?!.*(?:称|传|预测|预计|估计|规划|计划|未经|不完全|初步|抽样|推算|测算|网|对手|目标|匿名|爆料|\d)).{2,40}(?:数据|统计|报告|资料)显示$|^据悉$"
)
_COUNTS_IN_BRACKETS = re.compile(
    r"不|未|无|没|非|疑|约|预计|估计|可能|或|除|仅|只|若|含|超|截至|单位|目标|理论|实验|试|最|年|数据|据|限|称|测|标称|额定|峰值|口径|同比|环比|累计|平均|暂|在建|筹|假|例外|内|外|部分|左右|初步|版|计|停|曾|原|拟|至|万|亿|%|税|[前后]|not|no\b|former|planned|million|billion"
)
MOST = 120  # pieces of a text; what lies behind them is not read, and carries nothing
_ENDS_SENTENCE = "。!?\n|"
_LIST_OPENS = re.compile(
    r"(?:包括|包含|有|是|为|如下|以下|分别|[一二两三四五六七八九十\d](?:种|类|个|家|款|项|大类|方面|部分)|includes?)$"
)


@dataclass(slots=True)
class Piece:
    """A stretch between commas. ``core`` are its words without marks, plain words and ``scopes``; ``own`` whether it has a
    subject of its own, else ``topics`` are what it may be said of; ``required`` are the pieces it cannot be said without,
    ``allowed`` those it may be said with; ``account`` and ``lead`` mark pieces that only lead in."""

    start: int
    end: int
    sentence: int
    stretch: int
    text: str
    raw: tuple[Token, ...] = ()
    core: tuple[Token, ...] = ()
    scopes: tuple[tuple[Token, ...], ...] = ()
    inherited: tuple[tuple[Token, ...], ...] = ()
    topics: tuple[tuple[Token, ...], ...] = ()
    asides: tuple[str, ...] = ()
    own: bool = True
    leans: bool = False  # on an object of the piece before it, perhaps
    lead: bool = False
    label: bool = False  # a colon follows
    account: bool = False
    required: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()
    words: frozenset[str] = field(default_factory=frozenset)


def pieces(text: str, lexicon: Lexicon) -> tuple[Piece, ...]:
    """The pieces of a folded text, in order, those that hold nothing left out."""
    return lexicon.once(_pieces, text)


def _pieces(text: str, lexicon: Lexicon) -> tuple[Piece, ...]:
    runs = _runs(text, tokens(text, lexicon))[:MOST]
    found = [_piece(text, run, sentence, lexicon) for run, sentence in runs]
    for piece in found:
        piece.label = text.startswith(":", piece.end)
        piece.stretch = piece.sentence + text.count(";", 0, piece.start)
    found = [piece for piece in found if piece.core or piece.lead or piece.account]
    _spread_scopes(found, lexicon)
    find_topics(found, lexicon)
    govern(found)
    return tuple(found)


def _runs(text: str, all_: Sequence[Token]) -> list[tuple[list[Token], int]]:
    runs: list[tuple[list[Token], int]] = [([], 0)]
    sentence = depth = 0
    for token in all_:
        if token.text in "([【":
            depth += 1
        elif token.text in ")]】":
            depth = max(0, depth - 1)
        cut = token.kind == "mark" and not depth and token.text in ",;。!?:\n|…."
        if cut and token.text == ":" and _LIST_OPENS.search(text[: token.start]):
            cut = False
        if cut:
            sentence += token.text in _ENDS_SENTENCE or token.text == "."
            runs.append(([], sentence))
        else:
            runs[-1][0].append(token)
    return [(run, at) for run, at in runs if any(token.content for token in run)]


def _piece(text: str, run: list[Token], sentence: int, lexicon: Lexicon) -> Piece:
    start, end = run[0].start, run[-1].end
    words = text[start:end].strip()
    bare, asides = _without_asides(text, run)
    piece = Piece(start, end, sentence, sentence, words, tuple(bare), asides=asides)
    piece.words = frozenset(token.text for token in bare)
    if _ACCOUNT.match(words):
        piece.account = True
        return piece
    whole = _whole_scope(bare)
    if whole:
        piece.lead, piece.scopes = True, (whole,)
        return piece
    piece.core = _plain(bare)
    return piece


def _without_asides(text: str, run: Sequence[Token]) -> tuple[list[Token], tuple[str, ...]]:
    """The tokens outside brackets, and what stands in brackets with the two characters before it; what a bracket holds
    counts as words where it changes what is said (已停产)."""
    bare: list[Token] = []
    asides: list[str] = []
    at = 0
    while at < len(run):
        if run[at].text != "(":
            bare.append(run[at])
            at += 1
            continue
        end = next((i for i in range(at, len(run)) if run[i].text == ")"), None)
        if end is None:
            bare.append(run[at])
            at += 1
            continue
        inside = run[at + 1 : end]
        within = text[run[at].end : run[end].start]
        if _COUNTS_IN_BRACKETS.search(within) and "原文" not in within:
            bare.extend(inside)
        else:
            asides.append(text[max(0, run[at].start - 2) : run[end].end])
        at = end + 1
    return bare, tuple(asides)


def _plain(run: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in run if token.content and token.text not in w.FREE)


def _whole_scope(run: Sequence[Token]) -> tuple[Token, ...]:
    """The words of a piece that only says when or where; () for another."""
    content = [token for token in run if token.content]
    if not content:
        return ()
    dates = [token for token in content if token.kind == "date"]
    if dates and all(token.kind == "date" or token.text in w.SCOPE_EDGES for token in content) and len(dates) == 1:
        return (dates[0],)
    if len(content) > 1 and content[0].text in w.SCOPE_BEGINS and content[-1].text in w.SCOPE_ENDS:
        return scope_words(content)
    return ()


def scope_words(run: Sequence[Token]) -> tuple[Token, ...]:
    """The words of a scope without what only marks it as one (在…中)."""
    kept = [token for token in run if token.content and token.text not in w.FREE]
    while kept and kept[0].text in w.SCOPE_EDGES:
        kept.pop(0)
    while kept and kept[-1].text in w.SCOPE_EDGES:
        kept.pop()
    return tuple(kept)


def _spread_scopes(all_: list[Piece], lexicon: Lexicon) -> None:
    """Take the one date and the one place out of each piece, where no other could be meant, and hand on those that lead in."""
    leads: dict[str, tuple[Token, ...]] = {}
    date: tuple[Token, ...] = ()  # that an earlier piece gives, and goes for the figures of later ones
    fronted = False
    sentence = -1
    for piece in all_:
        if piece.sentence != sentence:
            leads, sentence, date = {}, piece.sentence, ()
        if piece.lead:
            leads[_kind(piece.scopes[0])] = piece.scopes[0]
            continue
        if piece.account:
            continue
        own: dict[str, tuple[Token, ...]] = {}
        for kind, span in _own_scopes(piece, lexicon).items():
            if kind not in leads:
                words = scope_words(span)
                own[kind] = words
                gone = {token.start for token in span}
                piece.core = tuple(token for token in piece.core if token.start not in gone)
        piece.scopes = tuple(own.values())
        piece.inherited = tuple(leads.values())
        if any(token.kind == "date" for token in piece.raw):
            date = own.get("date", ())
            fronted = bool(date) and bool(piece.core) and date[0].start < piece.core[0].start
        elif date and "date" not in leads and any(token.kind == "figure" for token in piece.core):
            goes_on = not leading(piece.core, lexicon) or piece.core[0].text in w.ATTRIBUTES
            if fronted or goes_on:
                piece.inherited = (*piece.inherited, date)


def _kind(scope: Sequence[Token]) -> str:
    return "date" if len(scope) == 1 and scope[0].kind == "date" else "place"


def _own_scopes(piece: Piece, lexicon: Lexicon) -> dict[str, tuple[Token, ...]]:
    raw = [token for token in piece.raw if token.content]
    found: dict[str, tuple[Token, ...]] = {}
    dates = [at for at, token in enumerate(raw) if token.kind == "date"]
    if len(dates) == 1 and len(raw) > 1:
        at = dates[0]
        before = raw[at - 1].text if at else ""
        marked = before in ("于", "在")
        idle = not any(verbal(token.text, lexicon) for token in raw[: at - marked])
        after = raw[at + 1] if at + 1 < len(raw) else None
        of = after is not None and after.text == "的"
        attribute = of and at + 2 < len(raw) and raw[at + 2].text in w.ATTRIBUTES
        if (idle and (not of or attribute)) or (marked and before == "于" and not of and at + 1 == len(raw)):
            found["date"] = (*raw[at - marked : at + 1],)
    places = [at for at, token in enumerate(raw) if token.text == "在"]
    if len(places) == 1:
        at = places[0]
        end = next((i for i in range(at + 2, min(len(raw), at + 10)) if raw[i].text in w.SCOPE_ENDS), None)
        if end is not None and not any(token.kind in ("date", "joint") for token in raw[at:end]):
            of = end + 1 < len(raw) and raw[end + 1].text == "的"
            attribute = of and end + 2 < len(raw) and raw[end + 2].text in w.ATTRIBUTES
            if (
                not any(verbal(token.text, lexicon) for token in raw[:at])
                and (not of or attribute)
                and end + 1 < len(raw)
            ):
                found["place"] = tuple(raw[at : end + 1])
    return found
