"""What a question names so exactly that nothing near it will do: a year, a place in an order, a measure.

A clause about 2022 does not answer for 2021, one about the third does not answer for the fifth, and a price is not told
by a length. Words may be put otherwise; these may not. All texts are folded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.draft import Draft
from rag.answer.evidence import Evidence
from rag.answer.measures import measure_of
from rag.answer.rows import columns_of
from rag.retrieve.query import HEAVY, Query, Term
from rag.text.match import coverage
from rag.text.normalize import fold, folded
from rag.text.numerals import whole_number

_YEAR = re.compile(r"(?<![\d.-])(?<!\d,)(?:1\d|20)\d{2}(?=财?年|(?:[)\s,;:.]|[上下]半年|[春夏秋冬][季天]|$))")
_YEARS = re.compile(
    r"(?<![\d.])(?<!\d,)(?P<from>(?:1\d|20)\d{2})年?(?:[-~至到]+(?P<to>(?:1\d|20)?\d{2})(?=年|[)\s,;:.]|$))?(?=年|[-/.)\s,;:.]|$)"
)
# A year that something is only held against: 较2021年增长, 与2022年同期相比, 比去年多.
_AGAINST = re.compile(
    r"(?:较|比|与|同|和|跟|相比)\s?(?:(?:1\d|20)\d{2}年|去年|上年|前年)(?:同期|末|底|度)?(?:相比|增|减|下降|上升|提高|多|少|高|低|大|小)?"
)
_THIS_YEAR, _LAST_YEAR = re.compile(r"今年|本年度?"), re.compile(r"去年|上年")
_RELATIVE = ((_LAST_YEAR, _THIS_YEAR), (_THIS_YEAR, _LAST_YEAR))
_ERA = re.compile(r"民国|昭和|大正|明治|平成|[一-鿿]{2}(?:元|[一二三四五六七八九十]{1,3})年")
_NUMERALS = "零一二三四五六七八九十"
_ORDINAL = re.compile(
    r"(?:第(?P<n>[一二三四五六七八九十]{1,3}|\d{1,3})|(?P<first>首))(?P<of>[届屆次期轮輪代批辑輯版集季部卷册冊回场場章任位名大个個](?!医院|中学|小学))?"
)
_ENGLISH = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}  # fmt: skip
_PLACED = re.compile(rf"(?<!per )\b(?:{'|'.join(_ENGLISH)})\b(?! (?:half|quarter|hand)\b)")
_SECOND_BEST = {2: "亚军|次席|银牌|次高|次大|居次", 3: "季军|铜牌"}
_ROLE = re.compile(r"的(?P<role>[\u3400-\u9fff]{2,4})(?:是|为)谁")
_POSSESSED = re.compile(r"(?P<of>[^的,;:?]{2,14})的[^的,;:?]{2,8}(?:怎么样|怎样|如何|咋样|是什么样的?|是怎样的?)[?]*$")
_DENIED = re.compile(
    r"(?:谁|哪(?:些|几)?[家个位款种]?[\u3400-\u9fff]{0,4}?)(?:还|都|又|并|从来|至今)*(?P<what>(?:没有?|未|不(?!同|仅|只|但|过|断|久|足|少|错|锈|良|动产|规则|限|止|可|得))[\u3400-\u9fff]{1,4})"
)
_DENIES = re.compile(r"不(?!同|仅|只|但|过|断|久|锈)|没|未|无(?!人机|线|锡)|缺|非(?!常)|除外|除了|以外|拒")
_SPOKEN = 0.4
_PIECE = re.compile(r"[,;:。]")
_LISTED_BEFORE = re.compile(r"(?:^|[,;:。、])[^,;:。、\d]{1,12}、[^,;:。、\d]{0,6}$")
_LISTED_AFTER = re.compile(r"[^,;:。、\d]{0,12}、")
NEAR_MISS = 0.35  # what is left of the confidence in an answer to a question beside the one asked
_LEADS = re.compile(r"首|最|冠|榜首|居首|领先|龙头|金牌|起初|一")


def unmet(query: Query, draft: Draft | None) -> tuple[str, ...]:
    """What a question names exactly and no quote of the draft says, folded; empty where everything is said."""
    if draft is None or not draft.quotes:
        return ()
    evidence = [quote.evidence for quote in draft.quotes]
    said = [_said(e) for e in evidence]
    return (
        *_years(query, evidence),
        *_relative(query, evidence),
        *_places(query, said),
        *_roles(query, said),
        *_possessor(query, said),
        *_negation(query, said),
        *_measure(query, draft),
        *_owner(query, draft),
    )


def _said(e: Evidence) -> str:
    """A clause with its headings, its table's header and the clause before it."""
    before = folded(e.hit.passage.words(*e.before)) if e.before else ""
    return f"{e.section} {folded(e.hit.document.title)} {before} {e.fold.text}"


def _years(query: Query, evidence: Sequence[Evidence]) -> Iterator[str]:
    """The years asked about where every quote is of other years."""
    for year in dict.fromkeys(_YEAR.findall(query.folded)):
        if all(_of_another_year(int(year), e) for e in evidence):
            yield year


def _relative(query: Query, evidence: Sequence[Evidence]) -> Iterator[str]:
    """去年 where every quote tells of this year, and the other way round."""
    for asked, other in _RELATIVE:
        if asked.search(query.folded) and not other.search(query.folded):
            own = [_AGAINST.sub(" ", e.fold.text) for e in evidence]
            if all(other.search(text) and not asked.search(text) and not _YEARS.search(text) for text in own):
                yield asked.search(query.folded).group()  # type: ignore[union-attr]


