"""How wordings are compared: widths, case, thousands separators, spaces and dashes do not count."""

from __future__ import annotations

import re
import unicodedata

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DASHES = re.compile(r"[‐‑–—−～~〜]|至|到(?=\d)")
_SPACE = re.compile(r"\s+")
_QUOTES = re.compile(r"[“”\"‘’'《》「」]")


def normalise(text: str) -> str:
    """A wording in the form that is compared.

    >>> normalise("２，４４０ 亿美元"), normalise("15%～20%")
    ('2440亿美元', '15%-20%')
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = _QUOTES.sub("", _SPACE.sub("", _DASHES.sub("-", text)))
    return _THOUSANDS.sub("", text)
