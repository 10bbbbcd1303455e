"""Chinese words: jieba with terms learned from the material, and the search terms made of them.

The tokenizer is private to a lexicon (jieba's module-level one is shared by every program in the process), and
its dictionary is read from the package's own text file, never from a cache in a shared temporary folder.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from math import inf, log
from typing import TypeVar

with warnings.catch_warnings():  # jieba 0.42 has old escapes and imports pkg_resources where there is one
    warnings.simplefilter("ignore")
    import jieba

WORDS_VERSION = f"jieba-{version('jieba')}-nohmm-bigrams-1"

_Found = TypeVar("_Found")
_HAN_RANGE = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN = re.compile(f"[{_HAN_RANGE}]+")
_CUTS = re.compile("[\u4e00-\u9fd5]+")  # what jieba takes for words; it leaves other characters single
_OTHER = f"[^\\W_{_HAN_RANGE}]+"  # letters and digits of any other script: μm, café, 5g
_TERM = re.compile(rf"{_OTHER}(?:[.+\-/&']{_OTHER})*%?|{_HAN.pattern}")
_REMEMBERED = 32_768  # cuts kept, about 30 MB of clauses at the most
_LEARNED_FREQUENCY = 20_000  # above what the parts of a term could reach together: the term wins over its parts


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, int], int, dict[str, str], dict[str, str]]:
    """jieba's dictionary: frequency of each word and of each prefix (0), their sum, the class of each word that is
    no noun or name (a verb used as a noun counts as one), and the finer class of names and of verbs used as nouns."""
    frequency: dict[str, int] = {}
    classes: dict[str, str] = {}
    finer: dict[str, str] = {}
    total = 0
    for line in files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        frequency[word] = int(count)
        total += int(count)
        if tag[0] in "vapdcurmqfzyeoil" and tag not in ("vn", "an"):
            classes[word] = tag[0]
        elif tag[:2] in ("nr", "ns", "nt", "nz"):
            classes[word] = "N"
            finer[word] = tag[:2]
        elif tag == "vn":
            finer[word] = tag
        for end in range(1, len(word)):
            frequency.setdefault(word[:end], 0)
    return frequency, total, classes, finer


class _Tokenizer(jieba.Tokenizer):  # type: ignore[misc]
    """A ``jieba.Tokenizer`` that starts from the dictionary above instead of a marshalled cache file."""

    initialized: bool

    def initialize(self, dictionary: str | None = None) -> None:
        if not self.initialized:
            frequency, total, _, _ = _dictionary()
            self.FREQ, self.total, self.initialized = dict(frequency), total, True


@dataclass(frozen=True, slots=True)
class Learned:
    """What a lexicon has learned, sorted; frozen with the index that it was learned for."""

    terms: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


class Lexicon:
    """A segmenter and the terms it has learned. All texts given to it are folded (:mod:`rag.text.normalize`).

    Args:
        learned: terms that stay whole, folded; frozen with the index that they were learned for.
        aliases: pairs of names for one thing, folded, likewise.
    """

    def __init__(self, learned: Iterable[str] = (), aliases: Iterable[tuple[str, str]] = ()) -> None:
        self.learned = frozenset(learned)
        self._aliases: dict[str, set[str]] = {}
        for one, other in aliases:
            self._aliases.setdefault(one, set()).add(other)
        self._spaced = [
            (name, min(single, key=lambda other: (other.isascii(), other)))
            for name, others in sorted(self._aliases.items())
            if " " in name and (single := [other for other in others if " " not in other])
        ]
        self._tokenizer = _Tokenizer()
        self._tokenizer.initialize()
        # The same passages are weighed for many questions; cutting them is most of the work.
        self._words = lru_cache(maxsize=_REMEMBERED)(lambda text: tuple(self._cut(text)))
        self._once = lru_cache(maxsize=_REMEMBERED // 2)(lambda work, text: work(text, self))
        for term in sorted(self.learned):
            self._tokenizer.add_word(term, _LEARNED_FREQUENCY)

    def words(self, text: str) -> tuple[tuple[str, int, int], ...]:
        """The words of a folded text with their spans, in order; punctuation and spaces left out.

        Latin terms keep their joints (``5+1``, ``gbit/s``); a run of single Han characters that the dictionary does
        not know is given character by character.
        """
        return self._words(text)

    def once(self, work: Callable[[str, Lexicon], _Found], text: str) -> _Found:
        """``work(text, self)``, worked out once and kept with this lexicon, so that it goes when the lexicon goes."""
        found: _Found = self._once(work, text)
        return found

    def _cut(self, text: str) -> Iterator[tuple[str, int, int]]:
        for run in _TERM.finditer(text):
            start, piece = run.start(), run.group()
            if not _HAN.fullmatch(piece):
                yield piece, start, run.end()
                continue
            for word in self._likeliest(piece) if _CUTS.fullmatch(piece) else self._tokenizer.cut(piece, HMM=False):
                yield word, start, start + len(word)
                start += len(word)

    def _likeliest(self, run: str) -> Iterator[str]:
        """The likeliest words of a run of Han characters: jieba's cut without its model for unknown words, word by word
        the same and at half its cost, for it is most of the work on a passage that is new."""
        known, whole = self._tokenizer.FREQ.get, log(self._tokenizer.total)
        size = len(run)
        best = [0.0] * (size + 1)  # log likelihood of the likeliest words from a place on
        ends = [0] * size  # where the first of them ends
        for start in range(size - 1, -1, -1):
            most, at = -inf, start + 1
            for end in range(start + 1, size + 1):
                count = known(run[start:end])
                if count is None:  # neither a word nor the beginning of one
                    break
                if count and (value := log(count) - whole + best[end]) >= most:
                    most, at = value, end
            best[start], ends[start] = (most if most > -inf else best[start + 1] - whole), at
        start = 0
        while start < size:
            yield run[start : ends[start]]
            start = ends[start]

    def terms(self, text: str) -> list[str]:
        """Search terms of a folded text: words, the known shorter words inside long ones, the parts of joined Latin
        terms, and every pair of neighbouring Han characters (prefixed ``#``), so that an unknown name is still found.

        >>> Lexicon(["高压开关"]).terms("nx高压开关")
        ['nx', '高压开关', '高压', '开关', '#高压', '#压开', '#开关']
        """
        terms: list[str] = []
        for word, _, _ in self._cut(text):
            terms.append(word)
            if _HAN.fullmatch(word):
                terms.extend(self._inner(word))
            elif len(parts := re.split(r"[.+\-/&']", word)) > 1:
                terms.extend(part for part in parts if part)
        for run in _HAN.finditer(text):
            piece = run.group()
            terms.extend("#" + piece[i : i + 2] for i in range(len(piece) - 1))
        return terms

    def _inner(self, word: str) -> Iterator[str]:
        for size in (2, 3):
            if len(word) > size:
                for i in range(len(word) - size + 1):
                    if self._tokenizer.FREQ.get(word[i : i + size]):
                        yield word[i : i + size]

    def frozen(self) -> Learned:
        """What it has learned, as an index keeps it: ``Lexicon(learned.terms, learned.aliases)`` is it again."""
        pairs = sorted((one, other) for one, others in self._aliases.items() for other in others)
        return Learned(tuple(sorted(self.learned)), tuple(pairs))

    def aliases(self, term: str) -> frozenset[str]:
        """Other names that the material gives for a term."""
        return frozenset(self._aliases.get(term, ()))

    def in_one_word(self, text: str) -> str:
        """A folded text with each name of several words (``north star``) replaced by an alias that is one word, where it
        has one: only that can be a term."""
        for name, alias in self._spaced:
            if name in text:
                text = re.sub(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", alias, text)
        return text

    def knows(self, word: str) -> bool:
        """Whether the dictionary or the learned terms hold ``word``."""
        return bool(self._tokenizer.FREQ.get(word))

    def is_coined(self, name: str) -> bool:
        """Whether no general words of two characters and more put a name together (浪潮信息 is put together, 高澜 is not):
        what the dictionary cannot spell was made up for one thing."""
        frequency = _dictionary()[0]
        reached = {0}
        for end in range(2, len(name) + 1):
            if any(start in reached and frequency.get(name[start:end]) for start in range(end - 1)):
                reached.add(end)
        return len(name) not in reached

    def how_common(self, word: str) -> int:
        """How often the dictionary's own texts hold a word; 0 for one that it does not know."""
        return _dictionary()[0].get(word, 0)

    def is_name(self, word: str) -> bool:
        """Whether a word names one particular thing: a learned term, a Latin one, a name of the dictionary, or a longer
        word that the dictionary does not know."""
        if word in self.learned or self.word_class(word) == "N":
            return True
        return len(word) > 1 and not word.isdigit() and (word[0].isascii() or not self.knows(word))

    def word_class(self, word: str) -> str:
        """jieba's class letter (``v`` verb, ``a`` adjective, ``p`` preposition, ``d`` adverb, ``c`` conjunction, ``u``
        particle, ``r`` pronoun, ``m`` numeral, …; ``N`` a name), or "" for nouns, learned terms and unknown words."""
        return "" if word in self.learned else dictionary_class(word)

    def name_class(self, word: str) -> str:
        """What a name of jieba's dictionary names: ``nr`` a person, ``ns`` a place, ``nt`` an organisation, ``nz`` something
        else; "" for other words."""
        found = _dictionary()[3].get(word, "")
        return "" if found == "vn" else found


def dictionary_class(word: str) -> str:
    """The class letter that jieba's dictionary gives a word (:meth:`Lexicon.word_class`), or ""."""
    return _dictionary()[2].get(word, "")


def is_verbal(word: str) -> bool:
    """Whether the dictionary has a word as a verb, or as a verb used as a noun (合作)."""
    return dictionary_class(word) == "v" or _dictionary()[3].get(word) == "vn"


def is_known(word: str) -> bool:
    """Whether jieba's dictionary holds a word."""
    return bool(_dictionary()[0].get(word))
