"""Words of a question that are in no passage but sound like one that is (才料 → 材料), or differ from it by a character.

Most typing errors in Chinese are homophones of an input method; pinyin comes from pypinyin, tones left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pypinyin import lazy_pinyin

from rag.text.normalize import folded
from rag.text.words import Lexicon

_MAX_WORDS = 200_000  # a larger vocabulary is not indexed by sound: it would cost seconds
_ONE_OFF_FROM = 4  # words of this length may also differ by one character that sounds otherwise


class Speller:
    """Looks up words by sound.

    Args:
        words: the folded words that the material holds.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if 2 <= len(word) <= 12 and _han(word))
        self._by_sound: dict[tuple[str, ...], list[str]] | None = None

    def nearest(self, word: str) -> str | None:
        """The word of the material that a word it does not hold was meant to be, or None.

        >>> Speller(["材料", "液冷板"]).nearest("夜冷板")
        '液冷板'
        """
        if len(word) < 2 or not _han(word) or word in self._words or len(self._words) > _MAX_WORDS:
            return None
        by_sound = self._by_sound
        if by_sound is None:
            by_sound = {}
            for known in sorted(self._words):
                by_sound.setdefault(_sound(known), []).append(known)
            self._by_sound = by_sound  # last, so that another thread sees all of it or none
        alike = by_sound.get(_sound(word), [])
        alike = [known for known in alike if sum(a != b for a, b in zip(known, word, strict=True)) == 1]
        if alike:
            return max(alike, key=lambda known: sum(a == b for a, b in zip(known, word, strict=True)))
        if len(word) < _ONE_OFF_FROM:
            return None
        one_off = [
            k for k in self._words if len(k) == len(word) and sum(a != b for a, b in zip(k, word, strict=True)) == 1
        ]
        return min(one_off) if len(one_off) == 1 else None


def corrected(question: str, unknown: Iterable[str], speller: Speller, lexicon: Lexicon) -> str:
    """A question with each ``unknown`` word replaced by what it was meant to be, where that is clear; the rest stays as
    it was typed. A word that the dictionary knows was meant as it stands, however rare."""
    plain = folded(question)
    if len(plain) != len(question):
        return question
    for word in unknown:
        meant = None if lexicon.knows(word) else speller.nearest(word)
        at = plain.find(word)
        if meant is not None and at >= 0:
            question = question[:at] + meant + question[at + len(word) :]
            plain = plain[:at] + meant + plain[at + len(word) :]
    return question


def _han(word: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" for char in word)


@lru_cache(maxsize=300_000)
def _sound(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))
