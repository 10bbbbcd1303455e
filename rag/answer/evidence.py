"""Evidence: the clauses of the retrieved passages, each scored by how far it answers the question.

A clause (a sentence, or its part between semicolons; a list item; a table row) is held against the terms of the
question. It may speak of a term itself, or its heading may, or — for less — what introduces it or stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.answer.makers import makers_in
from rag.answer.wants import answers_kind, asks_makers, names_makers
from rag.retrieve.glue import MAKING
from rag.retrieve.query import HEAVY, LIGHT, Query, Term
from rag.text.enumerations import Enumeration, enumerations
from rag.text.match import coverage
from rag.text.normalize import Folded, fold, folded
from rag.text.pairs import joined
from rag.text.sentences import clauses
from rag.text.words import Lexicon
from rag.types import Hit, Unit

# How much a term counts where it stands: in the clause, in its headings, in what introduces it (a lead-in before a
# colon, a table's header row), in what a pronoun at its beginning points back to. What was said before in the passage,
# and how the document opens, counts for names and times while the clause brings up no other name itself.
_HEADING, _INTRODUCED, _POINTED, _TOPIC, _OPENING, _BEFORE = 0.9, 0.8, 0.7, 0.6, 0.5, 0.3
LEANS = re.compile(
    r"^(?:其(?!中|他|它|余|次|实)|该|此(?!外)|这|它|他们|上述|前者|后者|两者|二者|(?:主要|通常|一般|目前|也|并|且)*(?:包括|包含|分为|应用于|用于|负责|适用于|具有|采用|由|是(?!否)|为(?!了)|有))"
)
# Cosines of this family of encoders lie in a narrow band; what it spans is stretched to [0, 1].
_COSINE_LOW, _COSINE_HIGH = 0.76, 0.92
_ACROSS_LOW, _ACROSS_HIGH = 0.79, 0.82  # the same, from an English question to Chinese text
_INSIDE = 0.85
CELLS = " | "  # between the cells of a table's row in the stored text
_MISSING_BELOW = 0.4
_TOLD = 0.9  # what a list of makers says of their making
_SUBJECT_BY = 4  # characters into a piece by which its subject has begun
_HEAD = 24  # characters of a clause in which its subject is looked for
_PAIRS = re.compile(r"[哪那][两二2]|分(?:为|成)|哪几|各指")  # questions that a pair may answer
_MEASURED = 0.6  # what a unit says of the attribute that it measures
_MEASURES = {
    name: re.compile(unit)
    for names, unit in (
        ("体重 重量 净重", r"\d ?(?:公斤|千克|kg\b|克|吨|磅)"),
        ("面积 占地面积 占地 总面积", r"平方(?:公里|千米|米)|公顷|亩|km2"),
        ("海拔 高度 身高 高", r"[\d米] ?(?:米|m\b|公尺|厘米|cm\b)"),
        ("长度 全长 总长 体长 距离", r"\d ?(?:公里|千米|米|km\b|m\b|厘米|cm\b|公分|海里)"),
        ("人口 人口数 人口数量 总人口", r"\d[万亿]?(?:人|名|余人|多人)|人口"),
        ("年龄 岁数", r"岁"),
        ("温度 气温", r"℃|摄氏|°c|度"),
        ("职务 职位 官职", r"[任当]|兼|主席|总裁|经理|部长|书记|院长|校长|司令"),
        ("出生地 籍贯 祖籍", r"[出诞]?生[于在]|[人,]$|人[,。]"),
        ("出生", r"[出诞]生|生于|年生"),
        ("职业", r"家[,。、]|员[,。、]|师[,。、]|演员|歌手|导演|作家"),
        ("原产地 原生地 产地", r"原产|原生|产[于自]"),
        ("死因", r"死|逝|病|卒"),
    )
    for name in names.split()
}
_CIRCUMSTANCE = frozenset("据 在 对 从 由 随着 根据 按照 截至 除了 目前 其中 此外".split())
_WEIGHTS = {"coverage": 0.55, "cosine": 0.2, "kind": 0.15, "passage": 0.1}


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A clause and how far it answers.

    ``start``/``end`` count in the stored text; ``fold`` is the clause folded. ``coverage`` is the weighted share of
    the question's terms spoken of, ``own`` the share spoken of in the clause itself, ``missing`` the terms that are
    not. ``others`` are names in it that the question does not bring up. ``lists`` are the enumerations in it, and
    ``makers`` the organisations told of one by one (spans in ``fold.text``); ``elsewhere`` says that it begins with
    another name than the question's, ``goes_on`` that the clause
    before it in its sentence says what it is about. ``score`` orders evidence, in [0, 1].
    """

    hit: Hit
    unit: Unit
    start: int
    end: int
    fold: Folded
    before: tuple[int, int] | None
    coverage: float
    own: float
    cosine: float
    kind: float
    missing: tuple[Term, ...]
    lists: tuple[Enumeration, ...]
    score: float
    others: tuple[str, ...] = ()
    makers: tuple[tuple[int, int], ...] = ()
    elsewhere: bool = False
    goes_on: bool = False

    @property
    def text(self) -> str:
        """The words at its span, as stored."""
        return self.hit.passage.words(self.start, self.end)

    def other_names(self, piece: str) -> bool:
        """Whether a folded piece of the clause begins with a name that the question does not bring up: its subject."""
        return any(0 <= piece.find(name) <= _SUBJECT_BY for name in self.others)

    @property
    def last_heading(self) -> str:
        """The heading right above it, folded; "" where there is none."""
        return folded(self.hit.passage.section[-1]) if self.hit.passage.section else ""

    @property
    def section(self) -> str:
        """Its headings, folded, in one string."""
        return folded(" ".join(self.hit.passage.section))


