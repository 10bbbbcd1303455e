"""Refusals: whether the evidence is enough, and the words said when it is not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft
from rag.answer.evidence import Evidence
from rag.answer.extract import subject
from rag.retrieve.glue import NARROWING
from rag.retrieve.query import Query, Term
from rag.text.match import coverage

REFUSAL_ZH = "资料里没有找到能回答这个问题的内容"
REFUSAL_EN = "The material does not answer this question"
_DEFINED = 0.5
# What is missing where the material speaks of every word and yet does not say what is asked, in Chinese and in English.
_SHAPES = {
    "list": ("所问的名单", "the list asked for"),
    "number": ("所问的数字", "the number asked for"),
    "date": ("所问的时间", "the date asked for"),
    "definition": ("所问的定义", "the definition asked for"),
    "reason": ("所问的原因", "the reason asked for"),
    "compare": ("两者的比较", "the comparison asked for"),
    "open": ("所问的内容", "what is asked for"),
}
_PART = 0.2  # of the weight of a question: a missing word below it is taken for said in other words
_CALLED = re.compile(r"叫什么|叫啥|什么名字|名字是什么|名称是什么")
_NAMES = re.compile(r"[\"《「]|叫|名为|命名|取名|称为|被称|简称|推出|发布|—|[是为](?!一)[^的,。;]{2,8}[。;]?$")
_COUNTED = re.compile(r"哪[一二三四五六七八九十两\d]+[大]?[个家种类项款]")


def confidence(query: Query, evidence: Sequence[Evidence], draft: Draft | None) -> float:
    """How likely it is that the draft answers, in [0, 1].

    From its best clause: the share of the question's terms spoken of, less for each heavy term left out, and whether
    the shape asked for is there.
    """
    if draft is None or not draft.quotes:
        return 0.0
    best = max((quote.evidence for quote in draft.quotes), key=lambda e: e.score)
    if query.kind == "profile":
        focus = subject(query)
        return 0.9 if focus and coverage(focus.text, best.fold.text, focus.others) >= 0.8 else 0.2
    pieced = query.kind in ("compare", "reason", "list")
    quotes = draft.quotes if pieced else draft.quotes[:1]
    left = [t for t in query.heavy if t in best.missing and all(t in q.evidence.missing for q in quotes)]
    value = _value(query, best) * _without(query, left)
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
    if _CALLED.search(query.folded) and not _NAMES.search(best.fold.text):
        value *= 0.4
    if _COUNTED.search(query.folded) and not draft.items:
        value *= 0.5  # it asks which three, and no list says
    return max(0.0, min(1.0, value))


def _without(query: Query, left: Sequence[Term]) -> float:
    """What is left of the confidence when no quote speaks of some heavy terms: little without a name that was asked
    about; without another word, less the larger its part in the question (a long question puts much in other words)."""
    if any(term.name for term in left):
        return 0.35
    total = sum(term.weight for term in query.terms)
    heaviest = max((term.weight for term in left), default=0.0)
    return 1 - 0.6 * heaviest if heaviest > _PART * total else 1.0


def _value(query: Query, best: Evidence) -> float:
    if query.blind:
        return best.coverage
    return 0.7 * best.coverage + 0.2 * best.cosine + 0.1 * best.kind


def missing_terms(query: Query, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What the material does not speak of: terms that no clause found speaks of, else those the best clause leaves out."""
    unspoken = [term for term in query.heavy if all(term in e.missing for e in evidence)]
    if unspoken or not evidence:
        return tuple(term.text for term in unspoken or query.terms if term.weight >= 0.15)
    left = tuple(term.text for term in evidence[0].missing if term.weight > 0.15)
    return left or _SHAPES.get(query.kind, _SHAPES["open"])[query.english : query.english + 1]


def refusal(query: Query, missing: Sequence[str]) -> str:
    """The one sentence of a refusal, in the question's language."""
    if query.english:
        return REFUSAL_EN + (f": what comes nearest does not speak of {', '.join(missing)}." if missing else ".")
    return REFUSAL_ZH + (f"：最接近的内容没有说到{'、'.join(f'“{term}”' for term in missing)}。" if missing else "。")


def unanswered(query: Query, missing: Sequence[str]) -> str:
    """What is added to an answer that leaves a part of the question open."""
    named = "、".join(f"“{term}”" for term in missing)
    if query.english:
        return f" (Not found in the material: {', '.join(missing) or 'the rest of the question'}.)"
    return f"（资料没有回答其余部分{f'：没有说到{named}' if missing else ''}。）"
