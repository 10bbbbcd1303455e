"""What speaks for a word of a clause being the first, the last or an inner one of the bare fact asked for.

Nothing here is about any one material: classes of words, punctuation, dates and numbers, and above all how the clause
lines up with the question. What stands in the clause where the question has its asking words is bounded by the same
words as they are (X 的首都是**哪里** ↔ X 的首都是**Y**).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.answer.evidence import Evidence
from rag.answer.spans_sought import Sought
from rag.answer.wants import DATE, in_unit, numbers_in
from rag.retrieve.glue import GLUE
from rag.retrieve.query import Query
from rag.text.words import Lexicon

_CLOSED = frozenset(
    "的 是 为 在 于 由 被 把 将 对 向 从 自 到 至 与 和 及 或 以 因 因为 由于 为了 而 并 也 都 则 即 就 有 叫 称 称为 名为 成 成为 作 作为 任 担任 "
    "通过 使 让 令 给 了 着 过 之 其 该 此 等 后 前 时 中 里 上 下 内 外 间 所 用 通常 大约 约 共 又 其中 包括 分别 名 个 位 年 月 日 人 第 最 属于 位于".split()
)
_MARKS = {",": "comma", ".": "stop", "。": "stop", ";": "stop", ":": "colon", "、": "enum", "(": "open", ")": "close", "《": "title", "》": "/title", '"': "quote", "'": "quote", "「": "quote", "」": "quote", "|": "cell", "·": "dot"}  # fmt: skip
_NEAR_CHARS = 25  # how far from a word on the edge others are looked for
_JOINTS = frozenset("、 和 与 及 以及 跟 同 或".split())
_SURNAMES = frozenset("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """A question's words about its asking words: ``words`` → place, counted from them (-1 the nearest before, 1 the
    nearest behind, function words left out); ``before`` and ``behind`` are the words right beside them, whatever they are."""

    sought: Sought
    places: dict[str, int]
    weights: dict[str, float]
    before: str
    behind: str
    folded: str


def asking(query: Query, asked: Sought, lexicon: Lexicon) -> Asking:
    """The words of a question, placed about its asking words."""
    words = lexicon.words(query.folded)
    left = [word for word, _, end in words if end <= asked.start]
    right = [word for word, start, _ in words if start >= asked.end]
    places: dict[str, int] = {}
    for side, sign in ((reversed(left), -1), (iter(right), 1)):
        content = [word for word in side if word not in GLUE and word not in _CLOSED]
        for at, word in enumerate(content, 1):
            places.setdefault(word, sign * at)
    weights = {term.text: term.weight for term in query.terms}
    for term in query.terms:
        for other in term.others:
            if term.text in places:
                places.setdefault(other, places[term.text])
    return Asking(asked, places, weights, left[-1] if left else "", right[0] if right else "", query.folded)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a clause, or a mark. ``place`` is where the question has it (0: nowhere)."""

    text: str
    start: int
    end: int
    sort: str
    place: int
    date: int
    number: int


def tokens(e: Evidence, ask: Asking, query: Query, lexicon: Lexicon, at_most: int) -> list[Token]:
    """The words and marks of a clause, in order. ``date`` and ``number`` say where in one a word stands: 1 first, 2 inner,
    3 last, 4 all of it, 0 in none."""
    text = e.fold.text
    dates = [match.span() for match in DATE.finditer(text)]
    numbers = numbers_in(text)
    if query.unit:
        numbers = [span for span in numbers if in_unit(query.unit, text[slice(*span)])] or numbers
    found: list[Token] = []
    reached = 0
    for word, start, end in (*lexicon.words(text), ("", len(text), len(text))):
        for at in range(reached, start):
            if not text[at].isspace():
                found.append(Token(text[at], at, at + 1, "." + _MARKS.get(text[at], "other"), 0, 0, 0))
        if word:
            sort = _sort(word, lexicon)
            found.append(
                Token(
                    word, start, end, sort, _place(word, ask), _within(start, end, dates), _within(start, end, numbers)
                )
            )
        reached = end
    return found[:at_most]