def gather(query: Query, vector: npt.NDArray[np.float32], hits: Sequence[Hit], lexicon: Lexicon) -> list[Evidence]:
    """Every clause of the hits as evidence, best first."""
    found = [e for hit in hits for e in _of_hit(query, vector, hit, lexicon)]
    return sorted(found, key=lambda e: (-e.score, e.hit.document.id, e.start))


def from_its_sentence(e: Evidence) -> tuple[int, int]:
    """The clause before one, from where its sentence begins: its own subject may stand there. There has to be one."""
    assert e.before is not None
    start, end = e.before
    return next((unit.start for unit in e.hit.passage.units if unit.start <= start < unit.end), start), end


def best_elsewhere(evidence: Sequence[Evidence]) -> float:
    """The score of the best clause, best first, of another document than the first; 0 where there is none."""
    return next((e.score for e in evidence if e.hit.document.id != evidence[0].hit.document.id), 0.0)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a clause, folded: what introduces it, the clause before it, all that was said before; and how
    far its headings and the document's opening speak of each term of the question."""

    heading: str
    intro: str
    before: str
    said: str
    headed: Sequence[float]
    opened: Sequence[float]


def _of_hit(query: Query, vector: npt.NDArray[np.float32], hit: Hit, lexicon: Lexicon) -> list[Evidence]:
    passage = hit.passage
    heading = folded(" ".join((hit.document.title, *passage.section)))
    headed = [_HEADING * coverage(term.text, heading, term.others) for term in query.terms]
    opening = folded(hit.opening)
    opened = [_OPENING * coverage(term.text, opening, term.others) if term.name else 0.0 for term in query.terms]
    cosines = hit.unit_vectors @ vector
    found: list[Evidence] = []
    before: tuple[int, int] | None = None
    last = said = ""
    reached = passage.start
    for unit, cosine in zip(passage.units, cosines, strict=True):
        if unit.context == (unit.start, unit.end):
            continue  # a header row says what the others are about, and nothing itself
        text = hit.passage.words(unit.start, unit.end)
        intro = _introduction(text) + _header(hit, unit)
        for start, end in clauses(text) if unit.kind == "sentence" else [(0, len(text))]:
            span = (unit.start + start, unit.start + end)
            said += folded(passage.words(reached, span[0]))
            around = _Around(heading, intro, last, said if before else "", headed, opened)
            found.append(_score(query, hit, unit, span, around, float(cosine), before, lexicon))
            before, reached, last = span, span[0], found[-1].fold.text
    return found


def _introduction(text: str) -> str:
    """What stands before a sentence's first colon, folded."""
    head, colon, _ = folded(text).partition(":")
    return head if colon else ""


def _header(hit: Hit, unit: Unit) -> str:
    """A table row's header row where it stands in the same passage."""
    if unit.context is None or unit.context[0] < hit.passage.start:
        return ""
    return " " + folded(hit.passage.words(*unit.context))


