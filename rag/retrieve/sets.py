"""A question about two lists at once, or about a list's length → the questions whose lists answer it.

同时做甲和乙的公司有哪些   →  both:  甲的厂商有哪些, 乙的厂商有哪些
做甲但不做乙的有谁         →  only:  the same two
做甲的国内厂商有几家       →  count: 甲的国内厂商有哪些
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.text.normalize import folded

Operation = Literal["both", "only", "count"]


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """``things`` are what the makers asked about make, as written; ``sides`` the same with the side of the border asked
    for (国内…); ``questions`` ask for the list of each."""

    operation: Operation
    things: tuple[str, ...]
    sides: tuple[str, ...]
    questions: tuple[str, ...]


_DO = r"(?:能够?|可以|有)?(?:做|生产|制造|布局|参与|涉足|供应|提供|从事|经营|搞|干|研发|涉及|入局)了?(?:的是)?"
_FIRM = r"(?:公司|企业|厂商|厂家|供应商|制造商|玩家|品牌|机构)"
_WHO = r"(?:都)?(?:是|有)?(?:哪些|哪几家|哪家|谁|什么|几家|多少家)?"
_THING = r"[^,，、?？。和与及跟]{1,16}?"
_TAIL = r"[?？。!！呢吗啊呀\s]*$"
_HEAD = r"^(?:请问|帮我(?:找|查|看)(?:一下|下)?|有没有|有无|哪些|哪几家|哪家|什么|列出|找出|找一?下)?"
_AND = r"(?:和|与|及|以及|跟|、|[,，]?又|[,，]?还|[,，]?也|[,，]?并且?|[,，]?同时)"

_BOTH = (
    # 哪些公司既做甲又做乙 / 有没有公司既能生产甲，又做乙
    re.compile(
        rf"{_HEAD}{_FIRM}?(?:是)?(?:既|同时|一边){_DO}(?P<one>{_THING})[,，]?(?:又|还|也|同时|并且?){_DO}(?P<other>{_THING})(?:的{_FIRM}?{_WHO})?{_TAIL}"
    ),
    # 同时做甲和乙的公司有哪些 / 哪些公司同时布局甲和乙
    re.compile(
        rf"{_HEAD}{_FIRM}?(?:是)?(?:同时|既){_DO}(?P<one>{_THING}){_AND}(?:{_DO})?(?P<other>{_THING})(?:的{_FIRM}?{_WHO})?{_TAIL}"
    ),
    # 甲和乙都做的有谁 / 甲、乙两边都有布局的厂商有哪些
    re.compile(
        rf"{_HEAD}(?P<one>{_THING})(?:和|与|及|跟|、)(?P<other>{_THING})(?:两边|两个?(?:领域|环节|方面)?|这两块)?(?:都|均){_DO}(?:布局)?的(?:{_FIRM})?{_WHO}{_TAIL}"
    ),
    # 做甲的厂商里，哪些也做乙 / 做甲的公司中有谁同时做乙
    re.compile(
        rf"^{_DO}(?P<one>{_THING})的{_FIRM}(?:里面?|中|当中|之中)[,，]?(?:还)?(?:有)?(?:哪些|谁|哪几家|哪家)?(?:也|同时|又|还)(?:在)?{_DO}(?P<other>{_THING})(?:的)?{_WHO}{_TAIL}"
    ),
)
_NOT = r"[,，]?(?:但是?|却|而)?(?:又)?(?:没有?|不|未|不在)"
_ONLY = (
    re.compile(
        rf"{_HEAD}{_FIRM}?(?:只|仅)?{_DO}(?P<one>{_THING}){_NOT}(?:{_DO}|有)?(?P<other>{_THING})(?:的{_FIRM}?{_WHO})?{_TAIL}"
    ),
)
_ALL = r"(?:一共|总共|共|大概|大约)?(?:都)?(?:有|列了|列出了?|列举了?|提到了?|给出了?|是)?"
_COUNT = (
    # 做甲的国内厂商有几家 / 甲的厂商一共列了多少家
    re.compile(
        rf"^(?:资料里?|文中|文章里?)?(?:{_DO}(?P<one>{_THING})的|(?P<bare>[^,，?？]{{2,16}}?)的?)(?P<side>国内|国外|海外|国际|国产)?(?:主要|相关|参与|布局|代表|核心)*{_FIRM}{_ALL}(?:多少|几)(?:家|个){_FIRM}?{_TAIL}"
    ),
    # 一共列了多少家甲厂商 / 有几家公司做甲 / 国内有多少家公司布局了甲
    re.compile(
        rf"^(?:资料里?|文中|文章里?)?(?P<before>国内|国外|海外|国际)?{_ALL}(?:多少|几)(?:家|个)(?P<side>国内|国外|海外|国际|国产)?{_FIRM}(?:在)?{_DO}(?P<one>{_THING}){_TAIL}"
    ),
    re.compile(
        rf"^(?:资料里?|文中|文章里?)?{_ALL}(?:多少|几)(?:家|个)(?:{_DO}(?P<one>{_THING})的|(?P<bare>{_THING})的?)(?P<side>国内|国外|海外|国际|国产)?{_FIRM}{_TAIL}"
    ),
)
_OPERATIONS: tuple[tuple[Operation, tuple[re.Pattern[str], ...]], ...] = (
    ("only", _ONLY),
    ("both", _BOTH),
    ("count", _COUNT),
)
_LEADING = re.compile(_DO)
_EMPTY = re.compile(r"(?:这个|那个|它|其中|他们|哪些|什么|多少|几家)")


def set_question(question: str) -> SetQuestion | None:
    """The lists that a question needs, or None where it is another kind of question."""
    plain = folded(question)
    if len(plain) != len(question):
        return None
    for operation, patterns in _OPERATIONS:
        for pattern in patterns:
            found = pattern.match(plain)
            if found is None:
                continue
            spans = [found.span(name) for name in ("one", "bare", "other") if found.groupdict().get(name)]
            sides = tuple(question[start + _led_in(plain[start:end]) : end].strip() for start, end in spans)
            if any(not side or _EMPTY.search(side) for side in sides) or len(set(sides)) < len(sides):
                continue
            where = found.groupdict().get("side") or found.groupdict().get("before") or ""
            asked = tuple(f"{side}的{where}厂商有哪些" for side in sides)
            return SetQuestion(operation, sides, tuple(where + side for side in sides), asked)
    return None


def _led_in(thing: str) -> int:
    """How many characters of a verb stand before a thing that a pattern took in with it."""
    found = _LEADING.match(thing)
    return found.end() if found else 0
