"""Refusals: whether the evidence is enough, and the words said when it is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft
from rag.answer.evidence import Evidence
from rag.answer.judgement import judged, judgement
from rag.answer.profile import subject
from rag.retrieve.glue import NARROWING
from rag.retrieve.query import Query, Term
from rag.text.match import coverage
from rag.text.normalize import fold, folded
from rag.text.wording import NEAREST, OPEN, REFUSAL, UNSPOKEN, Script, listed, script_of

_DEFINED = 0.5
# What is missing where the material speaks of every word and yet does not say what is asked, in each script.
_SHAPES: dict[str, dict[Script, str]] = {
    "list": {"zh-Hans": "所问的名单", "zh-Hant": "所問的名單", "en": "the list asked for"},
    "number": {"zh-Hans": "所问的数字", "zh-Hant": "所問的數字", "en": "the number asked for"},
    "date": {"zh-Hans": "所问的时间", "zh-Hant": "所問的時間", "en": "the date asked for"},
    "definition": {"zh-Hans": "所问的定义", "zh-Hant": "所問的定義", "en": "the definition asked for"},
    "reason": {"zh-Hans": "所问的原因", "zh-Hant": "所問的原因", "en": "the reason asked for"},
    "compare": {"zh-Hans": "两者的比较", "zh-Hant": "兩者的比較", "en": "the comparison asked for"},
    "open": {"zh-Hans": "所问的内容", "zh-Hant": "所問的內容", "en": "what is asked for"},
}
_NEAREST, _SAID = 12, 0.8  # clauses whose passages tell what the material does speak of
_PHRASE = 20  # characters of what is asked about, named as a whole
_PART = 0.2  # of the weight of a question: a missing word below it is taken for said in other words
_CALLED = re.compile(r"叫什么|叫啥|什么名字|名字是什么|名称是什么")
_NAMES = re.compile(r"[\"《「]|叫|名为|命名|取名|称为|被称|简称|推出|发布|—|[是为](?!一)[^的,。;]{2,8}[。;]?$")
_COUNTED = re.compile(r"哪[一二三四五六七八九十两\d]+[大]?[个家种类项款]")


def confidence(query: Query, evidence: Sequence[Evidence], draft: Draft | None, kind_of_thing: str = "") -> float:
    """How likely it is that the draft answers, in [0, 1].

    Args:
        kind_of_thing: the noun that the answer is one of (用什么**材料**砌成), which evidence need not say; "" without one.

    From its best clause: the share of the question's terms spoken of, less for each heavy term left out, and whether
    the shape asked for is there.
    """
    if draft is None or not draft.quotes:
        return 0.0
    best = draft.best
    if query.kind == "profile":
        focus = subject(query)
        if focus is None or coverage(focus.text, best.fold.text, focus.others) < 0.8:
            return 0.2
        # Half a name may be another's: 松岭茶业 is not 松岭机械.
        rest = [term for term in query.heavy if f"{focus.text}{term.text}" in query.folded and term in best.missing]
        return 0.4 if rest or not any(form in best.fold.text for form in (focus.text, *focus.others)) else 0.9
    pieced = query.kind in ("compare", "reason", "list")
    quotes = draft.quotes if pieced else draft.quotes[:1]
    left = [t for t in query.heavy if t in best.missing and all(t in q.evidence.missing for q in quotes)]
    implied = [t for t in best.missing if kind_of_thing and t.text in kind_of_thing]
    left = [t for t in left if t not in implied]
    value = _value(query, best, sum(t.weight for t in implied)) * _without(query, left)
    if query.kind == "list" and left and not draft.items:
        value *= 0.7
    if query.kind == "definition" and best.kind < _DEFINED:
        value *= 0.7
    if query.kind in ("number", "date") and (draft.short is None or best.kind < 0.3):
        value *= 0.5
    if not query.heavy and not query.blind:
        value *= 0.3  # no word of it names anything
    if query.wanted in NARROWING and not any(query.wanted in q.evidence.fold.text for q in draft.quotes):
        value *= 0.4  # it asks for customers, and no quote says that anybody is one
    if asks_a_name(query) and not _NAMES.search(best.fold.text):
        value *= 0.4
    if asks_which(query) and not draft.items:
        value *= 0.5  # it asks which three, and no list says
    if _unjudged(query, [q.evidence for q in draft.quotes]):
        value *= 0.4  # it asks for the cheapest, and no quote says that anything is
    return max(0.0, min(1.0, value))


def asks_a_name(query: Query) -> bool:
    """Whether a question asks what something is called."""
    return bool(_CALLED.search(query.folded))


def asks_which(query: Query) -> bool:
    """Whether a question asks for so many things by name (哪三个)."""
    return bool(_COUNTED.search(query.folded))


def _without(query: Query, left: Sequence[Term]) -> float:
    """What is left of the confidence when no quote speaks of some heavy terms: little without a name that was asked
    about; without another word, less the larger its part in the question (a long question puts much in other words)."""
    if any(term.name for term in left):
        return 0.35
    total = sum(term.weight for term in query.terms)
    heaviest = max((term.weight for term in left), default=0.0)
    return 1 - 0.6 * heaviest if heaviest > _PART * total else 1.0


def _value(query: Query, best: Evidence, implied: float) -> float:
    """``implied`` is the weight of the words that evidence need not say."""
    if query.blind:
        return best.coverage
    total = sum(term.weight for term in query.terms)
    covered = min(1.0, best.coverage * total / (total - implied)) if implied < total else best.coverage
    return 0.7 * covered + 0.2 * best.cosine + 0.1 * best.kind


def _unjudged(query: Query, evidence: Sequence[Evidence]) -> str:
    """The superlative or judgement that is asked for and that no clause makes, folded; "" where there is none."""
    asked = judgement(query.folded) if query.kind != "date" else ""
    return asked if asked and not judged(asked, (_with_before(e) for e in evidence)) else ""


def _with_before(e: Evidence) -> str:
    """A clause with its headings and the clause before it, folded."""
    before = folded(e.hit.passage.words(*e.before)) if e.before else ""
    return f"{e.section} {before} {e.fold.text}"


def _passage(e: Evidence) -> str:
    """A passage with what stands above it, folded: what a reader sees under a refusal."""
    return folded(" ".join((e.hit.document.title, *e.hit.passage.section, e.hit.passage.text)))


def missing_terms(query: Query, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What the material does not speak of, as the question writes it: terms that no clause found speaks of, else those
    the best clause leaves out."""
    asked = _unjudged(query, evidence[:1])
    unspoken = [term.text for term in query.heavy if all(term in e.missing for e in evidence)]
    if unspoken or not evidence:
        named = unspoken or [term.text for term in query.terms if term.weight >= 0.15]
    else:
        near = [_passage(e) for e in evidence[:_NEAREST]]
        named = [
            term.text
            for term in evidence[0].missing
            if term.weight > 0.15 and all(coverage(term.text, text, term.others) < _SAID for text in near)
        ]
    if asked:
        named = [asked, *(term for term in named if term not in asked and asked not in term)]
    if not named and query.kind == "open" and (phrase := _asked_about(query)):
        return (phrase,)  # each word is spoken of somewhere, and not of one another
    if not named:
        return (_SHAPES.get(query.kind, _SHAPES["open"])[script_of(query.text)],)
    return tuple(as_written(query.text, term) for term in named)


