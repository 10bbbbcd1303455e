"""Characters of a question that may be mistyped, and what was meant by them.

A Han character is suspect where the material nowhere puts it next to its neighbour, and it is no part of a word that
the material holds. One that is typed for it (青蓝 → 青岚, by sound; 钱缆 → 线缆, by shape) takes its place if that makes
a word of the material out of all that is unknown there, or if the material has it next to both neighbours.

One name for another is no typing error: nothing is replaced by what neither sounds nor looks like it, a near sound or
shape is not enough in a name of two characters, and a word of two that only sounds like the beginning of a name
(同信软件, 通信) leaves that name alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from rag.retrieve.glue import ENDINGS
from rag.text.alike import Likeness, likeness
from rag.text.boundaries import GENERIC
from rag.text.words import Lexicon

Frequency = Callable[[str], int]  # how many passages hold a search term; "#" stands before a pair of characters

_LONGEST = 8
_OFTEN = 3  # passages with a word of two characters that the dictionary does not know
_COMMON = 100  # times as common in the dictionary: then the rarer word was not meant (建康 for 健康)
_RARE = 300  # a dictionary word below it, which the material does not hold, may be a part of a name
# Between words: the material having them next to something says nothing. 买 and 卖 are no typing errors of one another.
BETWEEN = frozenset("的了着过和与及或在是有不也都就而被把对从到吗呢吧啊呀们得为以于能会这那哪谁几什么怎比买卖")
# Single characters that stand next to a word rather than begin or end a name.
_AROUND = frozenset("做造建产供卖出搞干设开办用学算前后上下中内外多少各每再又还很更最只被让")
_SHORT_ENDINGS = tuple("业厂行社店院")  # an organisation's name in short ends so: 茶业, 纸厂
_STRENGTH: dict[Likeness, int] = {"sound": 2, "near": 1, "shape": 1}


class Vocabulary(Protocol):
    """The words of the material, and its characters by sound and shape."""

    @property
    def words(self) -> Collection[str]:
        """The folded words of the material."""

    def alike(self, char: str) -> frozenset[str]:
        """The characters of the material that may have been meant by ``char``."""


@dataclass(frozen=True, slots=True, order=True)
class _Mend:
    """A character put in another's place: ``rank`` orders the ways to mend one place, higher is better."""

    rank: tuple[int, int, int]
    char: str


