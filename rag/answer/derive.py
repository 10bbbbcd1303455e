"""Answers that no single quote gives: who is in two lists, who in the one and not in the other, how many a list has.

Each is computed from the names of cited lists, and can be computed again from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answer.consider import Considered
from rag.answer.draft import Draft, Quote, Summary, whole
from rag.answer.evidence import Evidence
from rag.answer.firms import is_company
from rag.answer.noun_phrases import TAILS
from rag.answer.relations import relations
from rag.retrieve.sets import SetQuestion
from rag.text.normalize import folded
from rag.text.words import Lexicon

_Names = dict[str, tuple[str, int]]  # the folded chief name → the name as written, the place of its quote


def derive(
    asked: SetQuestion, sides: Sequence[Considered], question: str, lexicon: Lexicon, *, at_least: float
) -> Considered | None:
    """What follows from the lists that answer the sides; None where one of them has none.

    Args:
        at_least: how sure the answer to each side has to be.
    """
    if any(side.draft is None or not side.draft.items or side.sure < at_least for side in sides):
        return None
    quotes: list[Quote] = []
    lists = [_list_of(side, thing, quotes, lexicon) for side, thing in zip(sides, asked.things, strict=True)]
    if not all(lists):
        return None
    summary = _summary(asked, lists)
    if summary is None:
        return None
    draft = Draft(tuple(quotes), summaries=(summary,), silent=frozenset(range(len(quotes))))
    first_side = sides[0]
    return Considered(
        replace(first_side.query, text=question),
        [hit for side in sides for hit in side.hits],
        [e for side in sides for e in side.evidence],
        draft,
        min(side.sure for side in sides),
    )


def weakest(sides: Sequence[Considered]) -> Considered:
    """The side whose list is missing or least sure: what a refusal has to name."""
    return min(sides, key=lambda side: side.sure if side.draft is not None and side.draft.items else 0.0)


def _list_of(side: Considered, thing: str, quotes: list[Quote], lexicon: Lexicon) -> _Names:
    """The names of one side: those of the list that answers, and those that any clause found says to make the thing."""
    assert side.draft is not None
    first = len(quotes)
    quotes.extend(side.draft.quotes)
    names: _Names = {}
    plain = folded(thing)
    wanted = {plain, *lexicon.aliases(plain)}
    fit = [_fit(side.draft, at, wanted, lexicon) for at in range(len(side.draft.quotes))]
    least = (
        2 if 2 in fit else 1
    )  # where a list is said to be of the thing itself, one of something beside it is not meant
    for name, at in (item for item in side.draft.items if fit[item[1]] >= least):
        names.setdefault(_chief(name, lexicon), (name, first + at))
    for e in side.evidence:
        found = relations(e.fold.text, _headings(e), lexicon)
        makers = [r for r in found if r.kind == "supplies" and _same_thing(r.target, wanted)]
        new = [r for r in makers if _chief(r.source, lexicon) not in names]
        if new:
            quotes.append(whole(e))
        for r in new:
            start, end = e.fold.span(*r.source_at)
            names[_chief(r.source, lexicon)] = (e.text[start:end].strip(), len(quotes) - 1)
    return names


def _fit(draft: Draft, at: int, wanted: set[str], lexicon: Lexicon) -> int:
    """How well the list of a quote is one of the thing's makers: 2 where it says so, 1 where it lists firms and says of
    nothing else that they make it, else 0."""
    e = draft.quotes[at].evidence
    names = [folded(name) for name, place in draft.items if place == at]
    made = {
        r.target for r in relations(e.fold.text, _headings(e), lexicon) if r.kind == "supplies" and r.source in names
    }
    if made:
        return 2 if any(_same_thing(target, wanted) for target in made) else 1
    return int(
        all(is_company(name, lexicon) for name in names) and 3 * sum(map(lexicon.is_coined, names)) >= len(names)
    )


def _headings(e: Evidence) -> list[str]:
    return [folded(heading) for heading in e.hit.passage.section]


def _same_thing(target: str, wanted: set[str]) -> bool:
    """Whether two names are of one thing: UPS电源 and UPS, 法兰接头 and 高压法兰接头."""
    return any(
        target == thing
        or (len(target) > 2 and thing.endswith(target))
        or any(target == thing + tail or thing == target + tail for tail in TAILS)
        for thing in wanted
    )


def _summary(asked: SetQuestion, lists: Sequence[_Names]) -> Summary | None:
    """What is said; None where two lists share no name, since lists that go on (…等) do not say that nobody is in both."""
    if asked.operation == "count":
        return _count(asked.sides[0], lists[0])
    one, other = asked.sides
    mine, theirs = lists
    if asked.operation == "both":
        shared = [(mine[name][0], (mine[name][1], theirs[name][1])) for name in mine if name in theirs]
        if shared:
            return _listed([(f"同时列在{one}和{other}厂商里的有", ())], shared)
        return None
    left = [(mine[name][0], (mine[name][1],)) for name in mine if name not in theirs]
    lead: list[tuple[str, tuple[int, ...]]] = [(f"没有列在{other}厂商里", _behind(theirs))]
    if left:
        return _listed([*lead, (f"的{one}厂商有", ())], left)
    return Summary(((f"资料列出的{one}厂商", _behind(mine)), (f"也都列在{other}厂商里", _behind(theirs))))


def _count(side: str, names: _Names) -> Summary:
    listed = [(name, (at,)) for name, at in names.values()]
    return _listed([(f"资料列出的{side}厂商有{len(listed)}家：", ())], listed)


def _listed(lead: Sequence[tuple[str, tuple[int, ...]]], names: Sequence[tuple[str, tuple[int, ...]]]) -> Summary:
    pieces = list(lead)
    items: list[int] = []
    for name, places in names:
        if items:
            pieces.append(("、", ()))
        items.append(len(pieces))
        pieces.append((name, places))
    return Summary(tuple(pieces), frozenset(items))


def _behind(names: _Names) -> tuple[int, ...]:
    return tuple(dict.fromkeys(place for _, place in names.values()))


def _chief(name: str, lexicon: Lexicon) -> str:
    """One folded name for all the names that the material gives a thing."""
    plain = folded(name)
    return min({plain, *lexicon.aliases(plain)})