def _sort(word: str, lexicon: Lexicon) -> str:
    if word[0].isdigit():
        return "#"
    if word[0].isascii():
        return "latin"
    kind = lexicon.word_class(word)
    if kind == "N":
        return lexicon.name_class(word)
    if kind:
        return kind
    if len(word) == 1:
        return "1"
    return "n" if lexicon.knows(word) and word not in lexicon.learned else "new"


def _place(word: str, ask: Asking) -> int:
    if word in ask.places:
        return ask.places[word]
    if len(word) > 1 and word in ask.folded:
        return next((place for text, place in ask.places.items() if word in text or text in word), 20)
    return 0


def _within(start: int, end: int, spans: list[tuple[int, int]]) -> int:
    for s, e in spans:
        if s < end and start < e:
            return {(True, True): 4, (True, False): 1, (False, True): 3}.get((start <= s, end >= e), 2)
    return 0


def beginnings(found: list[Token], ask: Asking) -> list[list[str]]:
    """For each token, what speaks for or against the fact beginning with it."""
    asked = _asked(found)
    return [[*_edge("b", found, at, at - 1, ask), *_near("b", _leftward(asked, at))] for at in range(len(found))]


def endings(found: list[Token], ask: Asking) -> list[list[str]]:
    """For each token, what speaks for or against the fact ending with it."""
    noun = ask.sought.noun
    asked = _asked(found)
    out = []
    for at, token in enumerate(found):
        features = [*_edge("e", found, at, at + 1, ask), *_near("e", _rightward(asked, at))]
        if noun:
            if token.text == noun or (noun.endswith(token.text) and token.sort != "."):
                features.append("e=noun")
            elif token.text[-1] == noun[-1]:
                features.append("e=noun'")
        if token.text[-1] in "人者家员":
            features.append("e=human")
        if token.text[-1] in "国省市县州镇区岛山河湖":
            features.append("e=land")
        out.append(features)
    return out


def inners(found: list[Token], ask: Asking) -> list[list[str]]:
    """For each token, what speaks for or against it being in the fact."""
    noun = ask.sought.noun
    out = []
    for token in found:
        features = ["i:" + token.sort]
        if token.place:
            features.append("i:asked" if len(token.text) > 1 else "i:asked1")
            if abs(token.place) <= 2:
                features.append("i:near")
        if token.date:
            features.append("i:date")
        if token.number:
            features.append("i:number")
        if noun and (token.text == noun or token.text in noun) and len(token.text) > 1:
            features.append("i:noun")
        if token.text in ("的", "是", "在", "为", "于", "被", "了", "和", "与", "及"):
            features.append("i=" + token.text)
        out.append(features)
    return out


def _edge(side: str, found: list[Token], at: int, beside: int, ask: Asking) -> Iterator[str]:
    """Of the token on the edge, and of the one outside beside it."""
    token = found[at]
    yield f"{side}:{token.sort}"
    if token.place:
        yield f"{side}:asked"
    if token.date:
        yield f"{side}:date{token.date}"
    if token.number:
        yield f"{side}:number{token.number}"
    if token.text in _CLOSED:
        yield f"{side}={token.text}"
    if side == "b" and token.text[0] in _SURNAMES:
        yield "b:surname"
    if not 0 <= beside < len(found):
        yield f"{side}|none"
        return
    other = found[beside]
    yield f"{side}|{other.sort}"
    yield f"{side}|{other.sort}+{token.sort}"
    if other.text in _CLOSED:
        yield f"{side}|={other.text}"
    if other.place:
        yield f"{side}|asked"
        yield f"{side}|asked{_bucket(other.place)}"
    again = beside + (beside - at)
    if other.text in _JOINTS and 0 <= again < len(found) and found[again].place:
        yield f"{side}|joined"  # listed beside what the question names itself (除了甲还有谁, 甲和谁)
    if other.text and other.text == (ask.before if side == "b" else ask.behind):
        yield f"{side}|same"
    if other.text and other.text == (ask.behind if side == "b" else ask.before):
        yield f"{side}|cross"


