"""Words that point back into a conversation (它, 第二家, 其中, 后者, 这两家) → the names they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.retrieve.kinds import kind_of
from rag.retrieve.subject import topics
from rag.text.enumerations import enumerations
from rag.text.normalize import fold, folded
from rag.text.numerals import whole_number
from rag.text.pairs import joined
from rag.text.words import Lexicon

_NUMBERS = "一二三四五六七八九十"
_COUNT = rf"(?:[{_NUMBERS}两几\d]+)"
_CLASSIFIER = "个|家|类|种|项|款|条|位|座|部|本|支|所|者"
# One thing spoken of, several things spoken of.
SINGULAR = re.compile(
    r"(?:这|那|该|此)(?:一?(?:家|个|款|种|项|类|座|位|所|条|部|本|支))?(?:公司|企业|厂商|厂家|产品|技术|机构|品牌|项目|平台|系统|药物?|单位|人)|"
    r"这家(?!的?(?:还|也))|那家|此人|此公司|它(?!们)|(?<![其他])[他她](?!们|人)|"
    r"(?:(?<=^)|(?<=[,，、 ]))其(?![中他它余次实])|(?<=[和与跟对由从比])其(?![中他它余次实])|\b(?:it|he|she|this company|that company)\b"
)
SINGULAR_OF = re.compile(r"\b(?:its|his|her)\b")
PLURAL = re.compile(
    rf"(?:它|他|她)们|(?:这|那)(?:{_COUNT}|些)(?:{_CLASSIFIER}|大)?(?:厂商|公司|企业|产品|机构|品牌|项目|国家|地区|城市|技术)?|\b(?:they|them|these|those)\b"
)
_HOW_MANY = re.compile(rf"[这那前](?P<count>[{_NUMBERS}两\d]+)")
PAIR = re.compile(r"前者|后者|两者(?:之间)?|二者(?:之间)?")
FIRST_OF = re.compile(rf"前(?P<count>[{_NUMBERS}两\d]+)(?:{_CLASSIFIER})(?:公司|企业|厂商|产品)?")
ORDINAL = re.compile(
    rf"(?:第(?P<number>[{_NUMBERS}]+|\d+)|(?P<last>最后一?|末一?))(?:{_CLASSIFIER})(?:公司|企业|厂商|产品)?|"
    r"\bthe (?P<word>first|second|third|fourth|fifth|last)(?: one)?\b"
)
_BARE_PAIR = re.compile(
    r"(?:.{0,12}[是为有:：])?(?P<one>[^,，。、；;和与及\s]{2,20})(?:和|与|以及|及| and )(?P<other>[^,，。、；;和与及\s]{2,20})[。.]?$"
)
_WORDS = ("first", "second", "third", "fourth", "fifth")
_ASKS_NAME = re.compile(r"哪一?[家个款种座所]|谁|是什么公司|叫什么|\bwho\b|\bwhich\b")


def names_in(answer: str, lexicon: Lexicon) -> list[str]:
    """The names of the first list in an answer, as written; none where it lists nothing."""
    within = fold(answer)
    lists = enumerations(within.text, lexicon) or joined(within.text, lexicon, pairs=True)
    if lists:
        return [_spelled(answer, within.span(start, end)) for start, end in lists[0].items]
    pair = _BARE_PAIR.match(answer.strip())
    return [pair["one"], pair["other"]] if pair else []


def ordinal(text: str, answer: str, lexicon: Lexicon) -> str | None:
    """The text with 第二个 or 最后一类 said as the name that it means in the list just given; None without one."""
    found = ORDINAL.search(text)
    names = names_in(answer, lexicon) if found and answer else []
    if not found or not names:
        return None
    if found["last"] or found["word"] == "last":
        at = len(names) - 1
    else:
        at = (_WORDS.index(found["word"]) + 1 if found["word"] else whole_number(found["number"])) - 1
    if not 0 <= at < len(names):
        return None
    rest = text[found.end() :]
    apart = " " if names[at][-1:].isascii() and rest[:1].isascii() and rest[:1].isalnum() else ""
    return text[: found.start()] + names[at] + apart + rest


def several(text: str, question: str, answer: str, lexicon: Lexicon) -> str | None:
    """The text with 他们, 这两家, 后者, 前三家 said as the names they mean; None where nothing tells which."""
    if found := PAIR.search(text):
        pair = names_in(answer, lexicon)
        if len(pair) != 2:
            named = [topic.text for topic in topics(question, lexicon)]
            pair = named[:2] if len(named) >= 2 else []
        if len(pair) != 2:
            return None
        meant = {"前者": pair[0], "后者": pair[1]}.get(found.group(), f"{pair[0]}和{pair[1]}")
        return text[: found.start()] + meant + text[found.end() :]
    found = FIRST_OF.search(text) or PLURAL.search(text)
    names = names_in(answer, lexicon) if found else []
    if not found or not names:
        return None
    counted = _HOW_MANY.match(found.group())
    if counted:
        names = names[: whole_number(counted["count"])]
    return text[: found.start()] + spoken(names) + text[found.end() :]


def spoken(names: Sequence[str]) -> str:
    """Names in a row: 甲、乙和丙."""
    return "、".join(names[:-1]) + "和" + names[-1] if len(names) > 1 else "".join(names)


def answered(question: str, answer: str, lexicon: Lexicon) -> str | None:
    """The one name that answered a question for a name (which, who); None where it asked otherwise or several did."""
    if not answer or not _ASKS_NAME.search(folded(question)) or kind_of(folded(question)) not in ("name", "list"):
        return None
    if names_in(answer, lexicon):
        return None
    asked = folded(question)
    named = [topic for topic in topics(answer, lexicon) if topic.named and folded(topic.text) not in asked]
    return named[0].text if named else None


def _spelled(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]].strip(" 。；;.")
