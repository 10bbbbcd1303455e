"""Recall of the check: |kept as written and supported| / |supported|, by a reader's judgements.

What is lacking are statements that were moved, replaced or dropped though their own sentences supported them.
"""

from __future__ import annotations

from collections.abc import Iterable


def score(decided: Iterable[tuple[bool, bool | None]]) -> float | None:
    """Of pairs (kept, supported): the share of what the reader supports that was kept; None where none is supported.

    >>> score([(True, True), (False, True), (False, False), (False, None)])
    0.5
    """
    supported = [kept for kept, supported in decided if supported]
    return sum(supported) / len(supported) if supported else None
