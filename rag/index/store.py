"""The Store protocol: where passages live and are looked up. ``local.py`` is the embedded default."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from rag.errors import CollectionNotFoundError, IndexBusyError
from rag.index.archive import KEEP_DAYS
from rag.index.segment import SegmentData
from rag.text.words import Learned
from rag.types import Document, DocumentRef, Passage


class OvertakenError(IndexBusyError):
    """Another writer published a generation between a writer's reading the index and its writing to it."""


_TRIES = 5  # each has lost only to another writer's success
_Done = TypeVar("_Done")


def retried(change: Callable[[], _Done]) -> _Done:
    """What ``change()`` returns: it reads a generation and writes the next, and does both again where it was overtaken.

    Raises:
        OvertakenError: others wrote each time it was about to.
    """
    for _ in range(_TRIES - 1):
        try:
            return change()
        except OvertakenError:
            continue
    return change()


def missing_collection(name: str) -> CollectionNotFoundError:
    """The error for a collection that is not there."""
    return CollectionNotFoundError(
        f"There is no collection {name!r}; use one that there is, or create it first.",
        f"没有资料集“{name}”；请使用已有的资料集，或先创建它。",
        param="collection",
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may answer. Empty fields let all pass; ``tags`` passes a document that has any of them; dates are
    ISO and inclusive, and a document without a date passes neither bound."""

    documents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published_after: str = ""
    published_before: str = ""

    def admits(self, document: DocumentRef) -> bool:
        """Whether a document may answer."""
        return (
            (not self.documents or document.id in self.documents)
            and (not self.tags or not set(self.tags).isdisjoint(document.tags))
            and (not self.published_after or document.published >= self.published_after)
            and (not self.published_before or "" < document.published <= self.published_before)
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, by its number in the view, with both raw scores: BM25 and cosine."""

    number: int
    lexical: float
    dense: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a collection holds: live documents and passages. ``begun`` is when it was created (ISO, UTC)."""

    documents: int
    passages: int
    generation: int
    begun: str


class View(Protocol):
    """One generation, opened for reading; it does not change. Safe for many threads."""

    @property
    def generation(self) -> int: ...
    @property
    def fingerprint(self) -> dict[str, str]: ...
    @property
    def learned(self) -> Learned: ...
    @property
    def count(self) -> int:
        """Number of live passages."""
        ...

    def candidates(
        self, terms: Sequence[str], vector: npt.NDArray[np.float32], k: int, filter: Filter | None
    ) -> list[Candidate]:
        """The union of the ``k`` best by BM25 and the ``k`` best by cosine, each with both scores."""
        ...

    def passage(self, number: int) -> tuple[Passage, npt.NDArray[np.float32]]:
        """A passage and the vectors of its units, ``(u, d) float32``."""
        ...

    def windows(self, number: int) -> npt.NDArray[np.float32]:
        """The vectors that find a passage, one a window of it, ``(w, d) float32``, unit length."""
        ...

    def neighbours(self, document_id: str) -> list[int]:
        """The numbers of all passages of a document, in order."""
        ...

    def idf(self, term: str) -> float:
        """The weight of a search term by how few live passages hold it."""
        ...

    def frequency(self, term: str) -> int:
        """How many live passages hold a search term."""
        ...

    def words(self) -> Iterable[str]:
        """The words that its segments hold, folded; character pairs left out."""
        ...

    def ref(self, document_id: str) -> DocumentRef: ...
    def documents(self) -> list[Document]: ...
    def document(self, document_id: str, version: int | None = None) -> Document | None:
        """A live document; with ``version``, also one that was replaced or deleted, as long as its text is kept."""
        ...

    def text(self, document_id: str, version: int, start: int, end: int) -> str:
        """The stored text of a document's version in ``[start, end)``, without reading the rest; "" where there is none."""
        ...

    def versions(self) -> dict[str, int]:
        """The highest version of each document that is still kept, deleted ones too: the next one is numbered above."""
        ...


class Store(Protocol):
    """A collection's passages, generation after generation."""

    @property
    def name(self) -> str:
        """The collection's name."""
        ...

    @property
    def place(self) -> str:
        """Where the index is, as ``--index`` names it."""
        ...

    def view(self) -> View:
        """The current generation. Raises IndexMissingError, IndexCorruptError."""
        ...

    def add(
        self,
        data: SegmentData,
        *,
        expected: int,
        fingerprint: Mapping[str, str],
        learned: Learned,
        replace: bool = False,
        remove: Collection[str] = (),
        keep_days: float = KEEP_DAYS,
    ) -> int:
        """Publish a segment; documents in it take the place of those with the same id, those in ``remove`` go. With
        ``replace`` nothing else stays, but for the texts of what was deleted or replaced in the last ``keep_days``.
        ``data`` without a document publishes a generation all the same. ``expected`` is the generation that this was
        decided by, 0 for none. Returns the new generation.

        Raises OvertakenError (another is published), IndexBusyError, StorageError, IndexMismatchError."""
        ...

    def remove(self, document_ids: Collection[str], *, expected: int | None = None) -> int:
        """Publish a generation without these documents. Returns it. Raises as :meth:`add`; None expects any."""
        ...

    def generation(self) -> int:
        """The number of the published generation, 0 where there is none that can be read."""
        ...

    def summary(self) -> Summary:
        """What the published generation holds, without opening it. Raises as :meth:`view`."""
        ...

    def document_ids(self) -> frozenset[str]:
        """The ids of the published generation's live documents, without opening it. Raises as :meth:`view`."""
        ...

    def crowded(self) -> bool:
        """Whether merging its pieces and learning its terms anew is due."""
        ...

    def delete(self) -> None:
        """Remove the collection, as one step; readers in flight keep what they have open.

        Raises CollectionNotFoundError, IndexBusyError, StorageError."""
        ...

    def close(self) -> None:
        """Let the view go; readers in flight keep theirs, and a later :meth:`view` opens it again."""
        ...
