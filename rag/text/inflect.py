"""Forms of an English word: connectors ↔ connector, cooling ↔ cool, made ↔ make. Wide on purpose: of the forms given
only those count that a dictionary or the material holds."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = """
make made making|build built|lead led|hold held|sell sold|buy bought|find found|found founded|begin began begun|grow grew grown|rise rose risen|fall fell fallen
take took taken|give gave given|win won|lose lost|spend spent|send sent|run ran|write wrote written|speak spoke spoken|know knew known|say said|tell told|see saw seen
go went gone|come came|become became|leave left|meet met|pay paid|keep kept|bring brought|think thought|teach taught|catch caught|fight fought|drive drove driven
fly flew flown|choose chose chosen|break broke broken|draw drew drawn|wear wore worn|bear bore born|sit sat|stand stood|feed fed|read|cut|put|set|cost|man men
woman women|child children|person people|foot feet|tooth teeth|goose geese|mouse mice|life lives|half halves|datum data|analysis analyses|crisis crises
"""


@lru_cache(maxsize=1)
def _irregular() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in re.split(r"[|\n]", _IRREGULAR):
        words = group.split()
        for word in words:
            table.setdefault(word, set()).update(w for w in words if w != word)
    return {word: frozenset(others) for word, others in table.items()}


@lru_cache(maxsize=4096)
def forms(word: str) -> frozenset[str]:
    """Other forms that a lower-case English word may have, with some that no word has.

    >>> "connector" in forms("connectors"), "cool" in forms("cooling"), "made" in forms("make")
    (True, True, True)
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return frozenset()
    bases = {word, *_bases(word)}
    made = {form for base in bases if len(base) > 2 for form in _inflected(base)}
    return frozenset((bases | made | _irregular().get(word, frozenset())) - {word})


def _bases(word: str) -> list[str]:
    found = []
    for ending, replacements in (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ied", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")), ("ly", ("",))):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) > 1 and not word.endswith("ss"):
            stem = word[: -len(ending)]
            found += [stem + replacement for replacement in replacements]
            if stem[-1] == stem[-2] and ending in ("ed", "ing"):
                found.append(stem[:-1])
    return found


def _inflected(base: str) -> list[str]:
    if base.endswith("y") and base[-2] not in "aeiou":
        return [base[:-1] + "ies", base[:-1] + "ied", base + "ing"]
    if base.endswith("e"):
        return [base + "s", base + "d", base[:-1] + "ing"]
    double = base[-1] if base[-1] in "bdgmnprt" and base[-2] in "aeiou" else ""
    plural = "es" if base.endswith(("s", "x", "ch", "sh")) else "s"
    return [base + plural, base + double + "ed", base + double + "ing", base + "ed", base + "ing"]
