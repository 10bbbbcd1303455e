"""What a subject is said to be besides the fact asked for (甲在乙市场居首，市占率为三成: 甲，市占率为三成)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.pieces import Piece
from rag.retrieve.query import LIGHT, Query
from rag.text.words import Lexicon

# Words that would be missed: they turn what is said, or make less of it.
_TURNS = re.compile(
    r"[不未无没非]|如果|若|除|仅|只|约|预计|预期|预测|估计|可能|有望|计划|拟|或|据|认为|称|表示|假设|子公司|旗下|分公司|合计|平均|分别|曾|原"
)
_JOINS = frozenset("的 之 和 与 及".split())
_BEGINS = frozenset("vpd")
_COPULAS = frozenset("是 为 有 在 于 由 被 将 已".split())


def other_predicate(
    query: Query, text: str, found: Sequence[Piece], kept: Sequence[int], fact: tuple[int, int], lexicon: Lexicon
) -> tuple[int, int] | None:
    """The span of a folded clause between its subject and the piece with the fact, where it may be left out.

    The subject is asked about and begins the first piece that is said; the piece with the fact, the one behind it, has
    no subject of that kind itself; and nothing between turns what is said or makes less of it.

    Args:
        kept: the pieces that are said. fact: the span of the fact.
    """
    if len(kept) != 2 or kept[1] != kept[0] + 1:
        return None
    head, tail = found[kept[0]], found[kept[1]]
    if not tail.start <= fact[0] < tail.end or tail.bare or text[head.end] != ",":
        return None
    words = [(word, head.start + s, head.start + e) for word, s, e in lexicon.words(text[head.start : head.end])]
    end = _subject_end(query, text, head, words, lexicon)
    if end is None or _TURNS.search(text[end : head.end]):
        return None
    first = next(iter(lexicon.words(tail.text)), None)
    if first is None or (lexicon.is_name(first[0]) and not any(first[0] in term.text for term in query.terms)):
        return None  # the fact may be another's
    return end, head.end


def _subject_end(
    query: Query, text: str, head: Piece, words: Sequence[tuple[str, int, int]], lexicon: Lexicon
) -> int | None:
    """Where the subject ends that a piece begins with: words that are asked about, up to a verb or a preposition."""
    asked = [term for term in query.terms if term.weight > LIGHT]
    named = False
    end = head.start
    for word, start, stop in words:
        if text[end:start].strip():
            return None
        if any(
            s <= start - head.start and stop - head.start <= e
            for t in asked
            for s, e in t.spans(text[head.start : head.end])
        ):
            named = named or any(term.name and word in term.text for term in asked)
        elif named and (word in _COPULAS or lexicon.word_class(word) in _BEGINS):
            return end
        elif word not in _JOINS or not named:
            return None
        end = stop
    return None