@dataclass(frozen=True, slots=True)
class _Asked:
    """The tokens of a clause that the question has too, as (which token, its place there); and how many characters of
    tokens, and how many commas, stops and colons, go before each token."""

    places: tuple[tuple[int, int], ...]
    chars: tuple[int, ...]
    commas: tuple[int, ...]


def _asked(found: list[Token]) -> _Asked:
    chars, commas = [0], [0]
    for token in found:
        chars.append(chars[-1] + token.end - token.start)
        commas.append(commas[-1] + (token.sort in (".comma", ".stop", ".colon")))
    places = tuple((at, token.place) for at, token in enumerate(found) if token.place)
    return _Asked(places, tuple(chars), tuple(commas))


def _leftward(asked: _Asked, at: int) -> Iterator[tuple[int, int, int]]:
    """Those before a token, nearest first: their place in the question, and the characters and commas in between."""
    for which, place in reversed(asked.places):
        if which < at:
            yield place, asked.chars[at] - asked.chars[which + 1], asked.commas[at] - asked.commas[which + 1]


def _rightward(asked: _Asked, at: int) -> Iterator[tuple[int, int, int]]:
    for which, place in asked.places:
        if which > at:
            yield place, asked.chars[which] - asked.chars[at + 1], asked.commas[which] - asked.commas[at + 1]


def _near(side: str, outward: Iterator[tuple[int, int, int]]) -> Iterator[str]:
    """The nearest word outside that the question has too: how far, and from which side of its asking words; and how far
    the nearest that stand right beside the asking words are."""
    beside = {-1: "-1", 1: "+1"}
    nearest = True
    for place, gap, commas in outward:
        if gap > _NEAR_CHARS:
            break
        far = _far(gap, commas)
        if nearest:
            nearest = False
            yield f"{side}~{far}"
            yield f"{side}~{'L' if place < 0 else 'R'}{far}"
        if place in beside:
            yield f"{side}~{beside.pop(place)}:{far}"
            if not beside:
                break
    if nearest:
        yield f"{side}~none"


def _far(gap: int, commas: int) -> str:
    near = (
        "0" if gap == 0 else "1" if gap == 1 else "2" if gap <= 2 else "4" if gap <= 4 else "8" if gap <= 8 else "far"
    )
    return near + ("," if commas else "")


def _bucket(place: int) -> str:
    return f"{place:+d}" if abs(place) <= 2 else ("-" if place < 0 else "+")


def length(chars: int) -> str:
    """The bucket of a span's length in characters."""
    for limit in (1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 45):
        if chars <= limit:
            return f"l{limit}"
    return "l99"


def whole(e: Evidence, rank: int, found: list[Token], ask: Asking) -> list[tuple[str, float]]:
    """What speaks for or against the clause that holds the fact, each with how much of it there is."""
    spoken = {token.place for token in found if token.place}
    features = [
        ("c:score", e.score),
        ("c:coverage", e.coverage),
        ("c:own", e.own),
        ("c:cosine", e.cosine),
        ("c:kind", e.kind),
        ("c:passage", e.hit.score),
        ("c:first", float(rank == 0)),
        ("c:-1", float(-1 in spoken)),
        ("c:+1", float(1 in spoken)),
        ("c:-2", float(-2 in spoken)),
        ("c:+2", float(2 in spoken)),
        ("c:share", len(spoken - {20}) / max(1, len(set(ask.places.values())))),
        ("c:date", float(any(token.date for token in found))),
        ("c:number", float(any(token.number for token in found))),
        ("c:noun", float(bool(ask.sought.noun) and ask.sought.noun in e.fold.text)),
        ("c:ask", float(e.fold.text.rstrip().endswith("?"))),
    ]
    return [(name, value) for name, value in features if value]