def _asked_about(query: Query) -> str:
    """The words from the first to the last thing that a question names, as it writes them; "" for one or for many."""
    within = fold(query.text)
    spans = sorted(span for term in query.heavy if (span := _place(within.text, term.text)) is not None)
    if len(spans) < 2:
        return ""
    start, end = within.span(spans[0][0], max(end for _, end in spans))
    return query.text[start:end] if end - start <= _PHRASE else ""


def _place(text: str, term: str) -> tuple[int, int] | None:
    at = text.find(term)
    return (at, at + len(term)) if at >= 0 else None


def as_written(question: str, term: str) -> str:
    """A folded term of a question as the question has it; the term itself where it stands nowhere in it.

    >>> as_written("ＮＸ700由誰生產", "nx700")
    'ＮＸ700'
    """
    within = fold(question)
    at = within.text.find(term)
    return question[slice(*within.span(at, at + len(term)))] if at >= 0 else term


def refusal(query: Query, missing: Sequence[str], asked: str = "") -> str:
    """The one sentence of a refusal, in the script of the question, or of the words ``asked`` that it came from."""
    script = script_of(asked or query.text)
    end = "." if script == "en" else "。"
    return REFUSAL[script] + (NEAREST[script].format(missing=listed(missing, script)) if missing else end)


def unanswered(queries: Sequence[Query], missing: Sequence[str], asked: str = "") -> str:
    """What is added to an answer that leaves parts of the question open: which, and what is missing for them."""
    script = script_of(asked or queries[0].text)
    parts = "”、“" if script == "zh-Hans" else "」、「" if script == "zh-Hant" else "”, “"
    named = UNSPOKEN[script].format(missing=listed(missing, script)) if missing else ""
    return OPEN[script].format(part=parts.join(query.text.rstrip("?？。 ,，;；") for query in queries), missing=named)
