"""A row with no more than a question and its answer, as teams keep them, made a :class:`~evals.question.Question`.

Columns, in any order, in English or Chinese; others are left alone:

    question   问题       what is asked
    answer     标准答案   wordings that count, separated by ``|``; several facts on several lines; empty: to be refused
    items      清单       the complete list, separated by ``、`` or ``；``; ``|`` between names of one entry
    answerable 可回答     no: to be refused, whatever ``answer`` holds
    id, kind, segment     编号、类型、环节: the facets that figures are grouped by
    history    历史       earlier messages, JSON: ``[{"role", "content"}, …]``
    evidence   依据       words of the material that carry the answer

RAGAS's names are read too. There ``answer`` or ``response`` is what some system said, so beside a ``reference`` or
``ground_truth`` it is not the gold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from evals.question import Point, Question, RowError

# Best name first: of several that a row holds, the first is read.
COLUMNS = {
    "question": ("question", "user_input", "query", "问题", "提问"),
    "answer": (
        *("reference", "ground_truth", "ground_truths", "标准答案", "参考答案"),
        *("answer", "answers", "expected_answer", "答案"),
    ),
    "items": ("items", "清单", "名单"),
    "answerable": ("answerable", "可回答", "是否可答", "能否回答"),
    "id": ("id", "编号", "序号"),
    "kind": ("kind", "类型", "题型"),
    "segment": ("segment", "category", "环节", "分类"),
    "history": ("history", "历史", "历史对话"),
    "evidence": ("evidence", "reference_contexts", "依据", "原文"),
}
_YES = frozenset("true yes y 1 是 有 能 可 对".split())
_NO = frozenset("false no n 0 否 无 不能 不可 错".split())
_BETWEEN_ITEMS = re.compile(r"[、；;\n]")


def question(row: Mapping[str, Any], id: str, split: str) -> Question:
    """The question of a row; ``id`` is its name where the row gives none.

    >>> question({"问题": "茶园有多少亩？", "标准答案": "3200亩|三千二百亩"}, "q-1", "own").points[0].any_of
    ('3200亩', '三千二百亩')

    Raises:
        RowError: it lacks a column or a value, or a value is not of its kind.
    """
    found = _columns(row)
    asked = _text(found.get("question"), "question")
    if not asked:
        raise RowError("its question is empty", "问题是空的")
    evidence = tuple(_parts(found.get("evidence"), "evidence", None))
    items = tuple(_parts(found.get("items"), "items", _BETWEEN_ITEMS))
    facts = _facts(found.get("answer")) or [tuple(_wordings(item)) for item in items]
    answerable = _answerable(found.get("answerable"), bool(facts))
    if answerable and not facts:
        raise RowError("it is said to be answerable and has no answer", "标明可回答，却没有答案")
    points = tuple(Point(wordings, evidence) for wordings in facts) if answerable else ()
    kind = "unanswerable" if not answerable else "list" if items else "other"
    return Question(
        _text(found.get("id"), "id") or id,
        asked,
        _text(found.get("kind"), "kind") or kind,
        _text(found.get("segment"), "segment") or "none",
        split,
        points,
        items if answerable and items else None,
        answerable,
        _history(found.get("history")),
    )


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    by_name = {str(name).strip().lower(): value for name, value in row.items()}
    found = {
        column: by_name[name]
        for column, names in COLUMNS.items()
        if (name := next((name for name in names if name in by_name), None))
    }
    if "question" not in found:
        raise _lacks("question", by_name)
    if not found.keys() & {"answer", "items", "answerable"}:
        raise _lacks("answer", by_name)
    return found


def _lacks(column: str, held: Mapping[str, Any]) -> RowError:
    names, there = COLUMNS[column], "、".join(held)
    return RowError(
        f"it has no column for the {column} (one of {', '.join(names)}), only: {', '.join(held)}",
        f"没有{'问题' if column == 'question' else '答案'}一列（可以叫 {'、'.join(names)}），只有：{there}",
    )


def _facts(value: Any) -> list[tuple[str, ...]]:
    """The wordings of each fact. A JSON list holds wordings of one fact, as RAGAS's ``ground_truths`` does."""
    if isinstance(value, list):
        wordings = tuple(wording for entry in value for wording in _wordings(_text(entry, "answer")))
        return [wordings] if wordings else []
    lines = _text(value, "answer").split("\n")
    return [wordings for line in lines if (wordings := tuple(_wordings(line)))]


def _wordings(text: str) -> list[str]:
    return [wording.strip() for wording in re.split(r"[|｜]", text) if wording.strip()]


def _parts(value: Any, column: str, between: re.Pattern[str] | None) -> list[str]:
    """The entries of a list, or of a text cut where ``between`` says; whole without it."""
    text = "" if isinstance(value, list) else _text(value, column)
    entries = [_text(entry, column) for entry in value] if isinstance(value, list) else []
    entries += between.split(text) if between else [text]
    return ["|".join(_wordings(entry)) if between else entry for entry in entries if entry.strip()]


def _answerable(value: Any, has_answer: bool) -> bool:
    text = _text(value, "answerable").lower()
    if text in _NO:
        return False
    if text and text not in _YES:
        raise RowError(
            f"answerable is {text!r}, not true or false", f"“可回答”一栏写的是 {text}，应为 true 或 false（是、否）"
        )
    return has_answer or bool(text)


def _history(value: Any) -> tuple[dict[str, str], ...]:
    if value in (None, "", []):
        return ()
    try:
        messages = json.loads(value) if isinstance(value, str) else value
        return tuple({"role": _role(message["role"]), "content": str(message["content"])} for message in messages)
    except (ValueError, TypeError, KeyError):
        raise RowError(
            'its history is not a list of {"role": "user" or "assistant", "content"}',
            '历史对话应为 [{"role": "user" 或 "assistant", "content": "…"}, …]',
        ) from None


def _role(role: Any) -> str:
    if role not in ("system", "user", "assistant"):
        raise ValueError
    return str(role)


def _text(value: Any, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value).strip()
    raise RowError(f"its {column} is neither text nor a number", f"{column} 一栏不是文字或数字")
