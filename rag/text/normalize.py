"""Folding a text for search, with a map back to where each character stood.

Widths and compatibility forms (NFKC), case, and Traditional → Simplified, each character by itself, so that a
place in the folded text is a place in the stored text. What is stored and quoted is never changed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

NORMALIZER_VERSION = "fold-2"

# Forms that NFKC leaves apart and that writers use for one another.
_VARIANTS = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "—": "-",
    "–": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
    "～": "~",
    "〜": "~",
    "・": "·",
    "•": "·",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. ``offsets[i]`` is where folded character ``i`` came from in the original, in code points."""

    text: str
    offsets: Sequence[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's half-open span that covers folded characters ``[start, end)``."""
        if start >= end:
            place = self.offsets[start] if start < len(self.offsets) else self.length
            return place, place
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Traditional → Simplified, one character each, from OpenCC's table (the first reading where it lists several)."""
    table: dict[str, str] = {}
    source = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        traditional, _, simplified = line.partition("\t")
        if len(traditional) == 1 and simplified:
            table[traditional] = simplified.split(" ")[0]
    return {traditional: table.get(simplified, simplified) for traditional, simplified in table.items()}  # 薴 → 苧 → 苎


class _Table(dict[str, str]):
    """Folds of single characters, worked out as they are met."""

    def __missing__(self, char: str) -> str:
        folded = unicodedata.normalize("NFKC", _VARIANTS.get(char, char)).lower()
        folded = "".join(_VARIANTS.get(c, c) for c in folded)  # a vertical dash is a dash to NFKC, and no hyphen yet
        # Control and format characters (zero-width spaces, direction marks) carry no meaning for search.
        folded = "".join(
            " " if c in "\n\r\t" else c
            for c in folded
            if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
        )
        simplified = _simplified()
        folded = "".join(simplified.get(c, c) for c in folded)
        self[char] = folded
        return folded


_table = _Table()


@lru_cache(maxsize=16_384)  # the same passages are weighed for many questions
def fold(text: str) -> Folded:
    """Fold ``text`` for search.

    >>> fold("ＮＸ揉捻機").text
    'nx揉捻机'
    """
    pieces = [_table[char] for char in text]
    folded = "".join(pieces)
    if len(folded) == len(text) and all(len(piece) == 1 for piece in pieces):
        return Folded(folded, range(len(text)), len(text))
    offsets = [place for place, piece in enumerate(pieces) for _ in piece]
    return Folded(folded, offsets, len(text))


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """The folded text alone."""
    return "".join(_table[char] for char in text)


def simplified(text: str) -> str:
    """``text`` in Simplified characters, all else as it is and every place the same: what an encoder reads, so that
    question and passage meet whichever script each is in.

    >>> simplified("ＮＸ揉捻機")
    'ＮＸ揉捻机'
    """
    return text.translate(_codes())


@lru_cache(maxsize=1)
def _codes() -> dict[int, str]:
    return str.maketrans(_simplified())
