"""Latin words of a question that the material does not hold but writes almost so: Nrovik → Norvik, HAVC → HVAC.

Figures are never changed but for the letters that stand for them (NX20O), since they tell one model from another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from rag.text.normalize import folded

_LETTERS = "[a-z0-9\u00df-\u00ff]+"
_WORD = re.compile(rf"[a-z]+[ _]\d[a-z0-9]*|{_LETTERS}(?:[.+\-/&'’]{_LETTERS})*")
_APART = re.compile(r"([a-z]+)[ _](\d[a-z0-9]*)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SWAP_FROM, _DOUBLE_FROM, _LETTER_FROM = 4, 4, 6  # letters that a name must have to be known by all but one or two
_DIGITS = str.maketrans("oil", "011")


class LatinSpeller:
    """Looks up Latin words.

    Args:
        words: the folded words that the material holds; those that are not Latin are passed over.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(w for w in words if len(w) > 1 and w[0].isascii() and w[0].isalnum())
        self._squashed: dict[str, str] | None = None

    def mended(self, question: str, frequency: Callable[[str], int]) -> str:
        """The question with each Latin word that no passage holds as the material writes it, where that is clear."""
        if not self._words:
            return question
        plain = folded(question)
        english = not _HAN.search(plain)  # then a word in small letters is English, whatever name it resembles
        made, done = "", 0
        for found in _WORD.finditer(plain):
            typed = question[found.start() : found.end()]
            meant = None if english and typed.isalpha() and typed.islower() else self._meant(found.group(), frequency)
            if meant is not None:
                made += question[done : found.start()] + _cased(meant, typed)
                done = found.end()
        return made + question[done:]

    def _meant(self, word: str, frequency: Callable[[str], int]) -> str | None:
        if len(word) < 3 or frequency(word):
            return None
        apart = _APART.fullmatch(word)
        if apart is not None and frequency(apart[1]):
            return None  # two words of the material beside one another
        squashed = _squash(word)
        return self._table().get(squashed) or (None if apart else self._one_off(squashed))

    def _one_off(self, squashed: str) -> str | None:
        near = sorted({known for key, known in self._table().items() if _typed_for(squashed, key)})
        return near[0] if len(near) == 1 else None

    def _table(self) -> dict[str, str]:
        table = self._squashed
        if table is None:
            table = {_squash(word): word for word in sorted(self._words, reverse=True)}
            self._squashed = table
        return table


def _cased(word: str, typed: str) -> str:
    """A folded word in the case that was typed."""
    return word.upper() if typed.isupper() else word.capitalize() if typed[0].isupper() else word


def _squash(word: str) -> str:
    """A word without its joints, its accents, and with figures where letters stand for them among figures.

    >>> _squash("NX-20O"), _squash("Stäubig")
    ('nx200', 'staubig')
    """
    bare = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if c.isalnum() and c.isascii())
    return re.sub(r"(?<=\d)[oil]+(?=\d|$)", lambda found: found.group().translate(_DIGITS), bare)


def _typed_for(typed: str, known: str) -> bool:
    """Whether one squashed word is the other with two letters swapped, a letter doubled or single, or — in longer
    words — one letter left out or put in; all but the first letter, and no figure."""
    if re.sub(r"\D", "", typed) != re.sub(r"\D", "", known) or abs(len(typed) - len(known)) > 1:
        return False
    if len(typed) == len(known):
        off = [i for i, (a, b) in enumerate(zip(typed, known, strict=True)) if a != b]
        swap = (
            len(off) == 2 and off[1] == off[0] + 1 and typed[off[0]] == known[off[1]] and typed[off[1]] == known[off[0]]
        )
        return swap and len(known) >= _SWAP_FROM and (typed[off[0]] + typed[off[1]]).isalpha()
    longer, shorter = (typed, known) if len(typed) > len(known) else (known, typed)
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    if longer[:at] + longer[at + 1 :] != shorter or not longer[at].isalpha():
        return False
    doubled = at > 0 and longer[at] == longer[at - 1]
    return len(known) >= (_DOUBLE_FROM if doubled else _LETTER_FROM) and at > 0
