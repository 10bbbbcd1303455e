"""A statement's pieces against one source's: which carry which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from weakref import WeakKeyDictionary

from rag.entail import wordlists as w
from rag.entail.align import Alignment, Said
from rag.entail.listing import Element, listed
from rag.entail.pieces import Piece, pieces
from rag.entail.rows import read_out
from rag.entail.same import same
from rag.entail.tokens import Token, tokens
from rag.entail.variants import Row, variants
from rag.entail.verdict import Source
from rag.text.normalize import folded
from rag.text.words import Lexicon

_KEPT = 2_000  # sources read, about 10 kB each
_OF_WHAT = 2  # of the innermost headings, those that may say what makers or kinds a piece speaks of
_RUN = 3  # pieces that may be said as one
_HEADINGS = 4  # of the section, from the innermost
_TELLING = frozenset(
    "概况 概述 概览 简介 介绍 背景 定义 分类 格局 市场格局 竞争格局 现状 趋势 总览 overview background".split()
)
_ACCOUNTING = frozenset("据 根据 按 按照 显示 的 , 、".split())
_MAY_LEAD = w.DROPPABLE | w.ALL | w.ETC | w.ORIGINS | w.OF_MAKERS | w.GENERIC | w.LINK_NUMBER
_LONGEST = 160  # elements of a row; recursion goes no deeper than two of them
_MOST = 60  # pieces of a source
_EDGES = ' \t。.,;:"、'


@dataclass(frozen=True, slots=True)
class Fit:
    """Pieces ``said`` of a statement that pieces ``source`` carry; ``required`` and ``allowed`` are what those hang on."""

    said: tuple[int, ...]
    source: tuple[int, ...]
    required: frozenset[int]
    allowed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of elements that pieces of a source say, with where and when they say it."""

    row: Row
    scopes: tuple[tuple[Token, ...], ...]
    source: tuple[int, ...]
    required: frozenset[int]
    allowed: frozenset[int]
    unsaid: bool  # its subject stands outside these pieces, and is not in the row
    words: frozenset[str]  # all of those pieces, plain ones too


