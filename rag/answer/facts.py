"""Number and date questions: the clause that states the fact, cut to what is asked, and the bare fact in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft, whole
from rag.answer.evidence import Evidence
from rag.answer.pieces import piece_spans
from rag.answer.wants import DATE, in_unit, is_amount, numbers_in
from rag.retrieve.query import LIGHT, RELATES, Query

_COMMA = re.compile(r"[,，]")
_ACROSS_COMMA = 10  # characters that a comma between a number and a term counts for
_AFTER = 6  # characters that a term behind a number counts for: numbers follow what they measure, dates need not
_PLACES = re.compile(r"[前第]?[一二三四五六七八九十\d]+名")  # places on a list are no amount
_HEDGE_BEFORE = re.compile(r"(?:大约|约为|约|接近|近|超过|超|不到|不足|至少|最多|最高|高达)$")
_HEDGE_AFTER = re.compile(r"(?:左右|上下|以上|以下|以内|多(?=[^\u3400-\u9fff]|$)|余|有余)")
_COUNTS = re.compile(
    r"(?:几|多少)(?:大|个|家|种|类|项|座|条|所|款|位|名|支)(?P<noun>[\u3400-\u9fff]{2,8}?)(?=[吗呢啊呀?？,，。]|$)"
)
_COUNTED_WITHIN = 8  # characters between a number and what it counts
_PARTS_COUNT = re.compile(r"[,，、;；:：。和与及]")
# 由300万元调整为420万元: what it was before is not what it is.
_CHANGED = re.compile(
    r"(?:由|从)(?:原来|原先|此前|上年|去年)?的?(?P<was>[^,;。由从]{1,14}?)(?:调整|上调|下调|变更|修改|修订|更改|改|增加|增长|上升|提高|提升|扩大|扩充|扩展|降低|下降|减少|缩减|缩短|压缩|增|升|涨|降|减|跌|延长)(?:到|至|为|成)"
)
_BEFORE_IT = re.compile(r"原来|原先|原本|此前|之前|以前|起初|最初|[由从]多少")
_CODE = re.compile(r"[a-z][a-z0-9]*(?:[-_/][a-z0-9]+)+")
_ASKS_CODE = re.compile(r"编号|代号|型号|号码|证号|单号|文号|代码|批号|序列号|车牌|邮编|账号")
_FAR = 30  # characters from which a term no longer pulls
_QUALIFIES = 0.3  # how hard a light word pulls, such as one that tells home from abroad


def draft_fact(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """The best clause that holds a number (or a date), or None."""
    fitting = [e for e in evidence if _facts(query, e)]
    if not fitting:
        return None
    best = fitting[0]
    fact = _nearest(query, best)
    start, end = best.fold.span(*(_code(query, best.fold.text, fact) or _hedged(best.fold.text, fact)))
    return Draft((whole(best),), (), (best.start + start, best.start + end, 0))


def _facts(query: Query, e: Evidence) -> list[tuple[int, int]]:
    """Spans of the numbers or dates in a clause, on its folded text."""
    if query.kind == "date":
        return [match.span() for match in DATE.finditer(e.fold.text)]
    spans = [span for span in numbers_in(e.fold.text) if not _of_another(query, e, span)]
    if not _BEFORE_IT.search(query.folded):
        was = [found.span("was") for found in _CHANGED.finditer(e.fold.text)]
        spans = [(s, t) for s, t in spans if not any(a <= s and t <= b for a, b in was)]
    if query.unit != "第":
        spans = [span for span in spans if not e.fold.text[span[0] : span[1]].startswith("第")]
    if counted := _counting(query, e.fold.text, spans):
        return counted
    named = [span for span in spans if query.unit and in_unit(query.unit, e.fold.text[span[0] : span[1]])]
    asked = [
        span
        for span in spans
        if e.fold.text[span[0] : span[1]] not in query.folded
        and not (_PLACES.match(e.fold.text, span[0]) and query.unit != "名")
    ]
    return named or [span for span in asked if is_amount(e.fold.text[span[0] : span[1]])] or asked


def _counting(query: Query, text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where things are counted (几个节点): the numbers right before what is counted, whatever their measure word
    (八大…节点)."""
    asked = _COUNTS.search(query.folded)
    if asked is None:
        return []
    noun = asked["noun"]
    return [
        span
        for span in spans
        if (at := text.find(noun, span[1], span[1] + _COUNTED_WITHIN + len(noun))) >= 0
        and not _PARTS_COUNT.search(text[span[1] : at])
    ]


