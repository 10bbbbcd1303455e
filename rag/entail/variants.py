"""What else a source's row of elements says, provably: of whom a role is (厂商有甲 → 甲是厂商), who does it (由, 被), whose kind a
list is (甲、乙等厂商)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.entail import wordlists as w
from rag.entail.listing import Element, Listing, stops, verbal
from rag.entail.tokens import Token
from rag.text.words import Lexicon

Row = tuple[Element, ...]
_IS = Token("是", "word", -1, -1, "是")
_HAS = Token("有", "word", -1, -1, "有")
_MAKER = Token("厂商", "word", -1, -1, "厂商")
_FIRM = re.compile(
    "(?:股份|科技|集团|公司|机械|电气|信息|技术|电子|实业|重工|控股|软件|智能|网络|通信|能源|环境|数据|材料|精密|电力|电源|云|厂|业|社|行|所|院)$"
)
_RELATIONS = frozenset("子公司 全资子公司 控股子公司 母公司 前身 董事长 总经理 创始人 馆长 校长 院长 船长 厂长".split())
_SURE_OF = frozenset("相关 主要 代表 知名 国内 国外 国际 海外 布局 龙头 上市 本土 头部".split())


def variants(row: Row, text: str, lexicon: Lexicon) -> Iterator[Row]:
    """The row itself and what follows from it, each once."""
    for one in (
        row,
        *_turned(row, text, lexicon),
        *_apposed(row, lexicon),
        *_passive(row, lexicon),
        *_making(row, lexicon),
        *_related(row, text, lexicon),
    ):
        yield one
        if (moved := _origin_moved(one)) is not None:
            yield moved


def _origin_moved(row: Row) -> Row | None:
    """国内水泵厂商 as 水泵国内厂商 (生产水泵的国内厂商)."""
    for start, element in enumerate(row):
        if isinstance(element, Token) and element.text in w.ORIGINS:
            for end in range(start + 2, min(start + 8, len(row))):
                there = row[end]
                if not isinstance(there, Token) or there.text in w.LINK_IS | w.LINK_HAS | w.JOINTS:
                    break
                if there.text in w.MAKERS:
                    return (*row[:start], *row[start + 1 : end], element, *row[end:])
    return None


def _turned(row: Row, text: str, lexicon: Lexicon) -> Iterator[Row]:
    """Around its link: a role and who has it, either first."""
    at = next((i for i, e in enumerate(row) if isinstance(e, Token) and e.text in w.LINK_IS | w.LINK_HAS), None)
    if at is None or at == 0 or at + 1 == len(row):
        return
    link, head, rest = row[at], row[:at], _without_kind(row[at + 1 :])
    while len(head) > 1 and isinstance(head[0], Token) and head[0].text in w.DROPPABLE:
        head = head[1:]
    if not isinstance(link, Token):
        return
    if _has_role(head, text, link, lexicon) and _who(rest, lexicon) and _fit(head, rest, lexicon):
        yield (*rest, _IS, *head)
        if _of_before(text, link):
            yield (*rest, *head)
            if isinstance(head[0], Token) and head[0].text in w.MAKING:
                yield (*head, _MAKER, _HAS, *rest)
        last = head[-1]
        if isinstance(last, Token) and last.text in w.GENERIC and _of_before(text, last):
            if isinstance(head[0], Token) and verbal(head[0].text, lexicon):
                yield (*rest, *head[:-1])
            elif isinstance(head[0], Token) and head[0].text in w.ORIGINS and len(head) > 2:
                yield (head[0], *rest, *head[1:-1])
                yield (*rest, *head[1:-1])
    last = rest[-1]
    kind = link.text in w.LINK_IS and isinstance(last, Token) and last.text in w.ROLES and _who(head, lexicon)
    if kind and not any(isinstance(e, Token) and e.text in w.QUANTIFIERS | w.NEGATIONS for e in row):
        yield (*rest, _HAS, *head)


def _without_kind(row: Row) -> Row:
    """甲、乙等公司 as 甲、乙."""
    last = row[-1]
    return (
        row[:1]
        if len(row) == 2 and isinstance(row[0], Listing) and isinstance(last, Token) and last.text in w.GENERIC
        else row
    )


def _has_role(head: Row, text: str, link: Token, lexicon: Lexicon) -> bool:
    last = head[-1]
    if not isinstance(last, Token):
        return False
    if any(isinstance(e, Token) and e.text in w.MODALS | w.NEGATIONS | w.ATTRIBUTIONS for e in head):
        return False
    if link.text in w.LINK_IS:
        return _is_role(last.text) or _of_before(text, link)
    if last.text in w.MAKERS or (
        _of_before(text, link) and isinstance(head[0], Token) and verbal(head[0].text, lexicon)
    ):
        return True
    if last.text in w.FIRMS:
        before = head[-2] if len(head) > 1 else None
        return _of_before(text, last) or (isinstance(before, Token) and before.text in _SURE_OF)
    return last.text in w.ROLES and len(head) > 1 and _of_before(text, last)


def _fit(head: Row, rest: Row, lexicon: Lexicon) -> bool:
    """Whether those listed are names where the role is a maker's (水泵厂商有工厂、仓库 says what makers own)."""
    last = head[-1]
    if not (isinstance(last, Token) and last.text in w.GENERIC and isinstance(rest[0], Listing)):
        return True
    items = rest[0].items
    names = sum(
        item in lexicon.learned or lexicon.is_coined(item) or item.isascii() or bool(_FIRM.search(item))
        for item in items
    )
    return 2 * names >= len(items)


