"""Kept share: |statements that the check let leave as written| / |statements that the language model wrote|.

What the check decided, not what is true: it says how much of the model's writing reaches the reader, and no more. Whether
what leaves is supported, :mod:`evals.metrics.faithfulness` says, from a reader's judgements.
"""

from __future__ import annotations

from collections.abc import Iterable

OUTCOMES = ("kept", "moved", "replaced", "dropped")


def score(outcomes: Iterable[str]) -> float | None:
    """Share of ``kept``; None where nothing was written.

    >>> score(["kept", "kept", "moved", "dropped"])
    0.5
    """
    known = list(outcomes)
    return known.count("kept") / len(known) if known else None