class Suspects:
    """A folded question, its asking part blanked, held against the material character by character."""

    def __init__(self, text: str, vocabulary: Vocabulary, lexicon: Lexicon, frequency: Frequency) -> None:
        self.text, self._vocabulary, self._lexicon, self._frequency = text, vocabulary, lexicon, frequency
        self._word: dict[int, tuple[str, int]] = {}
        for word, start, end in lexicon.words(text):
            for at in range(start, end):
                self._word[at] = (word, start)

    def suspect(self, at: int) -> bool:
        """Whether the character may be mistyped: the material nowhere has it next to one of its neighbours."""
        char = self._char(at)
        if not char or char in BETWEEN:
            return False
        word, _ = self._word[at]
        if len(word) > 1 and self._held(word):
            return False
        return any(self._unseen(at, other) for other in (at - 1, at + 1))

    def meant(self, at: int) -> str | None:
        """The character that was meant at a place; None where that is not clear."""
        ways = [way for char in self._vocabulary.alike(self.text[at]) if (way := self._way(at, char))]
        ways.sort(reverse=True)
        if not ways or (len(ways) > 1 and ways[1].rank == ways[0].rank):
            return None
        return ways[0].char

    def swapped(self, at: int) -> str | None:
        """The two characters from a place in their right order, where the material has them so in a longer word."""
        one, other = self.text[at], self.text[at + 1]
        if one == other or not self._unseen(at, at + 1) or self._protected(at) or self._protected(at + 1):
            return None
        text = self.text[:at] + other + one + self.text[at + 2 :]
        word = max((w for _, w in self._words_at(text, at, at + 2)), key=len, default="")
        return other + one if len(word) > 2 or self._lexicon.knows(word) else None

    def twice(self, at: int) -> bool:
        """Whether a character was typed twice: the material has it next to what goes before or after, never doubled."""
        if not self._unseen(at, at + 1) or self._protected(at):
            return False
        once = self.text[:at] + self.text[at + 1 :]
        pairs = (self._pair(once, at - 1), self._pair(once, at))
        words = (once[b:e] for b in range(max(0, at - 6), at + 1) for e in range(max(at + 1, b + 3), b + 8))
        return any(self._frequency(pair) >= _OFTEN for pair in pairs if pair) or any(
            w in self._vocabulary.words for w in words
        )

    def _way(self, at: int, char: str) -> _Mend | None:
        """How well the material bears out that ``char`` was meant; None where it does not."""
        text = self.text[:at] + char + self.text[at + 1 :]
        both = self._joins(at, text)
        if self._protected(at) and not both and not self._commoner(at, text):
            return None
        start, end = self._run(at)
        best = _Mend((0, 0, 0), "")
        for begin, word in self._words_at(text, at, at + 1):
            like = likeness(self.text[at], word, at - begin)
            whole = begin <= start and begin + len(word) >= end
            if like is None or not (whole or (len(word) > 2 and self._lexicon.how_common(word))):
                continue
            if like == "sound":
                usual = self._lexicon.knows(word) or self._frequency(word) >= _OFTEN
                clear = len(word) > 2 or (usual and not self._glue(at) and not self._ends_name(end))
            else:
                beside = len(word) == 2 and both and self._lexicon.knows(word) and not self._ends_name(end)
                clear = (len(word) > 2 and not self._short_name(word, at - begin)) or beside
            if clear:
                best = max(best, _Mend((len(word), _STRENGTH[like], int(both)), char))
        if self._common_pair(at, text) and not self._glue(at) and not self._ends_name(end):
            best = max(best, _Mend((2, _STRENGTH["sound"], int(both)), char))
        if both and likeness(self.text[at], char) == "sound":
            best = max(best, _Mend((2, _STRENGTH["sound"], 1), char))
        return best if best.char else None

    def _common_pair(self, at: int, text: str) -> bool:
        """Whether the new character makes a pair that is no word here or there and yet common in the material (钢缆)."""
        start, end = self._run(at)
        for begin in (at - 1, at):
            pair = self._pair(text, begin)
            whole = (
                begin <= start
                and begin + 2 >= end
                and not self._cuts(begin, pair[1:])
                and not self._cuts(begin + 2, pair[1:])
            )
            if pair and whole and self._frequency(pair) >= _OFTEN:
                return likeness(self.text[at], pair[1:], at - begin) == "sound"
        return False

    def _joins(self, at: int, text: str) -> bool:
        """Whether the material has the new character next to both neighbours, where chance would not: the next one
        begins a word (兆隆 + 互联), or the rest of the name stands beside a protected word."""
        left, right = self._pair(text, at - 1), self._pair(text, at)
        if not (left and right and self._frequency(left) and self._frequency(right)):
            return False
        if self._protected(at):
            return self._anchored(at)
        after, start = self._word.get(at + 1, ("", 0))
        return self._run(at)[1] == at + 1 == start and len(after) > 1

    def _run(self, at: int) -> tuple[int, int]:
        """The span of what the material does not hold around a place, less what is no noun at its ends: the whole of
        what is mistyped, or a name that the material does not know."""
        start, end = at, at + 1
        while (start - 1) in self._word and self._open(start - 1):
            start -= 1
        while end in self._word and self._open(end):
            end += 1
        while start < at and self._no_noun(start):
            start += 1
        while end > at + 1 and self._no_noun(end - 1):
            end -= 1
        return start, end

    def _no_noun(self, at: int) -> bool:
        word, _ = self._word[at]
        return (len(word) == 1 or not self._held(word)) and (self.text[at] in _AROUND or self.text[at].isnumeric())

    def _open(self, at: int) -> bool:
        word, _ = self._word[at]
        if not self._char(at) or BETWEEN & set(word):
            return False
        rare = self._lexicon.is_name(word) or self._lexicon.how_common(word) < _RARE
        return len(word) == 1 or (rare and not self._held(word))

    def _ends_name(self, end: int) -> bool:
        """Whether what ends here is the first part of a name: an organisation's, or one that goes on in Latin."""
        after = self.text[end : end + 1]
        if self.text[end + 1 : end + 2] in _SHORT_ENDINGS:
            return True
        return self.text.startswith(ENDINGS, end) or (after.isascii() and after.isalnum())

    def _short_name(self, word: str, at: int) -> bool:
        """Whether the new character stands in a name of two characters, maybe with general words around it (华兴科技):
        then one that is only near to it makes another name."""
        general = self._lexicon.how_common
        begin = max(i for i in range(at + 1) if not i or (i > 1 and general(word[:i])))
        end = min(
            i for i in range(at + 1, len(word) + 1) if i == len(word) or (i < len(word) - 1 and general(word[i:]))
        )
        core = word[begin:end]
        return len(core) < 3 and (not general(core) or self._lexicon.word_class(core) == "N")

    def _words_at(self, text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Where the words of the material begin that stand in a text over ``[start, end)``, and the words; none that
        cuts another word of the question in two."""
        for begin in range(max(0, end - _LONGEST), start + 1):
            for stop in range(max(end, begin + 2), min(len(text), begin + _LONGEST) + 1):
                word = text[begin:stop]
                if word in self._vocabulary.words and not self._cuts(begin, word) and not self._cuts(stop, word):
                    yield begin, word

    def _cuts(self, at: int, word: str) -> bool:
        """Whether a word of the question goes on over a place where ``word`` begins or ends: one that the dictionary
        knows; for a short ``word``, one that is common or in the material."""
        other, start = self._word.get(at, ("", at))
        if start >= at or not self._lexicon.knows(other):
            return False
        return len(word) > 2 or self._held(other) or self._lexicon.how_common(other) >= _RARE

    def _protected(self, at: int) -> bool:
        """Whether the place is in a word of the dictionary: then it was meant as it stands, however rare."""
        word, _ = self._word[at]
        return len(word) > 1 and self._lexicon.knows(word)

    def _commoner(self, at: int, text: str) -> bool:
        """Whether the new word in the place of a protected one is held, sounds the same and is far more common."""
        word, start = self._word[at]
        new = text[start : start + len(word)]
        often = self._lexicon.how_common(new)
        return (
            likeness(self.text[at], new, at - start) == "sound"
            and new in self._vocabulary.words
            and often >= _COMMON * self._lexicon.how_common(word)
        )

    def _anchored(self, at: int) -> bool:
        """Whether next to the word at a place stands a pair of characters that is no word and yet in the material: the
        rest of a name."""
        word, start = self._word[at]
        sides = (self.text[max(0, start - 2) : start], self.text[start + len(word) :][:2])
        return any(
            len(side) == 2 and han(side) and self._frequency(f"#{side}") and not self._lexicon.knows(side)
            for side in sides
        )

    def _held(self, word: str) -> bool:
        return word in self._vocabulary.words or bool(self._frequency(word))

    def _glue(self, at: int) -> bool:
        return self._word[at][0] in GENERIC or self.text[at] in "家个种类些里上下"

    def _char(self, at: int) -> str:
        """The Han character at a place, "" where there is none."""
        char = self.text[at : at + 1] if at >= 0 else ""
        return char if char and han(char) else ""

    def _pair(self, text: str, at: int) -> str:
        """The search term of the two characters from a place; "" where a word ends between them."""
        pair = text[at : at + 2] if at >= 0 else ""
        return f"#{pair}" if len(pair) == 2 and han(pair) and not BETWEEN & set(pair) else ""

    def _unseen(self, at: int, other: int) -> bool:
        pair = self._pair(self.text, min(at, other))
        return bool(pair) and not self._frequency(pair)


def han(word: str) -> bool:
    """Whether a word is of Han characters alone."""
    return all("\u3400" <= char <= "\u9fff" for char in word)
