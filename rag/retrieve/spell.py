"""Typing errors of a question, mended towards what the material says, where what was meant is clear.

A character is suspect where the material nowhere puts it next to its neighbour, and replaced where the material bears
it out (:mod:`rag.retrieve.suspect` has the rules). Two characters that changed places and one typed twice are put right
likewise, and so are Latin names (:mod:`rag.retrieve.latin`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.retrieve.kinds import without_asking
from rag.retrieve.latin import LatinSpeller
from rag.retrieve.suspect import BETWEEN, Frequency, Suspects, han
from rag.text.alike import near, read_aloud, readings, shaped_like, sounds
from rag.text.normalize import folded
from rag.text.words import Lexicon

_MAX_WORDS = 400_000  # a larger vocabulary has nearly every pair of characters in it
_LONGEST_SOUND = 6  # letters of one character: zhuang
_AT_MOST = 3  # characters mended in one question
# Words that questions are made of, mistyped so often that the wrong form is known.
_ASKING_TYPOS = (
    (re.compile(r"(?<=有什么)有点|(?<=有哪些)有点|(?<=有啥)有点|(?<=有那些)有点"), "优点"),
    (re.compile(r"什莫|神马|什幺"), "什么"),
    (re.compile(r"怎莫"), "怎么"),
    (re.compile(r"(?<=[有是为括含])那(?=些)"), "哪"),
)


class Speller:
    """Knows what the material holds, by sound and by shape.

    Args:
        words: the folded words that the material holds.
    """

    def __init__(self, words: Iterable[str]) -> None:
        every = list(words)
        self.words = frozenset(w for w in every if 2 <= len(w) <= 12 and han(w)) if len(every) <= _MAX_WORDS else frozenset()  # fmt: skip
        self._chars = frozenset(c for w in every if han(w) for c in w) if self.words else frozenset()
        self.latin = LatinSpeller(every)
        self._by_pinyin: dict[str, list[str]] | None = None
        self._by_sound: dict[str, frozenset[str]] | None = None

    def spoken(self, pinyin: str) -> frozenset[str]:
        """The words of the material that a Latin word spells.

        >>> Speller(["深圳", "材料"]).spoken("shenzhen")
        frozenset({'深圳'})
        """
        found: set[str] = set()
        begun = self._begun_with()
        for size in range(1, min(_LONGEST_SOUND, len(pinyin)) + 1):
            for word in begun.get(pinyin[:size], ()):
                # Which of its readings a character has in a word is worked out only where one of them would fit.
                if any(pinyin.startswith(sound, size) for sound in readings(word[1])):
                    sounds_of = read_aloud(word)
                    if len(word) < 5 and "".join(sounds_of) == pinyin:
                        found.add(word)
                    if len(word) > 2 and "".join(sounds_of[:2]) == pinyin:  # the name in a longer one: 青河 of 青河铁路
                        found.add(word[:2])
        return frozenset(found)

    def _begun_with(self) -> dict[str, list[str]]:
        """The words of up to six characters by the sounds that their first may have."""
        table = self._by_pinyin
        if table is None:
            table = {}
            for word in self.words:
                if len(word) < 7:
                    for sound in readings(word[0]):
                        table.setdefault(sound, []).append(word)
            self._by_pinyin = table
        return table

    def warm(self) -> None:
        """Make the tables now that a first mistyped or English question would wait for."""
        self._begun_with()
        self.alike("的")

    def alike(self, char: str) -> frozenset[str]:
        """The characters of the material that may have been meant by ``char``."""
        table = self._by_sound
        if table is None:
            by: dict[str, set[str]] = {}
            for known in self._chars:
                for sound in sounds(known):
                    by.setdefault(near(sound), set()).add(known)
            # Last, so that another thread sees all of it or none.
            self._by_sound = table = {sound: frozenset(chars) for sound, chars in by.items()}
        found = {c for sound in sounds(char) for c in table.get(near(sound), ())} | shaped_like(char)
        return frozenset(found) - {char} - BETWEEN


def corrected(question: str, speller: Speller, lexicon: Lexicon, frequency: Frequency) -> str:
    """A question with its typing errors mended, where what was meant is clear; the rest stays as it was typed.

    Args:
        frequency: how many passages hold a search term (``#`` before a pair of characters).
    """
    if len(folded(question)) != len(question):
        return question
    for pattern, meant in _ASKING_TYPOS:
        question = pattern.sub(meant, question)
    question = speller.latin.mended(question, lambda term: frequency(term) or int(term in lexicon.learned))
    if not speller.words:
        return question
    for _ in range(_AT_MOST):
        mended = _once(question, speller, lexicon, frequency)
        if mended == question:
            break
        question = mended
    return question


def _once(question: str, speller: Speller, lexicon: Lexicon, frequency: Frequency) -> str:
    """The question with the first error in it mended."""
    plain = folded(question)
    asked = without_asking(plain)
    read = Suspects(asked, speller, lexicon, frequency)
    suspects = [at for at in range(len(asked)) if read.suspect(at)]
    for at in suspects:
        if at + 1 in suspects and (mended := read.swapped(at)):
            return question[:at] + mended + question[at + 2 :]
        if asked[at] == asked[at + 1 : at + 2] and read.twice(at):
            return question[:at] + question[at + 1 :]
    for at in suspects:
        if (char := read.meant(at)) is not None:
            return question[:at] + char + question[at + 1 :]
    return question
