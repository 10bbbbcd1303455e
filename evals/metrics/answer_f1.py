"""Answer F1, as CMRC2018's own evaluation counts it: over the longest run that answer and gold have in common.

    P = |run| / |answer|,  R = |run| / |gold|,  F1 = 2PR / (P + R),  the best over the golds

Counted in segments: each Han character is one, a Latin word or a number is one; punctuation is left out. A *run*
is consecutive segments, so words in another order do not count. (The original cuts Latin words with NLTK, here a
pattern does; they differ in contractions such as "don't".)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

PUNCTUATION = frozenset("-:_*^/\\~`+=，。：？！“”；’《》…·、「」（）－～『』")
_SEGMENT = re.compile(r"[\u4e00-\u9fa5]|[^\W\u4e00-\u9fa5]+(?:[.,'][^\W\u4e00-\u9fa5]+)*|\S")


def score(answer: str, golds: Iterable[str]) -> float:
    """F1 in [0, 1]; 0 for an empty answer.

    >>> score("于1952年", ["1952年"])
    0.8
    """
    said = segments(answer)
    return max((_f1(said, segments(gold)) for gold in golds), default=0.0)


def segments(text: str) -> list[str]:
    """Han characters and words, in lower case, without punctuation."""
    plain = "".join(" " if char in PUNCTUATION else char for char in text.lower())
    return _SEGMENT.findall(plain)


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    common = _longest_run(said, gold)
    return 2 * common / (len(said) + len(gold)) if common else 0.0


def _longest_run(one: Sequence[str], other: Sequence[str]) -> int:
    best = 0
    row = [0] * (len(other) + 1)
    for segment in one:
        # From the right, so that ``row[at]`` is still the previous segment's.
        for at in range(len(other), 0, -1):
            row[at] = row[at - 1] + 1 if segment == other[at - 1] else 0
            best = max(best, row[at])
    return best
