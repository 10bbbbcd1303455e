"""One question, considered: its evidence, what would be said, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.answer.accounts import with_accounts
from rag.answer.compress import compressed
from rag.answer.demands import NEAR_MISS, unmet
from rag.answer.draft import Draft
from rag.answer.evidence import Evidence, gather
from rag.answer.extract import extract
from rag.answer.likelihood import likelihood
from rag.answer.refuse import confidence, missing_terms
from rag.answer.spans import implied_noun, preferred, read_fact, with_fact
from rag.answer.spans_confidence import second_look
from rag.answer.trace import rows, understanding
from rag.retrieve.query import Query
from rag.text.words import Lexicon
from rag.types import Hit, Related

_RELATED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Considered:
    """``evidence`` are the clauses of ``hits``, best first; ``draft`` is what would be said (None without any evidence),
    ``sure`` the confidence in it, in [0, 1]; ``beyond`` are the candidates that evidence is not picked from, where they
    are kept; ``rewritten`` says that a language model put the question so."""

    query: Query
    hits: Sequence[Hit]
    evidence: Sequence[Evidence]
    draft: Draft | None
    sure: float
    beyond: Sequence[Hit] = ()
    rewritten: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What the material does not speak of, of what was asked."""
        return missing_terms(self.query, self.evidence)

    def related(self) -> tuple[Related, ...]:
        """The passages that come nearest."""
        return tuple(
            Related(h.document, h.passage.section, h.passage.text, h.passage.start, h.passage.end, round(h.score, 4))
            for h in self.hits[:_RELATED]
        )

    def trace(self, refuse_below: float) -> tuple[dict[str, Any], ...]:
        """What became of each candidate passage (:mod:`rag.answer.trace`)."""
        said = self.draft is not None and self.sure >= refuse_below
        return rows(self.query, self.hits, self.beyond, self.evidence, self.draft, said)

    def understood(self, refuse_below: float) -> dict[str, Any]:
        """How the question was read."""
        return {**understanding(self.query, self.sure, refuse_below), "rewritten": self.rewritten}


def consider(
    query: Query,
    vector: npt.NDArray[np.float32],
    hits: Sequence[Hit],
    lexicon: Lexicon,
    *,
    beyond: Sequence[Hit] = (),
) -> Considered:
    """Weigh every clause of the hits and draft an answer.

    Args:
        vector: the question's unit vector, ``(d,) float32``. beyond: candidates below the hits, kept for the trace.
    """
    evidence = gather(query, vector, hits, lexicon)
    reading = read_fact(query, evidence, lexicon)
    draft = extract(query, preferred(query, evidence, reading), lexicon)
    draft = with_fact(query, draft, reading) if draft is not None else None
    sure = confidence(query, evidence, draft, implied_noun(query, draft, reading))
    if unmet(query, draft):
        sure *= NEAR_MISS
    else:
        sure = second_look(query, evidence, draft, reading, sure)
    sure = likelihood(query, evidence, draft, reading, sure)
    if draft is not None:
        draft = with_accounts(query, compressed(query, draft, lexicon), evidence, reading, lexicon)
    return Considered(query, hits, evidence, draft, sure, beyond)