def _of_another(query: Query, e: Evidence, fact: tuple[int, int]) -> bool:
    """Whether the piece of the clause (between commas) that a number stands in names something else before it, while
    what the question names stands only in other pieces: then the number is the other's."""
    text = e.fold.text
    start = max(text.rfind(mark, 0, fact[0]) for mark in ",;:") + 1
    piece = text[start : fact[0]]
    names = [term for term in query.terms if term.name and term.weight > LIGHT and term.spans(text)]
    if any(min(s for s, _ in term.spans(text)) > fact[1] + _FAR for term in names):
        return True  # a name that is first brought up well after the number
    if not names or any(term.spans(piece) for term in names):
        return False
    return e.other_names(piece)


def _nearest(query: Query, e: Evidence) -> tuple[int, int]:
    """The number that the question's terms stand closest before, or the date that they stand closest to on either side;
    a heavy term pulls more than a light one."""
    text = e.fold.text
    placed = [
        (max(_QUALIFIES, term.weight), places)
        for term in query.terms
        if term.weight > RELATES and (places := term.spans(text))
    ]

    def distance(span: tuple[int, int]) -> float:
        return sum(weight * min(_FAR, min(gap(span, other) for other in places)) for weight, places in placed)

    def gap(span: tuple[int, int], other: tuple[int, int]) -> float:
        apart = _apart(text, span, other)
        if query.kind == "date":
            return apart
        return span[0] - other[1] if other[1] <= span[0] else _AFTER + 1.5 * apart

    facts = _facts(query, e)
    return min(_in_the_telling_piece(query, text, facts) or facts, key=distance)


def _in_the_telling_piece(query: Query, text: str, facts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The facts in the last piece (between commas) that alone speaks of some term of the question: the subject stands
    first and carries over, what tells one number from the next stands beside it."""
    pieces = piece_spans(text)
    telling = set()
    for term in query.terms:
        where = [at for at, (start, end) in enumerate(pieces) if term.spans(text[start:end])]
        if term.weight > RELATES and len(where) == 1:
            telling.add(where[0])
    for at in sorted(telling, reverse=True):
        start, end = pieces[at]
        if inside := [fact for fact in facts if start <= fact[0] < end]:
            return inside
    return []


def _code(query: Query, text: str, fact: tuple[int, int]) -> tuple[int, int] | None:
    """The whole of a code (BC-2024-017) that a number is part of, where a code is asked for."""
    if not _ASKS_CODE.search(query.folded):
        return None
    return next((m.span() for m in _CODE.finditer(text) if m.start() <= fact[0] and fact[1] <= m.end()), None)


def _hedged(text: str, fact: tuple[int, int]) -> tuple[int, int]:
    """A number with the words that hedge it: 约, 超过, 左右, 以上."""
    before = _HEDGE_BEFORE.search(text, 0, fact[0])
    after = _HEDGE_AFTER.match(text, fact[1])
    return (before.start() if before else fact[0]), (after.end() if after else fact[1])


def _apart(text: str, span: tuple[int, int], term: tuple[int, int]) -> float:
    """Characters between a number and a term, on whichever side (于1936年动工); more across a comma."""
    between = text[span[1] : term[0]] if span[1] <= term[0] else text[term[1] : span[0]]
    return len(between) + _ACROSS_COMMA * len(_COMMA.findall(between))
