"""What a name is, over everything that the material says of it: the lines it is listed in, briefly, and what is said of
it itself, in the material's words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.draft import Draft, Quote, Summary, whole
from rag.answer.evidence import CELLS, Evidence
from rag.answer.noun_phrases import best_noun_phrase, topic
from rag.answer.pieces import piece_spans
from rag.answer.relations import Relation, relations, row_relations
from rag.retrieve.glue import GLUE, RELATIONS
from rag.retrieve.query import HEAVY, Query, Term
from rag.text.enumerations import Enumeration, enumerations
from rag.text.match import coverage
from rag.text.normalize import folded
from rag.text.words import Lexicon

_MAX_SAID = 6  # clauses about the name itself
_MAX_PER_SECTION = 2
_MAX_LINES = 12  # lines of business that it is listed in
_SPOKEN = 0.8
_DETAIL = re.compile(r"地位|排名|排第|份额|占比|关系|贡献|进展|为什么|怎么样")  # more is asked than where it takes part
_WHOLE = re.compile(r"产业链|供应链|产业|行业|领域|业务|环节")  # they ask about all of it
_NAMED = 0.08  # weight of a name that much of the material speaks of
_LONG_NAME = 8
_LONGER = 2  # characters by which a listed name may be longer than the asked one and be the same
_LEADS_IN = re.compile(r"(?:(?:主要|还|分别)?(?:有|包括|包含|为|是|如))?[\s:]*$")
_PARTICLE = re.compile(r"[的在于从据由]")
_LONG_CELL = 12
_LONG = 100  # characters: a shorter clause is said whole
_ENOUGH = 40
_QUALIFIES = 0.15


def subject(query: Query) -> Term | None:
    """The name that a profile question is about: its first term that weighs, or that names one thing."""
    weighty = any(term.weight >= HEAVY for term in query.terms)
    for term in query.terms:
        opens = re.match(rf"[\W\d]*(?:请问|请|介绍一?下?|说说|讲讲|那么?)?[\s,]*{re.escape(term.text)}", query.folded)
        common = (weighty or opens) and term.name and term.weight >= _NAMED and not _WHOLE.search(term.text)
        if term.weight >= HEAVY or common:
            return term
    return None


def draft_profile(query: Query, evidence: Sequence[Evidence], lexicon: Lexicon) -> Draft | None:
    """The profile of the question's subject, or None where no clause names it.

    Args:
        evidence: clauses, best first.
    """
    focus = subject(query)
    if focus is None:
        return None
    naming = _narrowed(query, focus, _naming(query, focus, evidence, lexicon))
    if not naming:
        return None
    brief = not _DETAIL.search(query.folded)
    listed: list[tuple[Evidence, str, Quote]] = []
    said: list[tuple[Evidence, Quote]] = []
    told: dict[tuple[str, ...], int] = {}
    name = ""
    for e, at in naming:
        lists = enumerations(e.fold.text, lexicon)
        item = next((span for listed in lists for span in listed.items if span[0] <= at[0] < span[1]), at)
        own = _own_part(e.fold.text, item, at)
        line = _line(e, item, lists, lexicon) if brief and own is not None else None
        if line is not None and own is not None:
            name = name or _stored(e, own)
            listed.append((e, *line))
            continue
        place = (e.hit.document.id, *e.hit.passage.section)
        told[place] = told.get(place, 0) + 1
        if told[place] <= _MAX_PER_SECTION and len(said) < _MAX_SAID:
            said.append((e, _about(e, at)))
    lines: dict[str, list[Quote]] = {}
    for _, label, quote in sorted(listed, key=_in_reading_order):
        lines.setdefault(label, []).append(quote)
    return _draft(name, lines, [quote for _, quote in sorted(said, key=_in_reading_order)])


def _in_reading_order(found: tuple[Evidence, *tuple[object, ...]]) -> tuple[str, int]:
    return found[0].hit.document.id, found[0].start


def _draft(name: str, lines: dict[str, list[Quote]], said: Sequence[Quote]) -> Draft:
    """One computed statement that names the lines of business, and the statements about the name itself."""
    quotes: list[Quote] = []
    pieces: list[tuple[str, tuple[int, ...]]] = []
    for label, behind in list(lines.items())[:_MAX_LINES]:
        joint = "、" if pieces else f"{name}涉及"
        pieces += [(joint, ()), (label, tuple(range(len(quotes), len(quotes) + len(behind[:2]))))]
        quotes.extend(behind[:2])
    summaries = (Summary(tuple(pieces)),) if pieces else ()
    return Draft((*quotes, *said), summaries=summaries, silent=frozenset(range(len(quotes))))


def _naming(
    query: Query, focus: Term, evidence: Sequence[Evidence], lexicon: Lexicon
) -> list[tuple[Evidence, tuple[int, int]]]:
    """The clauses that name it, with the place of the name; those that hold the name only inside a longer one (松岭 in
    松岭云) count where no other does."""
    name = _full_name(query, focus, evidence, lexicon)
    rest = [t.text for t in query.terms if t.weight >= _QUALIFIES and f"{name}{t.text}" in query.folded]
    evidence = [e for e in evidence if all(word in e.fold.text for word in rest)]  # 松岭茶业 is not 松岭机械
    forms = (name, *sorted(lexicon.aliases(name) | lexicon.aliases(focus.text), key=len, reverse=True))
    own: list[tuple[Evidence, tuple[int, int]]] = []
    inside: list[tuple[Evidence, tuple[int, int]]] = []
    for e in evidence:
        spans = [found.span() for form in forms for found in re.finditer(re.escape(form), e.fold.text)]
        if not spans:
            continue
        cut = {(s, t) for word, s, t in lexicon.words(e.fold.text) if len(word) > 1}
        free = [at for at in spans if not any(s <= at[0] and at[1] <= t and (s, t) != at for s, t in cut)]
        (own if free else inside).append((e, (free or spans)[0]))
    return own or inside


def _full_name(query: Query, focus: Term, evidence: Sequence[Evidence], lexicon: Lexicon) -> str:
    """The subject with the words of the question right beside it that the material writes together with it."""
    words = [w for w, _, _ in lexicon.words(query.folded)]
    spans = [(s, t) for _, s, t in lexicon.words(query.folded)]
    begin = query.folded.find(focus.text)
    start, end = begin, begin + len(focus.text)
    texts = [e.fold.text for e in evidence]

    def joins(word: str, whole: str) -> bool:
        plain = word in GLUE or word in RELATIONS or lexicon.word_class(word) in ("p", "u", "d", "c", "v")
        return not plain and any(whole in text for text in texts)

    for word, (s, t) in zip(reversed(words), reversed(spans), strict=True):
        if t == start and joins(word, query.folded[s:end]):
            start = s
    for word, (s, t) in zip(words, spans, strict=True):
        if s == end and joins(word, query.folded[start:t]):
            end = t
    return query.folded[start:end] if begin >= 0 else focus.text


def _narrowed(
    query: Query, focus: Term, naming: list[tuple[Evidence, tuple[int, int]]]
) -> list[tuple[Evidence, tuple[int, int]]]:
    """Those that speak of what else the question asks about (在烘干里), where any does."""
    others = [t for t in query.terms if t.weight >= HEAVY and t is not focus and not _WHOLE.search(t.text)]
    kept = [pair for pair in naming if any(_speaks(pair[0], term) for term in others)]
    return kept or naming


def _speaks(e: Evidence, term: Term) -> bool:
    text = f"{e.section} {e.fold.text}"
    return coverage(term.text, text, term.others) >= _SPOKEN


def _own_part(text: str, item: tuple[int, int], at: tuple[int, int]) -> tuple[int, int] | None:
    """The name within a listed item: the item itself, or one side of its joint (甲与乙); None where the asked name is only
    a piece of a longer one."""
    if item[1] - item[0] <= at[1] - at[0] + _LONGER:
        return item
    parts = (found.span() for found in re.finditer("[^与和及]+", text[slice(*item)]))
    sides = [(item[0] + start, item[0] + end) for start, end in parts]
    return next((side for side in sides if side[0] <= at[0] and side[1] - side[0] <= at[1] - at[0] + _LONGER), None)


def _line(
    e: Evidence, name: tuple[int, int], lists: Sequence[Enumeration], lexicon: Lexicon
) -> tuple[str, Quote] | None:
    """The line of business that a list with the name in it is one of, as the clause or a heading says it, and the words
    from there to the name; None where it stands in no list, or nothing says of what."""
    text, section = e.fold.text, [folded(heading) for heading in e.hit.passage.section]
    about = [topic(heading, lexicon) for heading in section]
    listed = next((x for x in lists if name in x.items), None)
    if listed is None:
        found = next((r for r in _of_rows(e, section, lexicon) if r.source_at == name), None)
        return (_of_heading(e.hit.passage.section[found.heading], found.target), whole(e)) if found else None
    place = next((n for n in range(len(about) - 1, -1, -1) if about[n]), None)
    heading = _of_heading(e.hit.passage.section[place], about[place]) if place is not None else ""
    found = next((r for r in relations(text, section, lexicon) if _holds(r, name)), None)
    named, nouns = _introduced(text, listed, lexicon)
    label_at = named or (found.target_at if found is not None else nouns)
    if found is None and named is None and not heading:
        return None  # no heading says what the list is about: it is said in its own words
    label = _stored(e, label_at) if label_at is not None else heading
    if label_at is not None and heading and lexicon.word_class(text[slice(*label_at)]) == "N":
        label = f"{heading}（{label}）"  # the clause says where, the heading what
    return (_of_row(e, label, heading), _up_to_name(e, name, listed, label_at)) if label else None


def _holds(relation: Relation, name: tuple[int, int]) -> bool:
    start, end = relation.source_at
    return relation.kind == "supplies" and start <= name[0] < end


def _of_rows(e: Evidence, section: Sequence[str], lexicon: Lexicon) -> list[Relation]:
    unit, passage = e.unit, e.hit.passage
    if unit.kind != "row" or unit.context is None or unit.context[0] < passage.start:
        return []
    return row_relations(e.fold.text, folded(passage.words(*unit.context)), section, lexicon)


def _introduced(
    text: str, listed: Enumeration, lexicon: Lexicon
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """What stands before a list as its name (区域级平台有…) where it is short and nothing but that, and its last noun."""
    lead = _LEADS_IN.search(text[: listed.start])
    end = lead.start() if lead else listed.start
    start = max(text.rfind(mark, 0, end) for mark in ",;:。|有") + 1
    while start < end and text[start] == " ":
        start += 1
    best = best_noun_phrase(text, start, end, lexicon)
    whole = best is not None and best[1] == end and end - start <= _LONG_NAME and not _PARTICLE.search(text[start:end])
    return ((start, end) if whole else None), best


def _stored(e: Evidence, at: tuple[int, int]) -> str:
    start, end = e.fold.span(*at)
    return e.text[start:end]


def _of_heading(heading: str, about: str) -> str:
    plain = folded(heading)
    at = plain.find(about)
    return heading[at : at + len(about)] if len(plain) == len(heading) else about


def _of_row(e: Evidence, label: str, heading: str) -> str:
    """In a table, the line with what the row is headed by (地区：上海)."""
    first = e.text.split(CELLS)[0].strip()
    about = heading if label in heading else label
    return f"{about}（{first}）" if e.unit.kind == "row" and len(first) <= _LONG_CELL and "、" not in first else label


def _up_to_name(e: Evidence, at: tuple[int, int], listed: Enumeration, label_at: tuple[int, int] | None) -> Quote:
    """The clause from the piece that says what the list is of to the name, or from the name to that piece's end."""
    text = e.fold.text
    if e.unit.kind == "row":
        return whole(e)
    stop = next((n for n in range(listed.end, len(text)) if text[n] in ",;。"), len(text))
    if label_at is not None and label_at[0] >= listed.end:
        start, end = e.fold.span(at[0], max(stop, label_at[1]))
    else:
        begins = label_at[0] if label_at is not None else listed.start
        first = max(text.rfind(mark, 0, begins) for mark in ",;。") + 1
        introduced = text[first : listed.start].strip(" 例如,:") != ""
        start, end = e.fold.span(first, at[1]) if introduced else e.fold.span(at[0], stop)
    return Quote(e, e.start + start, e.start + end)


def _about(e: Evidence, at: tuple[int, int]) -> Quote:
    """A clause about the name, from the piece that names it on where it is long."""
    text = e.fold.text
    if len(text) <= _LONG or e.unit.kind == "row":
        return whole(e)
    pieces = piece_spans(text)
    first = last = next(n for n, (start, end) in enumerate(pieces) if start <= at[0] < end)
    while pieces[last][1] - pieces[first][0] < _ENOUGH and last + 1 < len(pieces):
        last += 1
    start, end = e.fold.span(pieces[first][0], pieces[last][1])
    return Quote(e, e.start + start, e.start + end)
