"""An English question over Chinese material: what its words mean there, by dictionary, as far as the material holds it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rag.retrieve.glue import GLUE, RELATIONS
from rag.text.bilingual import chinese, kinds_of, names_something
from rag.text.inflect import forms
from rag.text.match import synonyms

Frequency = Callable[[str], int]
Spoken = Callable[[str], Collection[str]]

_LONGEST = 3  # words of a phrase
_OFTEN = 3  # passages with a pair of characters, for it to be taken for a word

_ORDINALS = dict(
    zip("first second third fourth fifth sixth seventh eighth ninth tenth".split(), "一二三四五六七八九十", strict=True)
)

_MONTHS = dict(
    zip(
        "january february march april may june july august september october november december".split(),
        range(1, 13),
        strict=True,
    )
)
# Adjectives of countries, which a dictionary of Chinese has under the country.
_OF_COUNTRIES = dict(
    pair.split(":")
    for pair in (
        "american:美国 us:美国 u.s:美国 usa:美国 british:英国 uk:英国 britain:英国 french:法国 german:德国 japanese:日本 korean:韩国 russian:俄罗斯 indian:印度 italian:意大利 spanish:西班牙 "
        "canadian:加拿大 australian:澳大利亚 european:欧洲 eu:欧盟 dutch:荷兰 swiss:瑞士 swedish:瑞典 danish:丹麦 brazilian:巴西 vietnamese:越南 thai:泰国 taiwanese:台湾 singaporean:新加坡"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word of the question stands for in the material.

    ``others`` are as the material writes it, and ``term`` the search term that says how common it is there; ``meant`` is
    the commonest of what it means; ``general`` if a dictionary knows the word as a thing and the material holds none of
    what it means; ``vague`` if only single characters or a guess stand for it.
    """

    others: frozenset[str]
    term: str
    meant: str
    general: bool
    vague: bool = False


def meanings(words: Sequence[str], frequency: Frequency, spoken: Spoken | None = None) -> dict[str, Meaning]:
    """The meaning of each English word of a question, in its order, by the word; a phrase counts before its words.

    Args:
        spoken: the words of the material that a Latin word spells in pinyin (shenzhen: 深圳).
    """
    phrased: dict[int, set[str]] = {}
    for size in range(_LONGEST, 1, -1):
        for at in range(len(words) - size + 1):
            if set(words[at : at + size]) & GLUE:
                continue
            found = _phrase(words[at : at + size], frequency)
            for place in range(at, at + size) if found else ():
                phrased.setdefault(place, set()).update(found)
    return {word: _meaning(word, phrased.get(at, set()), frequency, spoken) for at, word in enumerate(words)}


def _meaning(word: str, phrases: set[str], frequency: Frequency, spoken: Spoken | None) -> Meaning:
    if word in _ORDINALS:
        place = f"第{_ORDINALS[word]}"
        return Meaning(frozenset({place}) | synonyms(place) | phrases, _search_term(place, frequency), "", False)
    if word in GLUE or (word in RELATIONS and not phrases):
        return Meaning(frozenset(), word, "", False)
    translations = chinese(word)
    if word in _OF_COUNTRIES:
        translations = (_OF_COUNTRIES[word], *translations)
    if word in _MONTHS:
        phrases = phrases | {f"{_MONTHS[word]}月"}
    translations = (*translations, *(spoken(word) if spoken else ()))
    alone = _held(translations, frequency) or _held(kinds_of(word), frequency)
    singles = set() if alone else _guessed(translations, frequency)
    held = {form for form in forms(word) if frequency(form)}
    others = phrases | alone | singles | held | {s for other in alone for s in synonyms(other)}
    said = [word, *sorted(held), *sorted(phrases or alone or singles)]
    best = max(said, key=lambda other: frequency(_search_term(other, frequency)))
    known = bool(translations or kinds_of(word)) and names_something(word)
    return Meaning(
        frozenset(others), _search_term(best, frequency), "" if best.isascii() else best, known and not others
    )


def _guessed(translations: Sequence[str], frequency: Frequency) -> set[str]:
    """What may stand for a word that the material has no translation of: the beginning of a longer one (办公 of 办公室),
    else single characters."""
    begun = {word[:2] for word in translations if len(word) > 2 and frequency(word[:2])}
    return begun or {word for word in translations if len(word) == 1 and frequency(word)}


def _held(translations: Sequence[str], frequency: Frequency) -> set[str]:
    """Those of two characters or more that the material holds."""
    return {word for word in translations if len(word) > 1 and frequency(_search_term(word, frequency))}


def _phrase(words: Sequence[str], frequency: Frequency) -> set[str]:
    """What a phrase means in the material: as the dictionary has it, or the beginning of that (电源 of 电源供应器); else
    two words that Chinese makes one of, whole (数据 + 中心) or by their first characters (液体 + 冷却 → 液冷)."""
    translations = chinese(" ".join(words))
    found = _held(translations, frequency)
    if found or len(words) > 2:
        return found
    begun = {word[:2] for word in translations if len(word) > 3 and frequency(word[:2])}
    firsts, seconds = ([w for w in chinese(word) if len(w) > 1] for word in words)
    whole = {a + b for a in firsts for b in seconds if frequency(f"#{a[-1]}{b[0]}") and _held([a + b], frequency)}
    short = {a[0] + b[0] for a in firsts for b in seconds if a[0] != b[0]}
    return begun or whole or {word for word in short if frequency(word) or frequency(f"#{word}") >= _OFTEN}


def _search_term(word: str, frequency: Frequency) -> str:
    """The word, or where the material segments it otherwise its rarest pair of characters."""
    if frequency(word) or len(word) < 2 or word.isascii():
        return word
    return min(("#" + word[i : i + 2] for i in range(len(word) - 1)), key=frequency)
