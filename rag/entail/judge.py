"""Whether sentences of the material carry a statement: piece by piece, each against every sentence, and then the fewest
sentences that carry them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.entail import wordlists as w
from rag.entail.instructions import is_instruction
from rag.entail.listing import verbal
from rag.entail.match import Fit, Reader, fits, reader
from rag.entail.pieces import MOST, Piece, pieces
from rag.entail.reasons import why
from rag.entail.tokens import tokens
from rag.entail.verdict import Source, Verdict
from rag.text.normalize import folded
from rag.text.words import Lexicon

_ASKS = re.compile(r"[?!]\s*[\"」』)]?\s*$|(?:吗|呢|么)[。.]?$|^(?:什么|谁|哪|为什么|如何|怎么|多少|请问)")
_LONGEST = 4000  # characters of a statement; a longer one is no statement
_EDGES = re.compile(r"^[\s。.,;:!?\"]+|[\s。.,;:\"]+$")


def entailed(statement: str, sources: Sequence[Source], lexicon: Lexicon) -> Verdict:
    """Whether ``sources`` carry ``statement``, which a language model wrote.

    Every content word, figure, unit, name and negation has to stand in the sentences that it rests on, in the same order,
    of the same subject, under the same conditions and attributions. No likeness counts. It never raises, whatever the
    texts, and is meant to say no where it is not sure.

    >>> entailed("甲厂的产量为3200吨。", [Source("甲厂的产量为三千二百吨。")], Lexicon()).supported
    True
    """
    text = folded(statement).strip()
    if len(text) > _LONGEST or _ASKS.search(text):
        return Verdict((), "empty")
    if is_instruction(statement):
        return Verdict((), "instruction")
    bare = _EDGES.sub("", text)
    readers = [None if is_instruction(source.text) else reader(source, lexicon) for source in sources]
    for at, one in enumerate(readers):
        if one is not None and bare and one.bare == bare and (states(text, lexicon) or "|" in bare):
            return Verdict((at,))
    if not (states(text, lexicon) or text.endswith(("。", "."))):
        return Verdict((), "empty")
    said = pieces(text, lexicon)
    if len(said) >= MOST:
        return Verdict((), "order")
    if not said or all(piece.lead or piece.account for piece in said):
        return Verdict((), "empty")
    found = _carried(text, said, readers, lexicon)
    if found is not None:
        return Verdict(found)
    reason, words = why(text, said, [one for one in readers if one is not None], lexicon)
    return Verdict((), reason, words)


def states(text: str, lexicon: Lexicon) -> bool:
    """Whether a folded text states something, and is no bare heading."""
    found = [token for token in tokens(text, lexicon) if token.content]
    english = sum(token.text.isascii() for token in found) * 2 > len(found)
    return len(found) > 1 and (
        english or any(t.kind in ("figure", "date") or (t.kind == "word" and _says(t.text, lexicon)) for t in found)
    )


def _says(word: str, lexicon: Lexicon) -> bool:
    return verbal(word, lexicon) or word in w.CONDITIONS or lexicon.word_class(word) in ("v", "a", "d")


def _carried(
    text: str, said: Sequence[Piece], readers: Sequence[Reader | None], lexicon: Lexicon
) -> tuple[int, ...] | None:
    """The fewest sources that carry all pieces; None where some piece is carried by none."""
    for at, piece in enumerate(said):  # a time or place that nothing said comes under is carried by nothing
        if piece.lead and not any(piece.scopes[0] in other.inherited for other in said[at + 1 :]):
            return None
        if piece.account and not any(o.sentence == piece.sentence and not (o.lead or o.account) for o in said):
            return None
    wanted = {at for at, piece in enumerate(said) if not (piece.lead or piece.account)}
    by_source: dict[int, set[int]] = {}
    for at, one in enumerate(readers):
        if one is None:
            continue
        found = list(_closed(said, list(fits(text, said, one, lexicon))))
        if found:
            by_source[at] = set().union(*(set(fit.said) for fit in found))
    if not wanted or wanted - set().union(set(), *by_source.values()):
        return None
    return _fewest(wanted, by_source)


def _closed(said: Sequence[Piece], found: list[Fit]) -> Iterator[Fit]:
    """The fits whose pieces have beside them what they hang on, in the statement as in the source."""
    kept = found
    while True:
        places: dict[int, set[int]] = {}
        for fit in kept:
            for at in fit.said:
                places.setdefault(at, set()).update(fit.source)
        good = [fit for fit in kept if _hangs_right(said, fit, places)]
        if len(good) == len(kept):
            return iter(good)
        kept = good


def _hangs_right(said: Sequence[Piece], fit: Fit, places: dict[int, set[int]]) -> bool:
    governing = set().union(*(said[at].allowed for at in fit.said)) - set(fit.said)
    there: set[int] = set()
    for at in governing:
        on = places.get(at, set()) & fit.allowed
        if not on:
            return False
        there |= on
    return fit.required <= there


def _fewest(wanted: set[int], by_source: dict[int, set[int]]) -> tuple[int, ...]:
    """Greedy cover, then each source that the others make needless left out."""
    left, chosen = set(wanted), []
    while left:
        best = max(sorted(by_source), key=lambda at: len(by_source[at] & left))
        if not by_source[best] & left:
            break
        chosen.append(best)
        left -= by_source[best]
    for at in list(chosen):
        others = set().union(set(), *(by_source[other] for other in chosen if other != at))
        if wanted <= others:
            chosen.remove(at)
    return tuple(sorted(chosen))
