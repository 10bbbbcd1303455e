"""Footnote marks in a text, which would pass for the citations of an answer."""

from __future__ import annotations

import re

FOOTNOTE = re.compile(r"[\[［【]\s*\d{1,4}\s*[\]］】]")


def without_marks(text: str) -> str:
    """A text without them.

    >>> without_marks("茶园有五百亩[3]。")
    '茶园有五百亩。'
    """
    return FOOTNOTE.sub("", text)
