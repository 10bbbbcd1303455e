"""Whether the elements of a source carry the tokens of a statement in their order: each is the same, or one of the few that
may be left out or added where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.entail import wordlists as w
from rag.entail.listing import Element, Listing, stops
from rag.entail.same import same
from rag.entail.tokens import Token
from rag.text.words import Lexicon

_MADE_BY = frozenset(("生产", "制造", "供应"))


@dataclass(frozen=True, slots=True)
class Said:
    """A statement's tokens in a row, and the folded statement that they stand in."""

    tokens: tuple[Token, ...]
    text: str
    words: frozenset[str]


class Alignment:
    """One statement's tokens held against one row of a source's elements."""

    def __init__(self, said: Said, source: Sequence[Element], words: frozenset[str], lexicon: Lexicon) -> None:
        self.said, self.source, self.lexicon = said, source, lexicon
        self.words = words
        both = said.words | self.words
        self.denied = bool(both & w.NEGATIONS)
        figures = any(t.kind == "figure" and not _rank(t) for t in said.tokens)
        self.respectively = bool(both & w.RESPECTIVELY)
        self.ordered = bool(both & w.ORDERED) or any(_rank(t) for t in said.tokens)
        self.whole = figures or self.respectively or self.denied or bool(both & w.TOGETHER)
        self.makers = any(t.text in w.MAKERS for t in said.tokens) and bool(self.words & w.MAKERS)
        self._failed: set[tuple[int, int]] = set()

    def holds(self) -> bool:
        """Whether every token is carried, and nothing is left out that may not be."""
        return self._from(0, 0)

    def _from(self, i: int, j: int) -> bool:
        if (i, j) in self._failed:
            return False
        said, source = self.said.tokens, self.source
        if i == len(said) and j == len(source):
            return True
        done = False
        if i < len(said) and j < len(source):
            there = source[j]
            if isinstance(there, Listing):
                done = any(self._from(at, j + 1) for at in self._consumed(i, j, there))
            elif self._same(i, j):
                done = self._from(i + 1, j + 1)
        if not done and j < len(source) and self._may_go(j):
            done = self._from(i, j + 1)
        if not done and i < len(said) and self._may_come(i, j):
            done = self._from(i + 1, j)
        if not done:
            self._failed.add((i, j))
        return done

    def _same(self, i: int, j: int) -> bool:
        said, there = self.said.tokens[i], self.source[j]
        if not isinstance(there, Token):
            return False
        if same(said, there, self.lexicon):
            return True
        if said.text in w.LINK_IS and there.text in w.LINK_IS:
            # 均为30%: each has them, and not all together
            return not _figures(self.source) or (said.text in w.EACH_IS) == (there.text in w.EACH_IS)
        if said.text in w.LINK_HAS and there.text in w.LINK_HAS:
            return True
        # 厂商是甲 and 厂商有甲: names of a kind either way
        linked = {said.text, there.text}
        before = self.source[j - 1] if j else None
        after = self.source[j + 1] if j + 1 < len(self.source) else None
        if linked & w.LINK_IS and linked & w.LINK_HAS and isinstance(before, Token) and before.text in w.ROLES:
            return isinstance(after, Listing) and (there.text in w.LINK_HAS or said.text in w.LINK_HAS)
        return False

    def _consumed(self, i: int, j: int, listing: Listing) -> list[int]:
        """Where the statement goes on behind names of a list."""
        said, text = self.said.tokens, self.said.text
        ends = {token.end: at for at, token in enumerate(said)}
        names = {name: item for item in listing.items for name in (item, *self.lexicon.aliases(item))}
        taken: list[str] = []
        at, result = i, -1
        while at < len(said):
            place = said[at].start
            found = max((n for n in names if text.startswith(n, place) and place + len(n) in ends), key=len, default="")
            if not found or names[found] in taken:
                break
            taken.append(names[found])
            result = ends[place + len(found)] + 1
            at = result
            if at < len(said) and said[at].kind == "joint":
                at += 1
                continue
            break
        if result < 0:
            return []
        if result < len(said) and said[result].kind == "joint":
            return []  # what follows is in the statement's list, and not in the source's
        while result < len(said) and said[result].text in w.ETC:
            result += 1
        everything = len(taken) == len(listing.items)
        if self.respectively and tuple(taken) != listing.items:
            return []
        if self.ordered and [item for item in listing.items if item in taken] != taken:
            return []
        exhaustive = i > 0 and said[i - 1].text in w.LINK_IS and not self._named_first(i)
        if not everything and (self.whole or listing.either or exhaustive):
            return []
        return [result]

    def _named_first(self, i: int) -> bool:
        """Whether the link before a list is of no role (甲是 A、B), so that leaving names out claims nothing of others."""
        return i < 2 or self.said.tokens[i - 2].text not in w.ROLES

    def _may_go(self, j: int) -> bool:
        """Whether an element of the source may be left unsaid where it stands."""
        there = self.source[j]
        if not isinstance(there, Token):
            return False
        word = there.text
        before = self.source[j - 1] if j else None
        after = self.source[j + 1] if j + 1 < len(self.source) else None
        if word in w.DROPPABLE:
            acts = word not in w.ADVERBS or (after is not None and stops(after, self.lexicon))
            return acts and not self.denied
        if word in w.ALL:
            return (
                not _figures(self.source)
                and not self.denied
                and not self.words & w.QUANTIFIERS - {word}
                and isinstance(before, Listing)
            )
        if word in w.ETC:
            return True
        if word in w.LINK_NUMBER and isinstance(after, Token) and after.kind == "figure":
            return True
        if (word in w.PLAIN_FIRMS and self._names(before)) or (word in w.GENERIC and self._ends_list(j)):
            return after is None or (stops(after, self.lexicon) and not isinstance(after, Listing))
        if isinstance(after, Listing) and isinstance(before, Token) and before.text in w.LINK_HAS:
            return there.kind == "figure"  # 有三种:甲、乙、丙
        if word == "主要" and isinstance(after, Token) and after.text in w.LINK_HAS:
            return j + 2 < len(self.source) and isinstance(self.source[j + 2], Listing)
        if word in w.ORIGINS and self._of_listed(j):
            return True
        if word in w.OF_MAKERS and isinstance(after, Token) and not self.denied and self._linked(j):
            return after.text in w.ROLES | w.OF_MAKERS | w.MAKING | w.ORIGINS
        return False

    def _of_listed(self, j: int) -> bool:
        """Whether the word at ``j`` tells of makers that are only listed (国内水泵厂商有甲、乙): they are makers anywhere."""
        row = self.source
        superlative = any(word.startswith(("最", "首", "唯一")) for word in self.words)
        if self.denied or superlative or self.words & w.QUANTIFIERS or _figures(row):
            return False
        return bool(self.words & w.MAKERS) and self._linked(j)

    def _linked(self, j: int) -> bool:
        """Whether the one link of the row joins what is at ``j`` with a list."""
        row = self.source
        links = [at for at, e in enumerate(row) if isinstance(e, Token) and e.text in w.LINK_IS | w.LINK_HAS]
        if len(links) != 1:
            return False
        at = links[0]
        return (j < at == len(row) - 2 and isinstance(row[-1], Listing)) or (
            j > at == 1 and isinstance(row[0], Listing)
        )

    def _may_come(self, i: int, j: int) -> bool:
        """Whether a token of the statement needs nothing to carry it where it stands."""
        said = self.said.tokens
        word = said[i].text
        after = said[i + 1] if i + 1 < len(said) else None
        before = said[i - 1] if i else None
        if word in w.LINK_NUMBER and after is not None and after.kind == "figure":
            return True
        if word in w.PLAIN_FIRMS and before is not None and (self._is_name(before) or self._after_list(j)):
            return after is None or stops(after, self.lexicon)
        if word in _MADE_BY and self.makers and (before is None or before.text in ("国内", "国外", "国际", "海外")):
            return any(t.text in w.MAKERS for t in said[i + 1 : i + 12])
        return False

    def _after_list(self, j: int) -> bool:
        return j > 0 and isinstance(self.source[j - 1], Listing)

    def _ends_list(self, j: int) -> bool:
        """Whether what stands before is a list that 等 closes, so that the noun behind it says what its names are."""
        before = self.source[j - 1] if j else None
        return isinstance(before, Listing) and before.open_ended

    def _is_name(self, token: Token) -> bool:
        return token.kind == "name" and self.lexicon.name_class(token.text) != "ns"

    def _names(self, element: Element | None) -> bool:
        return (
            isinstance(element, Listing)
            or (element is not None and self._is_name(element))
            or (isinstance(element, Token) and element.text in w.ETC)
        )


def _figures(row: Sequence[Element]) -> bool:
    return any(isinstance(element, Token) and element.kind == "figure" for element in row)


def _rank(token: Token) -> bool:
    """Whether a figure gives a rank (前三, 第一)."""
    return token.kind == "figure" and isinstance(token.key, tuple) and token.key[0] in ("第", "前")
