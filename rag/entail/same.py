"""Whether one token may be said for another: the same figure, the same name or a learned alias, the same word, a general
synonym or another form of an English word. Never a likeness."""

from __future__ import annotations

from functools import lru_cache

from rag.entail import wordlists as w
from rag.entail.tokens import Token, inflections, is_english
from rag.text.match import synonyms
from rag.text.words import Lexicon


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in w.SAME:
        group = line.split()
        for word in group:
            table.setdefault(word, set()).update(other for other in group if other != word)
    return {word: frozenset(others) for word, others in table.items()}


@lru_cache(maxsize=16_384)
def same_word(one: str, other: str) -> bool:
    """Whether two folded words are general synonyms that are safe to exchange.

    >>> same_word("厂商", "企业"), same_word("龙头", "代表"), same_word("pumps", "pump")
    (True, False, True)
    """
    if one == other:
        return True
    if other in _groups().get(one, ()):
        return True
    if is_english(one) and is_english(other):
        return (
            one not in w.NEGATIONS
            and other not in w.NEGATIONS
            and (other in inflections(one) or one in inflections(other))
        )
    if one in w.NARROW:
        return False
    return other in synonyms(one) and one not in w.LOOSE and other not in w.LOOSE


def same(said: Token, source: Token, lexicon: Lexicon) -> bool:
    """Whether a token of a statement is carried by one of a source."""
    if said.key == source.key:
        return True
    if said.kind in ("figure", "date") or source.kind in ("figure", "date"):
        return said.kind == source.kind and _implied(said.key, source.key)
    if "mark" in (said.kind, source.kind) or "joint" in (said.kind, source.kind):
        return False
    one, other = str(said.key), str(source.key)
    return other in lexicon.aliases(one) or same_word(one, other)


def _implied(said: object, source: object) -> bool:
    """Whether a figure follows from one of the same value with a narrower bound: over 30 is at least 30."""
    if not (isinstance(said, tuple) and isinstance(source, tuple)) or said[0] != source[0] or said[0] == "date":
        return False
    if said[:-1] != source[:-1] or said[0] not in ("figure", "range"):
        return False
    return (source[-1], said[-1]) in ((frozenset({">"}), frozenset({">="})), (frozenset({"<"}), frozenset({"<="})))
