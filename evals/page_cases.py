"""A question as the page shows it: what was asked, answered and expected, and what stands behind the answer."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.metrics.citation_recall import read
from evals.metrics.point_recall import said, stated
from evals.normalise import normalise
from evals.score import Scored
from evals.unanswered import is_unanswered
from evals.words import KINDS, REASONS
from rag import Answer

_TONES = {"refused": "warn", "uncited": "warn"}
_WHO = {"user": "问", "assistant": "答", "system": "示"}
_FIRST = ("fused_rank", "passage", "clause.text")  # columns of a trace
_LONGEST = 300  # characters of a passage or clause in a table


def reasons(s: Scored) -> tuple[str, ...]:
    """What is wrong with an answer, by the names of :data:`evals.words.REASONS`; () where it is as it should be."""
    scores = s.scores
    if is_unanswered(s.answer):
        return ("unanswered",)
    found = {
        "refused": s.question.answerable and s.answer.refused,
        "answered": not s.question.answerable and not s.answer.refused,
        "points": not s.answer.refused and scores.get("fully_right") == 0,
        "names": (scores.get("list_precision") or 1.0) < 1 or scores.get("list_precision") == 0,
        "uncited": (scores.get("citation_recall") or 1.0) < 1 or scores.get("citation_recall") == 0,
        "verbatim": not s.verbatim,
    }
    return tuple(name for name, wrong in found.items() if wrong)


def kind_name(kind: str) -> str:
    """A kind in Chinese and English; one that is not known here keeps its own name."""
    return f"{KINDS[kind]} {kind}" if kind in KINDS else kind


def case(s: Scored, before: Scored | None = None) -> dict[str, Any]:
    """One question for the template; ``before`` is the same one in an earlier run."""
    question, answer = s.question, s.answer
    alone = answer.standalone_question
    text = "" if answer.refused else said(answer)
    quotes = [read(citation) for citation in answer.citations]
    columns, trace = _trace(answer)
    return {
        "id": question.id,
        "kind": question.kind,
        "kind_name": kind_name(question.kind),
        "question": question.question,
        "history": [
            {"who": _WHO.get(turn["role"], turn["role"]), "text": turn["content"]} for turn in question.history
        ],
        "standalone": alone if normalise(alone) != normalise(question.question) else "",
        "reasons": [{"key": r, "name": REASONS[r], "tone": _TONES.get(r, "bad")} for r in reasons(s)],
        "answer": _answer(s),
        "before": _answer(before) if before else None,
        "points": [
            {
                "text": " / ".join(point.any_of),
                "stated": stated(point, text),
                "cited": any(stated(point, quote) for quote in quotes),
            }
            for point in question.points
        ],
        "citations": [
            {
                "id": c.id,
                "where": " › ".join((c.document.title, *c.section)),
                "start": c.start,
                "end": c.end,
                "note": c.document.derived_from or c.document.source,
                "text": c.quote,
            }
            for c in answer.citations
        ],
        "retrieved": [
            {
                "id": None,
                "where": " › ".join((p.title, *p.section)),
                "start": p.start,
                "end": p.end,
                "note": "",
                "score": f"{p.score:.3f}",
                "gold": p.gold,
                "text": _cut(p.text),
            }
            for p in s.ranking.retrieved
        ],
        "trace_columns": columns,
        "trace": trace,
    }


def listed(cases: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Cases with what they can be narrowed by: kinds and reasons, each with its count."""
    cases = list(cases)
    kinds = Counter(case["kind"] for case in cases)
    why = Counter(reason["key"] for case in cases for reason in case["reasons"])
    return {
        "cases": cases,
        "kinds": [{"key": kind, "name": kind_name(kind), "count": count} for kind, count in sorted(kinds.items())],
        "reasons": [{"key": key, "name": REASONS[key], "count": why[key]} for key in REASONS if why[key]],
    }


def _answer(s: Scored) -> dict[str, Any]:
    gold = None
    if s.question.items is not None:
        gold = {normalise(name) for entry in s.question.items for name in entry.split("|")}
    return {
        "text": s.answer.text,
        "refused": s.answer.refused,
        "confidence": f"{s.answer.confidence:.2f}",
        "ms": f"{s.milliseconds:.1f}",
        "made": _made(s.answer),
        "missing": "、".join(s.answer.missing),
        "listed": [
            {"text": item.text, "belongs": None if gold is None else normalise(item.text) in gold}
            for item in s.answer.items
        ],
    }


def _made(answer: Answer) -> str:
    """How a language model had to do with an answer; "" where it had not."""
    if answer.mode == "extractive":
        return f"未用语言模型 without the model: {answer.fallback}" if answer.fallback else ""
    if answer.fallback:
        return f"语言模型没有作答 no answer: {answer.fallback}"
    kinds = Counter(repair.kind for repair in answer.repairs)
    return " · ".join(("llm", *(f"{kind} {count}" for kind, count in kinds.items())))


def _trace(answer: Answer) -> tuple[list[str], list[list[str]]]:
    """The trace as a table: a column for each name that a row of it holds, those of its parts as ``part.name``.

    Where a passage stands is one column, and rank, place and words come first.
    """
    documents = [*(c.document for c in answer.citations), *(near.document for near in answer.related)]
    titles = {document.id: document.title for document in documents}
    flat = [_placed(_flat(row), row, titles) for row in answer.trace or ()]
    names = dict.fromkeys(name for row in flat for name in row)
    columns = [*(name for name in _FIRST if name in names), *(name for name in names if name not in _FIRST)]
    return columns, [[row.get(name, "") for name in columns] for row in flat]


def _placed(flat: dict[str, str], row: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, str]:
    if not {"document", "section", "start", "end"} <= row.keys():
        return flat
    document, start, end = flat.pop("document"), flat.pop("start"), flat.pop("end")
    flat.pop("section")
    where = " › ".join((titles.get(document, document), *map(str, row["section"])))
    return {"passage": f"{where} · {start}–{end}", **flat}


def _flat(row: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": each for inner, each in _flat(value).items()}
        else:
            found[name] = _cut(_plain(value))
    return found


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(map(_plain, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
