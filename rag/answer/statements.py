"""A language model's reply, piece by piece → its statements, each with the numbers of the sentences that it names.

A line is a statement, and so is a sentence with numbers behind it. What models add around them is passed over: thinking aloud,
bullets, bold marks, fences, an opening that ends in a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.text.normalize import folded
from rag.text.sentences import sentences

_NUMBERS = r"\d{1,4}(?:\s*(?:[,，、;；/\-–—~至到]|and|和)\s*(?:\[|【)?\d{1,4})*"
_MARK = re.compile(
    rf"[(（]?(?:(?:依据|来源|见|参见|句子|source|sources|see)[:： ]*)?[\[［【〔]\s*(?:句子|资料|S)?\s*({_NUMBERS})\s*[\]］】〕][)）]?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,4})\s*[\-–—~至到]\s*(\d{1,4})")
_NUMBER = re.compile(r"\d{1,4}")
_WIDEST = 20  # sentences in a range; a wider one is a slip
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"<think(?:ing)?>.*", re.DOTALL | re.IGNORECASE)
_BEGINS = re.compile(r"<[a-z]{0,8}$", re.IGNORECASE)
_THINKS = re.compile(r"<think(?:ing)?>", re.IGNORECASE)
_THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-+](?!\d)|[*•·●○◦▪]|#{1,6}|>|\(?\d{1,2}[.、)）](?!\d))\s*")
_DECORATION = re.compile(r"\*\*|__|`{1,3}|^#+\s*")
_OPENING = re.compile(
    r"^(?:(?:好的|当然|以下是?|回答|答案|答|根据|依据|按照|综上|综合|总之|总的来说|the answer|answer|based on|according to)[^。：:]{0,30}[：:]|"
    r"(?:根据|依据|按照)(?:所?给出?的|提供的|上述|以上|这些)?(?:资料|材料|句子|内容|信息)(?:内容|显示|可知|所述)?[，,、 ]*)\s*",
    re.IGNORECASE,
)
_OPEN_MARK = re.compile(r"[(（\[［【〔][^)）\]］】〕\n]{0,24}$")  # it may become one
_END = "。．.！!；; \t，,、"
_ENDED = tuple('。．.！!？?；;”"）)')  # a last statement that ends so was ended


_MAY_END = re.compile(r"[\n\]］】〕。．.！!？?；;>]")
_LONGEST = 4000  # characters of a line; a longer one is no statement
# What the rules of the prompt ask for where the sentences do not answer, and what models write instead.
_NOTHING = frozenset({"无", "無", "没有", "沒有", "无答案", "none", "n/a"})
_ABSENT = re.compile(
    r"(?:资料|資料|材料|句子|原文|文中|内容|信息|上述|以上|给出|提供)[^。]{0,30}(?:没有|沒有|未|并无|不包含|不含|无法|無法)[^。]{0,30}(?:回答|提到|提及|提供|说明|說明|涉及|包含|找到|答案|信息|确定|得知)|"
    r"^(?:抱歉|对不起|很遗憾)?[,，]?我?(?:(?:无法|不能|无从)(?:回答|确定|得知|判断)|不知道)|"
    r"(?:material|sentences?|text|information|context)\b[^.]{0,60}(?:\bnot\b|\bno\b|n't\b)|^(?:sorry|i (?:cannot|can't|do not|don't))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the model states: its words without the marks, and the numbers it names, in order. ``whole``: it was ended."""

    text: str
    named: tuple[int, ...]
    whole: bool = True