def _of_another_year(year: int, e: Evidence) -> bool:
    """Whether a clause tells of other years than this one: it names one, and neither it nor its headings this."""
    own = _AGAINST.sub(" ", e.fold.text)
    around = f"{e.section} {folded(e.hit.document.title)}"
    spans = list(_spans(own))
    if any(first <= year <= last for first, last in (*spans, *_spans(around))) or _ERA.search(own):
        return False
    return bool(spans)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """The years of a text, each a span of years."""
    for found in _YEARS.finditer(text):
        first, last = found["from"], found["to"] or found["from"]
        yield int(first), int(first[: 4 - len(last)] + last)


def _places(query: Query, said: Sequence[str]) -> Iterator[str]:
    """The places in an order (第三届, third) that no quote speaks of."""
    for found in _ORDINAL.finditer(query.folded):
        number = 1 if found["first"] else whole_number(found["n"])
        if number == 1 and (not found["of"] or found["of"] in "位名大个個"):
            continue  # put in too many ways: 最早的, 创始, 榜首
        if not any(_has_place(number, found["of"] or "", text) for text in said):
            yield found.group()
    if query.english:
        for found in _PLACED.finditer(query.folded):
            if not any(_has_place(_ENGLISH[found.group()], "", text) for text in said):
                yield found.group()


def _has_place(number: int, of: str, text: str) -> bool:
    if any(whole_number(found["n"]) == number for found in _ORDINAL.finditer(text) if found["n"]):
        return True
    if number == 1 and _LEADS.search(text):
        return True
    numeral = _NUMERALS[number] if 0 < number <= 10 else str(number)
    if of and re.search(rf"(?<![\d一二三四五六七八九十])(?:{numeral}|{number}){of}", text):
        return True
    return number in _SECOND_BEST and re.search(_SECOND_BEST[number], text) is not None


def _roles(query: Query, said: Sequence[str]) -> Iterator[str]:
    """What somebody is asked for as (X的**冠军**是谁) and no quote speaks of."""
    found = _ROLE.search(query.folded)
    if found and found["role"][-1] not in "人者" and not any(coverage(found["role"], text) >= _SPOKEN for text in said):
        yield found["role"]


def _possessor(query: Query, said: Sequence[str]) -> Iterator[str]:
    """What a quality is asked of (**X**的格局怎样), where no quote speaks of any of it: the same is said of other things."""
    found = _POSSESSED.match(query.folded)
    if not found:
        return
    owners = [term for term in query.terms if term.weight >= HEAVY and term.spans(found["of"])]
    if owners and not any(coverage(term.text, text, term.others) >= _SPOKEN for term in owners for text in said):
        yield owners[0].text


def _negation(query: Query, said: Sequence[str]) -> Iterator[str]:
    """Who does *not* (谁没有出席), where no quote denies anything: what is said of those who do is the opposite."""
    found = _DENIED.search(query.folded)
    if found and not any(_DENIES.search(text) for text in said):
        yield found["what"]


def _owner(query: Query, draft: Draft) -> Iterator[str]:
    """The name asked about where the figure is another's: a piece of the clause between the two begins with another name,
    or the name only stands in a list that was given before."""
    if query.kind != "number" or draft.short is None:
        return
    start, _, place = draft.short
    e = draft.quotes[place].evidence
    names = [t for t in query.terms if t.name and t.weight >= HEAVY and not t.text[-1].isdigit()]
    text = e.fold.text
    at = len(fold(e.hit.passage.words(e.start, start)).text)
    here = [t for t in names if t.spans(text)]
    if names and here:
        close = _PIECE.search(text, at)
        for piece in reversed(_PIECE.split(text[: close.start() if close else len(text)])):
            if any(_stands_alone(t, piece) for t in here):
                return
            if piece.startswith(e.others):
                yield here[0].text
                return
    elif names:
        head = max(names, key=lambda t: t.weight)
        around = f"{e.section} {folded(e.hit.document.title)}"
        earlier = folded(e.hit.passage.words(e.hit.passage.start, e.start))
        if (
            coverage(head.text, around, head.others) < _SPOKEN
            and head.spans(earlier)
            and not _stands_alone(head, earlier)
        ):
            yield head.text


def _stands_alone(term: Term, text: str) -> bool:
    """Whether a term stands in a folded text otherwise than as one of several that are listed."""
    return any(
        not _LISTED_BEFORE.search(text, 0, start) and not _LISTED_AFTER.match(text, end)
        for start, end in term.spans(text)
    )


def _measure(query: Query, draft: Draft) -> Iterator[str]:
    """The measure asked for where the bare fact is in another."""
    asked = measure_of(query)
    if asked is None or draft.short is None:
        return
    start, end, place = draft.short
    quote = draft.quotes[place]
    if quote.evidence.unit.kind == "row" and columns_of(quote):
        return  # a table's header says what its figures are
    words = quote.evidence.hit.passage.words
    fact = folded(words(start, end))
    around = folded(words(max(start - 4, quote.evidence.start), min(end + 6, quote.evidence.end)))
    if not asked.told_by(fact, around, quote.evidence.fold.text):
        yield asked.named