class Reader:
    """A source as it is read: its pieces and everything that they say."""

    def __init__(self, source: Source, lexicon: Lexicon) -> None:
        self.source, self.lexicon = source, lexicon
        self.text = folded(source.text)
        self.bare = self.text.strip(_EDGES)
        before = folded(source.before).strip(_EDGES)
        self.whole = f"{before},{self.text}" if before else self.text
        self.outside = len(before) + 1 if before else 0
        self.headings = tuple(folded(heading) for heading in source.section[::-1][:_HEADINGS])
        self.pieces = pieces(self.whole, lexicon)
        row = " | " in self.text
        mistaken = any(word in heading for heading in self.headings for word in w.UNTRUTHS)
        self.candidates = () if mistaken else tuple(self._of_row() if row else self._candidates())
        self.accounts = frozenset(told_by(piece) for piece in self.pieces if piece.account)

    def _of_row(self) -> Iterator[Candidate]:
        """What a table's row says under its header."""
        for text in read_out(self.text, folded(self.source.header)):
            for piece in pieces(text, self.lexicon):
                if not piece.lead and not piece.account:
                    yield from self._made(piece, (), text, (0,), frozenset(), frozenset(), unsaid=False)

    def _candidates(self) -> Iterator[Candidate]:
        found = [at for at, piece in enumerate(self.pieces) if not (piece.lead or piece.account)]
        for place, first in enumerate(found[:_MOST]):
            if self.pieces[first].start < self.outside:
                continue
            for run in (found[place : place + n] for n in range(1, _RUN + 1) if place + n <= len(found)):
                yield from self._said_by(tuple(run))

    def _said_by(self, run: tuple[int, ...]) -> Iterator[Candidate]:
        all_ = [self.pieces[at] for at in run]
        if any(piece.sentence != all_[0].sentence for piece in all_):
            return
        required = frozenset(chain(*(piece.required for piece in all_))) - set(run)
        allowed = frozenset(chain(*(piece.allowed for piece in all_))) - set(run)
        first = all_[0]
        rest = tuple(chain(*(listed(self.whole, piece.core, self.lexicon) for piece in all_[1:])))
        if len(run) > 1 and any(piece.scopes for piece in all_[1:]):
            return
        outside = any(other.own for other in self.pieces[: run[0]] if not (other.lead or other.account))
        # A piece whose subject stands before it in the sentence says nothing without it.
        unsaid = not first.own and bool(first.topics)
        yield from self._made(first, rest, self.whole, run, required, allowed, unsaid=unsaid)
        if not first.own:
            for topic in first.topics:
                yield from self._made(
                    first, rest, self.whole, run, required, allowed, before=listed(self.whole, topic, self.lexicon)
                )
        if (not first.own and not first.topics and not first.leans) or (not outside and self._of_heading(first)):
            for heading in self.headings[:_OF_WHAT] if first.own else _own_headings(self.headings):
                words = tuple(t for t in tokens(heading, self.lexicon) if t.content and t.text not in w.FREE)
                yield from self._made(first, rest, self.whole, run, required, allowed, before=words)

    def _of_heading(self, piece: Piece) -> bool:
        """Whether a piece begins with a word that is only of something the heading names (厂商有…)."""
        for token in piece.core:
            if token.text in w.OF_MAKERS or token.text in ("国内", "国外", "国际", "海外", "全球", "布局"):
                continue
            return token.text in w.ROLES
        return False

    def _made(
        self,
        piece: Piece,
        rest: tuple[Element, ...],
        text: str,
        run: tuple[int, ...],
        required: frozenset[int],
        allowed: frozenset[int],
        *,
        before: tuple[Element, ...] = (),
        unsaid: bool = False,
    ) -> Iterator[Candidate]:
        row = (*before, *listed(text, piece.core, self.lexicon), *rest)
        scopes = (*piece.scopes, *piece.inherited)
        words = frozenset(chain(piece.words, *(self.pieces[at].words for at in run[1:])))
        for one in variants(row, text, self.lexicon):
            if len(one) > _LONGEST:
                continue
            yield Candidate(one, scopes, run, required, allowed, unsaid, words)


_readers: WeakKeyDictionary[Lexicon, dict[Source, Reader]] = WeakKeyDictionary()


def reader(source: Source, lexicon: Lexicon) -> Reader:
    """A source as a lexicon reads it; kept, for an answer holds many statements against the same sentences."""
    known = _readers.setdefault(lexicon, {})
    found = known.get(source)
    if found is None:
        found = Reader(source, lexicon)
        if len(known) >= _KEPT:
            known.clear()
        known[source] = found
    return found


def fits(text: str, said: Sequence[Piece], reader: Reader, lexicon: Lexicon) -> Iterator[Fit]:
    """Every way in which pieces of one source carry pieces of a statement."""
    places = [at for at, piece in enumerate(said) if not (piece.lead or piece.account)]
    for place in range(len(places)):
        for run in (tuple(places[place : place + n]) for n in range(1, _RUN + 1) if place + n <= len(places)):
            first = said[run[0]]
            if any(said[at].sentence != first.sentence for at in run) or (
                len(run) > 1 and any(said[at].scopes for at in run[1:])
            ):
                continue
            rest = tuple(chain(*(said[at].core for at in run[1:])))
            told = [told_by(p) for p in said if p.account and p.sentence == first.sentence]
            if any(words not in reader.accounts for words in told):
                continue
            cores = [first.core] if first.own or not first.topics else []
            cores += [(*topic, *first.core) for topic in first.topics] if not first.own else []
            for core in cores:
                row = (*core, *rest)
                asides = tuple(chain(*(said[at].asides for at in run)))
                yield from _carriers(text, row, said, run, asides, reader, lexicon)


