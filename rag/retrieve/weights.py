"""How much the evidence must speak of each word of a question.

What names something (nouns, names, numbers, ordinals) counts by how rare it is in the material; what glues a question
together (auxiliaries, adverbs, "tell me") hardly counts, since evidence says the same without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.retrieve.glue import EVENTS, GLUE, RELATIONS
from rag.text.boundaries import GENERIC
from rag.text.words import Lexicon

FAINT = 0.05
_GENERIC = 0.15
_RELATION = 0.08  # who makes, supplies, takes part in: said in a hundred ways
_FLOOR = 0.2
# The share of its weight that a word keeps by its class in the dictionary (nouns and names keep all).
_BY_CLASS = {"v": 0.45, "a": 0.45, "m": 0.2, "q": 0.2, "f": 0.3, "z": 0.2, "i": 0.5, "l": 0.5}
_UNKNOWN_VERB = 0.5  # of that again, where the material never uses the verb: it will have said it otherwise

_ORDINAL = re.compile(
    r"第?[一二三四五六七八九十百\d]+名|第[一二三四五六七八九十百\d]+[届次季期代批轮个章节]?|前[一二三四五六七八九十百\d]+|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
)
_FIGURE = re.compile(r"\d")
_LATIN = re.compile(r"[a-z][a-z'’-]*$")


def weight(
    word: str,
    lexicon: Lexicon,
    idf_share: float,
    known: bool,
    *,
    english: bool,
    verbal: bool,
    proper: Callable[[str], bool],
) -> float:
    """The weight of a word in (0, 1].

    Args:
        idf_share: its inverse document frequency over that of a word no passage holds, in [0, 1].
        known: whether the material holds it. verbal: whether it is put together like a verb. proper: whether a Latin word is written as a name.
    """
    if word in RELATIONS:
        return _RELATION
    if word in GENERIC:
        return _GENERIC
    if _ORDINAL.fullmatch(word):
        return 1.0
    kind = lexicon.word_class(word) or ("v" if verbal else "")
    if word in GLUE or kind in ("p", "c", "d", "u", "r", "y", "e", "o") or (len(word) == 1 and not known):
        return FAINT
    if _LATIN.fullmatch(word) and english and not known and not proper(word):
        return FAINT  # an ordinary English word asks about Chinese material: only meaning can match it
    full = 1.0 if _FIGURE.search(word) else max(_FLOOR, idf_share)
    share = 1.0 if word in EVENTS else _BY_CLASS.get(kind, 1.0)
    if kind in ("v", "a", "i", "l", "z") and not known and word not in EVENTS:
        share *= _UNKNOWN_VERB
    return max(FAINT, full * share)
