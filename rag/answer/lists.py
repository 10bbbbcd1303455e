"""List questions: the names, merged over the enumerations that answer, each with the quote it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.answer.draft import Draft, Quote, whole
from rag.answer.evidence import CELLS, Evidence
from rag.answer.list_pieces import of_the_piece, speaks_of_left_out
from rag.answer.wants import asked_count, asks_makers
from rag.retrieve.glue import NARROWING, SIDES
from rag.retrieve.query import HEAVY, Query
from rag.text.enumerations import Enumeration
from rag.text.match import coverage
from rag.text.normalize import folded
from rag.text.numerals import whole_number
from rag.text.words import dictionary_class, is_known

_COVERAGE_SLACK = 0.2  # an enumeration may cover this much less of the question than the best one and still belong
_COVERAGE_FLOOR = 0.55
_SPOKEN = 0.8
_OWN, _OWN_SHARE = 0.6, 0.75
_MAX_QUOTES = 8
_INTRODUCES = re.compile(
    r"(?:包括了?|包含|涵盖了?|有|为|是|由|如|即|以|像|例如|比如|:|厂商|公司|企业|厂家|品牌|供应商|制造商|生产商|运营商|服务商|玩家|巨头|代表|依次为|分别[为是])\W*$"
)
_FOLLOWS = re.compile(
    r"^\W*(?:多家|众多|各大|数家|几家|各|知名|国内|国外|海外|头部|龙头)*(?:厂商|公司|企业|厂家|品牌|供应商|玩家|运营商|服务商|集团|机构)"
)
_MAKERS_BEFORE = re.compile(
    r"(?:厂商|公司|企业|厂家|品牌|供应商|制造商|生产商|运营商|服务商|玩家|巨头|机构|单位)(?:主要|还|则|均|也|有|为|是|包括|包含|如|例如|比如|以|:)*\W*$"
)
# Names followed by one of these are not makers, whatever else the clause says.
_OTHERS = re.compile(
    r"^\W*(?:多家|众多|几家|各|细分|领域|头部|知名|主要)*(?:客户|用户|原材料|材料|部件|产品|功能|场景|领域|任务|行业|环节|技术|地区|省)"
)
_COMPOUND = re.compile(r"(?:厂商|公司|企业|厂家)")  # 甲、乙原料企业 tells what they make
_WORKS = frozenset(
    "书 书籍 图书 著作 专著 作品 小说 论文 文章 电影 影片 电视剧 剧 歌 歌曲 专辑 节目 诗 诗集 文件 法规 法律 标准".split()
)
_WANTED = 1.5
_BESIDE = 10  # characters beside a list in which what it lists is named
_COUNT_BESIDE = re.compile(r"([一二两三四五六七八九十]|\d{1,2})[大]?(?:个|种|类|家|座|所|款|项|条|部分|方面|名|位|队)")
_MAKER_HEADER = re.compile(r"厂商|公司|企业|名称|品牌|机构|单位|vendor|company|name|maker")
_MAX_ITEM = 30
_NOT_MAKERS = 3.0  # what a list of makers loses where something else is asked for by name (哪几种路线)


def draft_list(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """The list that the question asks for, or None where the evidence holds no enumeration that fits."""
    fitting = [
        e for e in evidence if (e.lists or e.makers or e.unit.kind in ("item", "row")) and not _hard_missing(query, e)
    ]
    if query.excepted:  # what lists nothing else than what is left out answers nothing
        fitting = [e for e in fitting if any(not _left_out(query, name) for name in names_in(query, e))]
    fitting = _of_the_side(query, _of_the_sort(query, fitting))
    if not fitting:
        return None
    best = max(fitting, key=lambda e: e.score)
    floor = max(_COVERAGE_FLOOR, best.coverage - _COVERAGE_SLACK)
    if best.coverage < max(_COVERAGE_FLOOR, max(e.coverage for e in evidence) - _COVERAGE_SLACK):
        return None  # something else answers better than any list
    kept = [e for e in fitting if e.coverage >= floor and e.kind >= best.kind - 0.05 and _beside(e, best)][:_MAX_QUOTES]
    kept = _as_many(query, _of_the_wanted(query, _of_the_asked(query, _narrowed(query, kept))))
    if not asks_makers(query) and kept:
        first = max(kept, key=lambda e: e.score)  # what a thing consists of is said in one place; makers in several
        kept = [e for e in kept if e is first or _of_one_list(e, first)]
    kept.sort(key=lambda e: (e.hit.document.id != best.hit.document.id, e.hit.document.id, e.start))
    quotes: list[Quote] = []
    items: list[tuple[str, int]] = []
    seen: set[str] = set()
    for e in kept:
        names = [name for name in names_in(query, e) if folded(name) not in seen and not _left_out(query, name)]
        if not names:
            continue
        seen.update(folded(name) for name in names)
        items.extend((name, len(quotes)) for name in names)
        quotes.append(whole(e))
    return Draft(tuple(quotes), tuple(items)) if items else None


def _beside(e: Evidence, best: Evidence) -> bool:
    """Whether a clause speaks of what is asked as the best one does: in its own words, or where the best one leaves
    that to its heading, under the same heading."""
    if e is best:
        return True
    return e.own >= _OWN_SHARE * best.own and (best.own >= _OWN or e.hit.passage.section == best.hit.passage.section)


def _of_one_list(e: Evidence, other: Evidence) -> bool:
    """Whether two clauses are bullets or rows of one section, each a name of the same list."""
    return (
        e.unit.kind == other.unit.kind != "sentence"
        and not e.lists
        and not other.lists
        and (e.hit.document.id, e.hit.passage.section) == (other.hit.document.id, other.hit.passage.section)
    )


def _narrowed(query: Query, kept: Sequence[Evidence]) -> list[Evidence]:
    """Those that speak of each word which narrows the question down (客户), where any of them does, and not those that
    speak of what it leaves out (除了**引领**的厂商)."""
    left = list(kept)
    for term in query.terms:
        if term.text in NARROWING:
            left = [e for e in left if coverage(term.text, _with_headings(e), term.others) >= _SPOKEN] or left
    if query.excepted:
        left = [e for e in left if not speaks_of_left_out(query, e.fold.text) or len(e.lists) > 1] or left
    return left


def _of_the_side(query: Query, fitting: Sequence[Evidence]) -> list[Evidence]:
    """Without those that speak only of the other side of the border (海外, where 国内 is asked), if nearly as good ones
    are left."""
    left = list(fitting)
    most = max((e.coverage for e in left), default=0.0)
    for term in query.terms:
        for here, beyond in (SIDES, SIDES[::-1]):
            if term.text in here:
                kept = [e for e in left if _says(here, e) or not _says(beyond, e)]
                if any(e.coverage >= most - _COVERAGE_SLACK for e in kept):
                    left = kept
    return left


def _of_the_sort(query: Query, fitting: Sequence[Evidence]) -> list[Evidence]:
    """Where works are asked for (哪些书), those that list titles, if there are any."""
    if query.wanted not in _WORKS:
        return list(fitting)
    return [e for e in fitting if any(_titles(e, listed) for listed in e.lists)] or list(fitting)


def _titles(e: Evidence, listed: Enumeration) -> bool:
    """Whether each name of a list is a title in its marks."""
    text = e.fold.text
    return all(
        "《" in text[max(0, start - 1) : start + 1] and "》" in text[start : end + 1][-2:]
        for start, end in listed.items
    )


def _of_the_wanted(query: Query, kept: Sequence[Evidence]) -> list[Evidence]:
    """Those whose list says itself that it is one of what is asked for (…等民族, 哪些民族), where any does."""
    saying = [e for e in kept if any(_says_wanted(query, e, listed) for listed in e.lists)]
    return saying or list(kept)


def _of_the_asked(query: Query, kept: Sequence[Evidence]) -> list[Evidence]:
    """Where makers are asked for: without the lists that begin by naming another thing, where any does not."""
    if not asks_makers(query):
        return list(kept)
    return [e for e in kept if not (e.elsewhere and e.lists) or e.makers] or list(kept)


def _as_many(query: Query, kept: Sequence[Evidence]) -> list[Evidence]:
    """Those that list as many names as the question says there are (哪三种), where any does."""
    count = asked_count(query)
    return [e for e in kept if any(len(x.items) == count for x in e.lists)] or list(kept) if count else list(kept)


def _says_wanted(query: Query, e: Evidence, listed: Enumeration) -> bool:
    """Whether the noun asked for stands right beside a list, or the list is as long as the number there says."""
    text = e.fold.text
    before = re.split(r"[,;:。]", text[max(0, listed.start - _BESIDE) : listed.start])[-1]
    around = before, re.split(r"[,;:。]", text[listed.end : listed.end + _BESIDE])[0]
    if query.wanted and any(word in side for word in _wanted_words(query) for side in around):
        return True
    counted = _COUNT_BESIDE.match(around[1].lstrip("等 "))
    return bool(query.wanted) and counted is not None and whole_number(counted.group(1)) == len(listed.items)


def _wanted_words(query: Query) -> frozenset[str]:
    """The noun asked for, and what the material may call it (for a question in English, what it means)."""
    others = [term.others for term in query.terms if term.text == query.wanted] if query.english else []
    return frozenset((query.wanted,)).union(*others)


def _left_out(query: Query, name: str) -> bool:
    """Whether the question leaves a name out (除了它还有谁)."""
    plain = folded(name)
    return bool(query.excepted) and (plain in query.excepted or query.excepted in plain)


def _with_headings(e: Evidence) -> str:
    return f"{e.section} {e.fold.text}"


def _says(words: Collection[str], e: Evidence) -> bool:
    return any(word in _with_headings(e) for word in words)


def _hard_missing(query: Query, e: Evidence) -> bool:
    return any(term in e.missing for term in query.heavy)


def names_in(query: Query, e: Evidence) -> list[str]:
    """The names that a clause lists in answer to the question, as they stand in the stored text."""
    if e.unit.kind == "row" and not e.lists:
        return _cell(query, e)
    if e.makers and not any(_of_makers(e, listed) for listed in e.lists):
        return [e.text[start:end] for start, end in (e.fold.span(*maker) for maker in e.makers)]
    if not e.lists:
        text = re.split(r"[：:—]", e.text, maxsplit=1)[0].strip()
        return [text] if 0 < len(text) <= _MAX_ITEM else []
    rated = [(_fitness(query, e, listed), listed) for listed in of_the_piece(query, e)]
    best = max(rate for rate, _ in rated)
    if asks_makers(query) and best < 1 and all(_plain_word(e, span) for _, listed in rated for span in listed.items):
        return []  # 计算、存储、信息 are nobody's names
    if best < 0 or (asks_makers(query) and best < 1 and len(e.lists) > 1):
        return []
    chosen = [listed for rate, listed in rated if (rate >= 1 if best >= 1 and asks_makers(query) else rate == best)]
    spans = (e.fold.span(start, end) for listed in chosen for start, end in listed.items)
    return [e.text[start:end].strip() for start, end in spans]


def _plain_word(e: Evidence, span: tuple[int, int]) -> bool:
    """Whether a listed name is a word of the dictionary that names nothing in particular."""
    word = e.fold.text[slice(*span)]
    return is_known(word) and dictionary_class(word) != "N"


def _of_makers(e: Evidence, listed: Enumeration) -> bool:
    """Whether a list says of itself that it is one of organisations."""
    text = e.fold.text
    return bool(_FOLLOWS.search(text[listed.end :]) or _MAKERS_BEFORE.search(text[: listed.start]))


def _fitness(query: Query, e: Evidence, listed: Enumeration) -> float:
    """How well an enumeration fits: introduced as a list (1), followed by the class asked for (1), longer (.1 a name);
    below 0 where makers are asked for and it lists something else."""
    before, after = e.fold.text[: listed.start], e.fold.text[listed.end :]
    score = 0.1 * min(9, len(listed.items)) + (_WANTED if _says_wanted(query, e, listed) else 0.0)
    if _INTRODUCES.search(before):
        score += 1
    if asked_count(query) == len(listed.items):
        score += 1
    if not asks_makers(query):
        return score - (_NOT_MAKERS if _of_makers(e, listed) and query.wanted else 0.0)
    if not listed.open_ended and len(e.lists) > 1 and _COMPOUND.match(after):
        return -1.0
    if _FOLLOWS.search(after):
        return score + 1
    return -1.0 if _OTHERS.search(after) else score


def _cell(query: Query, e: Evidence) -> list[str]:
    """The cell of a row that names."""
    cells = e.text.split(CELLS)
    column = 0
    if e.unit.context is not None and e.unit.context[0] >= e.hit.passage.start:
        header = e.hit.passage.words(*e.unit.context).split(CELLS)
        column = _column(query, cells, header)
        if e.unit.start == e.unit.context[0]:
            return []  # the header row itself
    name = cells[column].strip() if column < len(cells) else ""
    return [name] if 0 < len(name) <= _MAX_ITEM else []


def _column(query: Query, cells: Sequence[str], header: Sequence[str]) -> int:
    """Where the cell stands that names: the column headed with what is asked, unless the question says itself what
    stands in it; else the one headed as names are; else the first."""
    for at, (cell, name) in enumerate(zip(cells, header, strict=False)):
        asked = any(term.weight >= HEAVY and term.text in folded(name) for term in query.terms)
        told = any(
            term.weight >= HEAVY and coverage(term.text, folded(cell), term.others) >= _SPOKEN for term in query.terms
        )
        if asked and not told:
            return at
    return next((i for i, name in enumerate(header) if _MAKER_HEADER.search(folded(name))), 0)