def _carriers(
    text: str,
    row: tuple[Token, ...],
    said: Sequence[Piece],
    run: tuple[int, ...],
    asides: Sequence[str],
    reader: Reader,
    lexicon: Lexicon,
) -> Iterator[Fit]:
    if not 0 < len(row) <= _LONGEST or any(not _aside(aside, reader, lexicon) for aside in asides):
        return
    first = said[run[0]]
    scopes = (*first.scopes, *first.inherited)
    words = frozenset(token.text for token in row).union(*(said[at].words for at in run))
    rows = [Said(row, text, words)]
    if (turned := _active(row)) is not None:
        rows.append(Said(turned, text, words))
    for candidate in reader.candidates:
        if candidate.unsaid:
            continue
        if not any(_begins(one.tokens, candidate.row, lexicon) for one in rows):
            continue
        if not _same_scopes(scopes, candidate.scopes, reader, lexicon):
            continue
        if any(Alignment(one, candidate.row, candidate.words, lexicon).holds() for one in rows):
            yield Fit(run, candidate.source, candidate.required, candidate.allowed)


def _begins(row: tuple[Token, ...], source: Row, lexicon: Lexicon) -> bool:
    """Whether a row may begin as a source's does: what cannot is not held against it word by word."""
    first = row[0]
    if first.text in w.MAKING or first.text in w.LINK_NUMBER:
        return True
    for element in source:
        if not isinstance(element, Token):
            return any(
                name.startswith(str(first.key)) for item in element.items for name in (item, *lexicon.aliases(item))
            )
        if same(first, element, lexicon) or (first.text in w.LINK_HAS and element.text in w.LINK_HAS):
            return True
        if element.text not in _MAY_LEAD:
            return False
    return False


def _active(row: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """甲被乙收购 as 乙收购甲."""
    at = next((i for i, token in enumerate(row) if token.text == "被"), None)
    if at is None or at == 0 or at > len(row) - 3:
        return None
    return (*row[at + 1 :], *row[:at])


def _aside(aside: str, reader: Reader, lexicon: Lexicon) -> bool:
    """Whether what a statement has in brackets stands so in the source, or is another name for what is before it."""
    if aside in reader.whole or any(aside in heading for heading in reader.headings):
        return True
    before, _, inside = aside.partition("(")
    inside = inside.rstrip(")")
    return any(other.endswith(before) for other in lexicon.aliases(inside)) if before else False


def _same_scopes(
    said: Sequence[tuple[Token, ...]], there: Sequence[tuple[Token, ...]], reader: Reader, lexicon: Lexicon
) -> bool:
    """Whether a statement says where and when as the source does, or as its headings."""
    left = list(there)
    for scope in said:
        found = next((at for at, other in enumerate(left) if _same_scope(scope, other, lexicon)), None)
        if found is not None:
            left.pop(found)
        elif not _in_headings(scope, reader):
            return False
    return not left


def _same_scope(one: tuple[Token, ...], other: tuple[Token, ...], lexicon: Lexicon) -> bool:
    return len(one) == len(other) and all(same(a, b, lexicon) for a, b in zip(one, other, strict=True))


def _own_headings(headings: Sequence[str]) -> tuple[str, ...]:
    """The innermost heading that names a subject, for a sentence that has none: one that only says what is told (概况,
    特点) is passed over."""
    return next(((heading,) for heading in headings if heading not in w.ATTRIBUTES | _TELLING), ())


def told_by(piece: Piece) -> frozenset[str]:
    """The words of a piece that says by whose account something is."""
    return piece.words - _ACCOUNTING


def _in_headings(scope: tuple[Token, ...], reader: Reader) -> bool:
    words = [token.text for token in scope]
    while words and words[-1] in w.SCOPE_KINDS:
        words.pop()
    return bool(words) and any("".join(words) in heading.replace(" ", "") for heading in reader.headings)
