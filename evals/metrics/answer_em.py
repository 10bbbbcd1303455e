"""Exact match: 1 where an answer equals one of the golds, punctuation, case and blanks apart, else 0 (CMRC2018)."""

from __future__ import annotations

from collections.abc import Iterable

from evals.metrics.answer_f1 import PUNCTUATION


def score(answer: str, golds: Iterable[str]) -> float:
    """The best over the golds.

    >>> score("《红楼梦》", ["红楼梦"]), score("红楼", ["红楼梦"])
    (1.0, 0.0)
    """
    said = _bare(answer)
    return float(any(said == _bare(gold) for gold in golds))


def _bare(text: str) -> str:
    return "".join(char for char in text.lower().strip() if char not in PUNCTUATION)
