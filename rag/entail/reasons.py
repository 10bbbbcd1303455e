"""Why nothing carries a statement, and which of its words: for the record, after the answer is no."""

from __future__ import annotations

from collections.abc import Sequence

from rag.entail import wordlists as w
from rag.entail.match import Reader
from rag.entail.pieces import Piece
from rag.entail.same import same
from rag.entail.tokens import Token, tokens
from rag.text.words import Lexicon

_SHOWN = 12  # words


def why(text: str, said: Sequence[Piece], readers: Sequence[Reader], lexicon: Lexicon) -> tuple[str, tuple[str, ...]]:
    """The reason, one of :data:`rag.entail.REASONS`, and the words that no source has."""
    there = [token for reader in readers for token in _all(reader, lexicon)]
    keys = {token.key for token in there}
    texts = {token.text for token in there}
    lacking = [
        token
        for token in tokens(text, lexicon)
        if token.content
        and token.key not in keys
        and token.text not in w.FREE | w.JOINTS | w.ETC
        and not any(same(token, other, lexicon) for other in there)
    ]
    words = tuple(dict.fromkeys(token.text for token in lacking))[:_SHOWN]
    plain = [t for t in lacking if t.text not in w.LINK_IS | w.LINK_HAS | w.GENERIC | w.PRONOUNS]
    for token in plain:
        if token.kind == "date":
            return "date", words
        if token.kind == "figure":
            return _of_figure(token, there), words
    for group, reason in (
        (w.NEGATIONS | w.CANCELS, "negation"),
        (w.MODALS | w.ATTRIBUTIONS | w.CONDITIONS, "modality"),
    ):
        if any(token.text in group for token in plain):
            return reason, words
    if any(token.kind == "name" or not lexicon.knows(token.text) for token in plain):
        return "name", words
    if plain:
        return "word", words
    return _of_order(said, readers, texts), words


def _all(reader: Reader, lexicon: Lexicon) -> list[Token]:
    found = list(tokens(reader.whole, lexicon))
    for heading in reader.headings:
        found += tokens(heading, lexicon)
    return found


def _of_figure(token: Token, there: Sequence[Token]) -> str:
    for other in there:
        if not (other.kind == "figure" and isinstance(token.key, tuple) and isinstance(other.key, tuple)):
            continue
        if token.key[:2] == other.key[:2]:
            return "unit" if token.key[2] != other.key[2] else "number"
    return "number"


def _of_order(said: Sequence[Piece], readers: Sequence[Reader], texts: set[str]) -> str:
    """Every word is there: what is amiss is an operator, the subject or the order."""
    for piece in said:
        words = piece.words - w.FREE
        best = max(
            ((reader, other) for reader in readers for other in reader.pieces),
            key=lambda pair: len(words & pair[1].words),
            default=None,
        )
        if best is None:
            continue
        reader, other = best
        governed = set().union(other.words, *(reader.pieces[at].words for at in other.required))
        for group, reason in (
            (w.NEGATIONS | w.CANCELS, "negation"),
            (w.MODALS | w.ATTRIBUTIONS | w.CONDITIONS | w.LIMITS, "modality"),
        ):
            if (governed & group) ^ (piece.words & group):
                return reason
    for piece in said:
        if (
            piece.own
            and piece.core
            and not any(other.core and piece.core[0].key == other.core[0].key for r in readers for other in r.pieces)
        ):
            return "subject"
    return "order"
