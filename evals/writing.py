"""How the answers of a run were made: by the language model, or without it and why; what was mended; what it took.

Counted from what the answers say of themselves, in process and over HTTP alike. What was mended is the check's own doing, and
no measure of how faithful the answers are: that takes a reader (:mod:`evals.judging`).
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.score import Scored
from evals.unanswered import is_unanswered
from rag import Answer

_NAMES = {"written": "模型所写", "fallback": "改用原文", "unanswered": "没有作答", "without": "未问模型"}
_KINDS = {"moved": "改引", "replaced": "换成原文", "dropped": "删去", "added": "补入"}


def writing(scored: Sequence[Scored]) -> dict[str, Any] | None:
    """For JSON; None where no answer says anything of a language model.

    ``written``, ``fallback`` (made without the model that was asked, by reason), ``unanswered`` (by reason, where
    nothing else was to answer) and ``without`` (the model was not asked) part the questions; each has its count, ``shares``
    holds their shares. ``repairs`` counts by kind, over ``written``; ``repaired`` is the share of these with one at
    least. Tokens are summed over all answers, and their median is over those that took some.
    """
    answers = [s.answer for s in scored]
    if not any(answer.mode == "llm" or answer.fallback or answer.usage for answer in answers):
        return None
    written = [answer for answer in answers if answer.mode == "llm" and not is_unanswered(answer)]
    fallback = _reasons(answer for answer in answers if answer.mode != "llm")
    missing = _reasons(answer for answer in answers if is_unanswered(answer))
    counts = {"written": len(written), "fallback": sum(fallback.values()), "unanswered": sum(missing.values())}
    counts["without"] = len(answers) - sum(counts.values())
    repaired = sum(bool(answer.repairs) for answer in written)
    return {
        "questions": len(answers),
        **counts,
        "shares": {name: round(count / len(answers), 4) for name, count in counts.items()},
        "fallback_by_reason": fallback,
        "unanswered_by_reason": missing,
        "statements": sum(len(answer.statements) for answer in written),
        "repairs": dict(Counter(repair.kind for answer in written for repair in answer.repairs).most_common()),
        "repaired": round(repaired / len(written), 4) if written else None,
        "tokens": _tokens(answers),
    }


def told(found: Mapping[str, Any]) -> dict[str, str]:
    """The same as lines to read: a subject and its figures."""
    shares, tokens = found["shares"], found["tokens"]
    made = [
        f"{words} {name} {_share(shares[name])}{_counted(found.get(f'{name}_by_reason', {}))}"
        for name, words in _NAMES.items()
        if found[name] or name == "written"
    ]
    lines = {"撰写 writing": " · ".join(made)}
    if found["written"]:
        kinds = [f"{_KINDS.get(kind, '')} {kind} {count}".strip() for kind, count in found["repairs"].items()] or [
            "无 none"
        ]
        said = f"说出的陈述 statements said {found['statements']}"
        lines["修补 repairs"] = " · ".join([*kinds, said, f"修补过的答案 answers mended {_share(found['repaired'])}"])
    if tokens:
        lines["词元 tokens"] = (
            f"读入 in {tokens['input']} · 写出 out {tokens['output']} · 每个答案的中位数 median an answer "
            f"{tokens['input_median']:g} + {tokens['output_median']:g} · {'、'.join(tokens['models'])}"
        )
    return lines


def _reasons(answers: Iterable[Answer]) -> dict[str, int]:
    return dict(Counter(answer.fallback for answer in answers if answer.fallback).most_common())


def _tokens(answers: Sequence[Answer]) -> dict[str, Any] | None:
    took = [answer.usage for answer in answers if answer.usage]
    if not took:
        return None
    return {
        "models": sorted({usage.model for usage in took}),
        "answers": len(took),
        "input": sum(usage.input_tokens for usage in took),
        "output": sum(usage.output_tokens for usage in took),
        "input_median": statistics.median(usage.input_tokens for usage in took),
        "output_median": statistics.median(usage.output_tokens for usage in took),
    }


def _share(value: float) -> str:
    return f"{value * 100:.1f}%"


def _counted(reasons: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{reason} {count}' for reason, count in reasons.items())})" if reasons else ""
