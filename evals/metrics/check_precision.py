"""Precision of the check: |kept as written and supported| / |kept as written and judged|, by a reader's judgements."""

from __future__ import annotations

from collections.abc import Iterable


def score(decided: Iterable[tuple[bool, bool | None]]) -> float | None:
    """Of pairs (kept, supported): the share of the kept that the reader supports; None where none is judged.

    >>> score([(True, True), (True, False), (False, False), (True, None)])
    0.5
    """
    judged = [supported for kept, supported in decided if kept and supported is not None]
    return sum(judged) / len(judged) if judged else None