def _score(
    query: Query,
    hit: Hit,
    unit: Unit,
    span: tuple[int, int],
    around: _Around,
    cosine: float,
    before: tuple[int, int] | None,
    lexicon: Lexicon,
) -> Evidence:
    clause = fold(hit.passage.words(*span))
    listed = enumerations(clause.text, lexicon)
    if not listed and query.kind == "list":
        listed = joined(clause.text, lexicon, pairs=bool(_PAIRS.search(query.folded)))
    lists = tuple(x for x in listed if not _asked_about(query, clause.text, x))
    own_text = _without_items(clause.text, lists) if query.kind == "list" else clause.text
    other = names_another(query, clause.text, lexicon)
    told_of_makers = query.kind == "list" and bool(lists) and asks_makers(query) and names_makers(clause.text)
    behind, goes_on = before is not None and before[0] >= unit.start, False  # a semicolon, of what was said before it
    covered = own = 0.0
    missing: list[Term] = []
    for at, term in enumerate(query.terms):
        here = coverage(term.text, own_text if term.name else clause.text, term.others)
        if here == 1.0 and _only_inside(term.text, own_text, lexicon):
            here = _INSIDE  # it stands only inside a longer name, which is another thing
        best = max(here, around.headed[at], 0.0 if other else around.opened[at])
        if best < _INTRODUCED and around.intro:
            best = max(best, _INTRODUCED * coverage(term.text, around.intro, term.others))
        if best < _POINTED and around.before and (LEANS.match(clause.text) or (behind and not other)):
            pointed = _POINTED * coverage(term.text, around.before, term.others)
            goes_on = goes_on or (pointed > best and pointed >= _TOPIC and term.weight > LIGHT)
            best = max(best, pointed)
        told = _TOPIC if term.name and not other else _BEFORE
        if best < told and around.said:
            best = max(best, told * coverage(term.text, around.said, term.others))
        if best < _TOLD and told_of_makers and term.text in MAKING:
            best = _TOLD  # 主要玩家有甲、乙: that they make it is said by what they are called
        own += term.weight * here
        covered += term.weight * best
        if best < _MEASURED and (unit_of_it := _MEASURES.get(term.text)) and unit_of_it.search(clause.text):
            best = _MEASURED  # a number in its unit says what is measured (体重: 8公斤)
        if best < _MISSING_BELOW:
            missing.append(term)
    total = sum(term.weight for term in query.terms) or 1.0
    near = _between(cosine, _COSINE_LOW, _COSINE_HIGH)
    if query.blind:
        own = covered = total * _between(cosine, _ACROSS_LOW, _ACROSS_HIGH)
    makers = lexicon.once(makers_in, clause.text) if query.kind == "list" and asks_makers(query) else ()
    kind = 1.0 if makers else answers_kind(query, clause.text, around.heading, lists)
    parts = {"coverage": covered / total, "cosine": near, "kind": kind, "passage": hit.score}
    score = sum(_WEIGHTS[name] * value for name, value in parts.items())
    return Evidence(
        hit,
        unit,
        *span,
        clause,
        before,
        covered / total,
        own / total,
        near,
        kind,
        tuple(missing),
        lists,
        score,
        _other_names(query, clause.text, lexicon),
        makers,
        other,
        goes_on,
    )


def _only_inside(term: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a term is no word of a folded text, and part of a longer one that is a learned term."""
    longer = False
    for word, _, _ in lexicon.words(text):
        if word == term:
            return False
        longer = longer or (term in word and word in lexicon.learned)
    return longer


def _between(cosine: float, low: float, high: float) -> float:
    """A cosine on the scale that goes from ``low`` to ``high``, in [0, 1]."""
    return min(1.0, max(0.0, (cosine - low) / (high - low)))


def names_another(query: Query, text: str, lexicon: Lexicon) -> bool:
    """Whether a folded clause begins by naming something that the question does not: then it speaks of that."""
    return any(not _asked(query, name) for name in lexicon.once(_leading_names, text[:_HEAD]))


def _leading_names(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The names that a folded clause begins with.

    The beginning goes up to the first verb; what follows a preposition (据…, 在…) is passed over up to the next comma.
    """
    names: list[str] = []
    passing = False
    for word, start, _ in lexicon.words(text):
        if passing and text[start - 1] == ",":
            passing = False
        kind = lexicon.word_class(word)
        if kind == "p" or word in _CIRCUMSTANCE:
            passing = True
        elif passing:
            continue
        elif kind == "v" and not lexicon.is_name(word):
            break
        elif len(word) > 1 and lexicon.is_name(word):
            names.append(word)
    return tuple(names)


def _other_names(query: Query, text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The names in a clause that the question does not bring up; only facts are held against them."""
    if query.kind not in ("number", "date"):
        return ()
    words = (word for word, _, _ in lexicon.words(text))
    return tuple(w for w in words if len(w) > 1 and not w.isascii() and lexicon.is_name(w) and not _asked(query, w))


def _asked(query: Query, word: str) -> bool:
    return any(word in term.text or term.text in word or word in term.others for term in query.terms)


def _asked_about(query: Query, text: str, listed: Enumeration) -> bool:
    """Whether an enumeration holds what the question asks about: then it is not the list that answers."""
    return any(
        end - start <= len(term.text) + 1 and coverage(term.text, text[start:end], term.others) >= 0.8
        for term in query.terms
        if term.weight > HEAVY
        for start, end in listed.items
    )


def _without_items(text: str, lists: Sequence[Enumeration]) -> str:
    """The clause without the names it lists: a list that merely *contains* what is asked about does not answer."""
    for listed in reversed(lists):
        text = text[: listed.start] + " " + text[listed.items[-1][1] :]
    return text
