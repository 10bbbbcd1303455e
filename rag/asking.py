"""One question on its way from its readings to what would be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.answer.consider import Considered, consider
from rag.answer.derive import derive, weakest
from rag.clock import Clock
from rag.index.embed import Encoder
from rag.index.store import Filter
from rag.opened import Opened
from rag.retrieve.parts import parts
from rag.retrieve.query import Query
from rag.retrieve.sets import set_question
from rag.settings import Settings
from rag.text.normalize import folded, simplified
from rag.types import Hit

_WIDE = 40  # passages that evidence is picked from where an answer is gathered from all over the material
_SURER = 0.15  # by which another reading of a follow-up must be surer than the likeliest


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it was typed (``asked``), and what is to be known while it is answered.

    ``top_k`` are the passages that evidence is picked from, None for the settings' own; ``explain`` keeps what the
    search found beyond them.
    """

    opened: Opened
    encoder: Encoder
    settings: Settings
    asked: str
    clock: Clock
    top_k: int | None = None
    filter: Filter | None = None
    explain: bool = False

    def considered(self, readings: Sequence[str], more: Callable[[], str | None] | None = None) -> list[Considered]:
        """The parts of the question, each with its evidence and what would be said, in the reading that is surest.

        Args:
            readings: the question standing alone, likeliest first.
            more: gives one more reading, or None, at a cost: it is called only where these leave it unsure.
        """
        self.clock.lap("rewrite")
        tried = [(reading, self._of(reading)) for reading in readings]
        best = tried[0][1]
        for _, other in tried[1:]:
            if _sure(other) > _sure(best) + _SURER:
                best = other
        if more is None or not self._unsure(best, [considered for _, considered in tried]):
            return best
        written = more()
        self.clock.lap("rewrite")
        return best if written is None else self._with(written, tried, best)

    def _unsure(self, best: Sequence[Considered], others: Sequence[Sequence[Considered]]) -> bool:
        """Whether the best reading is not surely answered, or another one nearly as surely and otherwise."""
        if _sure(best) < self.settings.refuse_below:
            return True
        near = [other for other in others if other is not best and abs(_sure(other) - _sure(best)) <= _SURER]
        return any(_places(other) != _places(best) for other in near)

    def _with(
        self, written: str, tried: Sequence[tuple[str, list[Considered]]], best: list[Considered]
    ) -> list[Considered]:
        """The best reading where one more was ``written``: that one where it is surer, or where it is a reading that was
        tried, which it then decides for if that is as good as the best."""
        same = next((considered for reading, considered in tried if _alike(reading, written)), None)
        made = same or self._of(written)
        least = -_SURER if same is not None else _SURER
        if made is best or _sure(made) < self.settings.refuse_below or _sure(made) < _sure(best) + least:
            return best
        return [replace(part, rewritten=True) for part in made]

    def _of(self, alone: str) -> list[Considered]:
        """A question that stands alone, part by part; one about two lists, from the two."""
        lexicon = self.opened.lexicon
        two_lists = set_question(alone)
        considered: list[Considered] = []
        if two_lists is None or two_lists.operation == "count":  # a count that the text states itself comes first
            considered = self._weighed(parts(alone, lexicon), typed=alone != self.asked)
        if two_lists is not None and not _counted(considered):
            sides = self._weighed(two_lists.questions, typed=False)
            derived = derive(two_lists, sides, alone, lexicon, at_least=self.settings.refuse_below)
            if derived is not None:
                return [derived]
            if not considered:  # a list of one side alone would pass for one of both
                return [replace(weakest(sides), draft=None, sure=0.0)]
        return considered

    def _weighed(self, questions: Sequence[str], *, typed: bool) -> list[Considered]:
        """Each question with its evidence and what would be said. Where one was made of a follow-up (``typed``), what the
        words as typed find is weighed too: a rewriting may be wrong."""
        queries = [self.opened.mended(question) for question in questions]
        as_typed = [self.opened.mended(self.asked)] if typed and len(queries) == 1 else []
        vectors = self.encoder.encode_queries([simplified(query.text) for query in (*queries, *as_typed)])
        self.clock.lap("rewrite")
        made = []
        for query, vector in zip(queries, vectors, strict=False):
            hits, beyond = self._found(query, vector)
            for other in as_typed:
                more = self.opened.search(
                    other, vectors[-1], self.settings, self.top_k or self.settings.top_k, self.filter
                )
                held = {hit.number for hit in hits}
                hits = [*hits, *(hit for hit in more if hit.number not in held)]
            self.clock.lap("retrieve")
            made.append(consider(query, vector, hits, self.opened.lexicon, beyond=beyond))
            self.clock.lap("rerank")
        return made

    def _found(self, query: Query, vector: npt.NDArray[np.float32]) -> tuple[list[Hit], list[Hit]]:
        """The passages that evidence is picked from, and those below them, where what became of each is to be told."""
        width = self.top_k or self._width(query)
        depth = max(width, 2 * self.settings.candidates) if self.explain else width
        found = self.opened.search(query, vector, self.settings, depth, self.filter)
        return found[:width], found[width:]

    def _width(self, query: Query) -> int:
        """How many passages evidence is picked from: more where an answer is gathered from all over the material."""
        return max(self.settings.top_k, _WIDE) if query.kind in ("profile", "list", "compare") else self.settings.top_k


def _counted(considered: Sequence[Considered]) -> bool:
    """Whether a text states the count that was asked for: a number of 家 in a clause that speaks of it all."""
    return any(
        c.draft is not None and c.draft.short is not None and not c.draft.quotes[c.draft.short[2]].evidence.missing
        for c in considered
    )


def _sure(considered: Sequence[Considered]) -> float:
    """How sure the parts of a question are answered, as a whole."""
    return sum(c.sure for c in considered) / len(considered)


def _places(considered: Sequence[Considered]) -> set[tuple[str, int, int]]:
    """Where the words stand that would be said."""
    return {
        (quote.evidence.hit.document.id, quote.start, quote.end)
        for c in considered
        if c.draft is not None
        for quote in c.draft.quotes
    }


def _alike(one: str, other: str) -> bool:
    """Whether two wordings differ in marks alone."""
    return re.sub(r"[\W_]+", "", folded(one)) == re.sub(r"[\W_]+", "", folded(other))
