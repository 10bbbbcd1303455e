"""Which characters are Chinese writing, and how broken lines of it are joined."""

from __future__ import annotations

import re
import unicodedata

# Ideographs, kana and iteration marks: characters of a script that puts no spaces between words.
IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Full-width punctuation, which brings its own white space with it.
FULL_WIDTH = "\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"

_CJK = re.compile(f"[{IDEOGRAPHS}{FULL_WIDTH}]")
_HYPHENATED = re.compile(r"[A-Za-z]-$")


def is_cjk(character: str) -> bool:
    """True for one character of Chinese (or Japanese) writing, its full-width punctuation included."""
    return bool(_CJK.match(character))


def columns(text: str) -> int:
    """Width of a line in terminal columns: wide characters count two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def join(left: str, right: str) -> str:
    """Two halves of a broken line as one: a hyphenated word is mended, and a space stands between them
    only where neither side is Chinese."""
    if not left or not right:
        return left + right
    if _HYPHENATED.search(left) and right[0].islower() and right[0].isascii():
        return left[:-1] + right
    if is_cjk(left[-1]) or is_cjk(right[0]) or left[-1].isspace() or right[0].isspace():
        return left + right
    return f"{left} {right}"