def _is_role(word: str) -> bool:
    """Whether a noun says what something is to another, so that whoever is it may be said to be it."""
    return word in w.ROLES or word in w.PLACES or (len(word) > 2 and word[-2:] in w.ROLES)


def _of_before(text: str, token: Element) -> bool:
    return isinstance(token, Token) and token.start > 0 and text[token.start - 1] == "的"


def _who(row: Row, lexicon: Lexicon) -> bool:
    """Whether a row is one list or one name."""
    if len(row) == 1 and isinstance(row[0], Listing):
        return not row[0].either
    return 0 < len(row) <= 6 and all(isinstance(e, Token) and not stops(e, lexicon) for e in row)


def _apposed(row: Row, lexicon: Lexicon) -> Iterator[Row]:
    """甲、乙等水泵厂商…: they are of that kind."""
    for at, element in enumerate(row):
        if not isinstance(element, Listing) or not element.open_ended or element.either:
            continue
        for end in range(at + 1, min(at + 8, len(row))):
            there = row[end]
            if (
                isinstance(there, Token)
                and there.text in w.ROLES
                and (end + 1 == len(row) or stops(row[end + 1], lexicon))
            ):
                kind = row[at + 1 : end + 1]
                if len(kind) > 1 or there.text not in w.GENERIC:
                    yield (element, _IS, *kind)
                    yield (*kind, _HAS, element)
                break
            if stops(there, lexicon) and not (isinstance(there, Token) and there.text in w.MAKING):
                break


def _related(row: Row, text: str, lexicon: Lexicon) -> Iterator[Row]:
    """乙的子公司甲…: that is what 甲 is to 乙. Only between names, and names that stand whole."""
    at = next((i for i, e in enumerate(row) if isinstance(e, Token) and e.text in _RELATIONS), 0)
    if not at or not _of_before(text, row[at]) or not all(_plain_name(e, lexicon) for e in row[:at]):
        return
    end = at + 1
    while (
        end < len(row) and _plain_name(row[end], lexicon) and _side_by_side(row[end - 1 : end + 1], first=end == at + 1)
    ):
        end += 1
    verb = row[end] if end < len(row) else None
    whole = isinstance(verb, Token) and verb.kind == "word" and stops(verb, lexicon)
    learned = [i for i in range(at + 1, end) if isinstance(e := row[i], Token) and e.text in lexicon.learned]
    if learned[:1] == [at + 1]:
        end = at + 2
    elif not whole:
        return
    if any(isinstance(e, Token) and (e.kind == "name" or e.text in lexicon.learned) for e in row[at + 1 : end]):
        yield (*row[at + 1 : end], _IS, *row[: at + 1])


def _plain_name(element: Element, lexicon: Lexicon) -> bool:
    """Whether an element is a name or a part of one (青川|股份), and says nothing of its own (未来, 前)."""
    if not isinstance(element, Token) or element.kind not in ("name", "word") or stops(element, lexicon):
        return False
    return element.kind == "name" or element.text in lexicon.learned or bool(_FIRM.fullmatch(element.text))


def _side_by_side(two: Row, *, first: bool) -> bool:
    one, other = two
    return first or (isinstance(one, Token) and isinstance(other, Token) and one.end == other.start)


def _passive(row: Row, lexicon: Lexicon) -> Iterator[Row]:
    """甲由乙生产, 甲被乙收购: who does it to whom."""
    for at, element in enumerate(row):
        if isinstance(element, Token) and element.text in ("由", "被") and 0 < at < len(row) - 2:
            what, who, act = row[:at], row[at + 1 : -1], row[-1]
            nominal = all(isinstance(e, Listing) or not stops(e, lexicon) for e in (*what, *who))
            if nominal and isinstance(act, Token) and verbal(act.text, lexicon) and len(act.text) > 1:
                yield (*who, act, *what)
            return


def _making(row: Row, lexicon: Lexicon) -> Iterator[Row]:
    """甲、乙生产水泵: makers of pumps are these."""
    at = next((i for i, e in enumerate(row) if isinstance(e, Token) and e.text in w.MAKING), None)
    if at is None or at == 0 or at + 1 == len(row):
        return
    who, what = row[:at], row[at + 1 :]
    known = (isinstance(who[0], Listing) and len(who) == 1) or _named(who, lexicon)
    if known and all(isinstance(e, Listing) or not stops(e, lexicon) for e in what):
        yield (row[at], *what, _MAKER, _HAS, *who)


def _named(row: Sequence[Element], lexicon: Lexicon) -> bool:
    return 0 < len(row) <= 6 and all(isinstance(e, Token) and not stops(e, lexicon) for e in row)