def claims(pieces: Iterable[str]) -> Iterator[Claim]:
    """The statements of a reply, each as soon as it has been written to its end.

    Args:
        pieces: of the reply, however it is cut. Only the last statement may be unfinished (``whole`` is false): it has neither
            numbers nor a mark that ends a sentence.
    """
    held = ""
    for piece in pieces:
        held += piece
        if not _MAY_END.search(piece) and len(held) < _LONGEST:
            continue  # what is parsed again with every piece takes the square of its length
        held = _without_thoughts(held)
        if (_thinking(held) or _OPEN_MARK.search(held)) and len(held) < _LONGEST:
            continue
        *lines, held = held.split("\n")
        if len(held) >= _LONGEST:
            lines, held = [*lines, held], ""
        for line in lines:
            yield from (claim for claim, _ in _of_line(line))
        parsed = list(_of_line(held))
        # What is marked and followed by more is over; what is not marked may yet rest on the marks of its line.
        over = max((at + 1 for at, (claim, _) in enumerate(parsed[:-1]) if claim.named), default=0)
        yield from (claim for claim, _ in parsed[:over])
        held = held[parsed[over - 1][1] :] if over else held
    held = _THINKING.sub("", _without_thoughts(held))
    parsed = list(_of_line(held))
    for at, (claim, _) in enumerate(parsed):
        ended = at < len(parsed) - 1 or bool(claim.named) or held.rstrip().endswith(_ENDED)
        yield claim if ended else Claim(claim.text, claim.named, whole=False)


def is_nothing(statement: str) -> bool:
    """Whether it is what the rules ask for where the sentences do not answer."""
    return statement.strip(" 。.！!").lower() in _NOTHING


def says_absent(statement: str) -> bool:
    """Whether it seems to say in the model's own words that the sentences do not answer."""
    return bool(_ABSENT.search(statement))


def _thinking(text: str) -> bool:
    """Whether the model thinks aloud at the end of a text, or may just begin to."""
    return bool(_THINKS.search(text)) or bool(_BEGINS.search(text))


def _without_thoughts(text: str) -> str:
    """A text without thoughts that have ended, and without the tag of an end whose beginning the server kept."""
    return _THOUGHT.sub("", _THOUGHTS.sub("", text))


def _of_line(line: str) -> list[tuple[Claim, int]]:
    """The statements of a line, each with the place in the line where it ends, its marks counted in.

    A mark belongs to the sentence that it stands in or behind; a sentence without one rests on those of the next.
    """
    plain, places, marks = _parted(line)
    spans = sentences(plain)
    numbers: list[tuple[int, ...]] = [()] * len(spans)
    for at, named in marks:
        of = max((n for n, (start, _) in enumerate(spans) if start < at), default=None)
        if of is not None:
            numbers[of] = tuple(dict.fromkeys((*numbers[of], *named)))
    for n in reversed(range(len(spans) - 1)):
        numbers[n] = numbers[n] or numbers[n + 1]
    made = []
    for n, (start, end) in enumerate(spans):
        text = _stripped(plain[start:end])
        if text:
            made.append((Claim(text, numbers[n]), places[spans[n + 1][0]] if n + 1 < len(spans) else len(line)))
    return made


def _parted(line: str) -> tuple[str, list[int], list[tuple[int, tuple[int, ...]]]]:
    """A line without its marks; where each of its characters stood; and each mark's numbers with its place."""
    plain: list[str] = []
    places: list[int] = []
    marks: list[tuple[int, tuple[int, ...]]] = []
    start = 0
    for mark in (*_MARK.finditer(line), None):
        end = mark.start() if mark else len(line)
        plain += line[start:end]
        places += range(start, end)
        if mark:
            marks.append((len(plain), _named(mark[1])))
            start = mark.end()
    return "".join(plain), places, marks


def _stripped(text: str) -> str:
    """A statement without what models put around it; "" for what states nothing."""
    text = _BULLET.sub("", _DECORATION.sub("", text).strip()).strip()
    text = _OPENING.sub("", text).lstrip(_END).rstrip(_END)
    return text if any(char.isalnum() for char in folded(text)) else ""


def _named(inner: str) -> tuple[int, ...]:
    """The numbers inside a mark, in order, each once; 3-5 is three of them."""
    numbers: list[int] = []
    for first, last in _RANGE.findall(inner):
        wide = range(int(first), int(last) + 1)
        numbers += wide if 0 < len(wide) <= _WIDEST else (int(first), int(last))
    numbers += [int(number) for number in _NUMBER.findall(_RANGE.sub(" ", inner))]
    return tuple(dict.fromkeys(numbers))
