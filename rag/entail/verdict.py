"""What is asked of entailment and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

# Why a statement is not carried: a figure, its unit, a date, a name or a word that no sentence has; a negation, or a modality,
# an attribution or a condition, added or left out; said of another subject; the same words in another order, or a part of
# what holds only as a whole; an instruction; nothing that states anything.
REASONS = frozenset("number unit date name word negation modality subject order instruction empty".split())


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered sentence of the material, as stored (not folded).

    ``section`` holds the headings above it, outermost first (the document's title first); ``header`` the header row of a
    table's row, its cells parted as the row's; ``before`` the clause before it, where it leans on that (其…, 该公司…).
    """

    text: str
    section: tuple[str, ...] = ()
    header: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether sentences carry a statement: ``rests_on`` are the places in the sources of those needed, in order, empty where
    it is not supported; then ``reason`` is one of :data:`REASONS` and ``words`` what nothing carries, folded."""

    rests_on: tuple[int, ...]
    reason: str = ""
    words: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """True if the sentences carry the statement."""
        return bool(self.rests_on)
