"""Comparisons: a clause that sets the two sides against each other, else the best clause on each side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft, whole
from rag.answer.evidence import Evidence
from rag.answer.wants import CONTRAST
from rag.retrieve.query import Query
from rag.text.match import coverage, synonyms

_SIDES = re.compile(
    r"^(?:请问|对比一?下?|比较一?下?|说说)?(?P<one>[^,，?？]{1,24}?)(?:和|与|跟|同|、|相比于?|比起|\bvs\.?\b|\band\b)(?P<other>[^,，?？]{1,24}?)"
    r"(?:[,，?？]|$|这?[两二]者|之间|有什么|有何|有哪些|有啥|在|的?区别|的?不同|的?差|相比|比较|对比|比(?!例|重)|哪个|谁更)"
)
_SPEAKS = 0.75
_NEAR = 0.1  # how much worse a second clause that sets them apart may be


def sides(query: Query) -> tuple[str, str] | None:
    """The two things that a question compares, folded, or None where it does not name them."""
    found = _SIDES.search(query.folded)
    return (found["one"].strip(), found["other"].strip()) if found else None


def draft_comparison(query: Query, evidence: Sequence[Evidence]) -> Draft | None:
    """The clauses that tell the two sides apart, or None where the material does not speak of both."""
    named = sides(query)
    if named is None:
        return None
    spoken = [(tuple(_speaks_of(side, e) for side in named), e) for e in evidence]
    both = [e for (one, other), e in spoken if one >= 1 and other >= 1 and _sets_apart(named, e.fold.text)]
    if both:
        near = [e for e in both if e.score >= both[0].score - _NEAR][:2]
        return Draft(tuple(whole(e) for e in sorted(near, key=lambda e: (e.hit.document.id, e.start))))
    chosen: list[Evidence] = []
    for at in (0, 1):
        mine = [e for shares, e in spoken if shares[at] >= _SPEAKS and shares[at] > shares[1 - at]]
        if not mine:
            return None
        chosen.append(mine[0])
    return Draft(tuple(whole(e) for e in chosen))


def _sets_apart(named: tuple[str, str], text: str) -> bool:
    """Whether a folded clause contrasts the two sides, and does not merely name both in one breath (甲和乙都…)."""
    one, other = (re.escape(side) for side in named)
    breath = rf"(?:{one}.{{0,4}}(?:和|与|及|、|/){other}|{other}.{{0,4}}(?:和|与|及|、|/){one})"
    rest = re.sub(breath, "", text)
    apart = named[0] in rest and named[1] in rest
    return bool(CONTRAST.search(text)) and (apart or rest == text)


def _speaks_of(side: str, e: Evidence) -> float:
    """How far a clause speaks of a side: in its own words, or for a little less under a heading that names it."""
    others = synonyms(side)
    last = e.last_heading
    return max(coverage(side, e.fold.text, others), 0.95 * coverage(side, last, others) if last else 0.0)
