"""One generation of the embedded store, opened for reading: FAISS, BM25 and SQLite over its segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

import faiss
import numpy as np
import numpy.typing as npt

from rag.index.lexical import Bm25
from rag.index.manifest import Manifest
from rag.index.segment import Segment
from rag.index.store import Candidate, Filter
from rag.types import Document, DocumentRef, Passage

_REMEMBERED = 1024  # passages kept as read, with the vectors of their units: about 15 MB at the most


class LocalView:
    """One generation of a folder. Live passages are numbered from 0 across its segments.

    It holds its segments open as long as it is held itself; there is nothing to close.

    Args:
        segments: those of the manifest, in its order. k1, b: BM25's.
    """

    def __init__(self, manifest: Manifest, segments: Sequence[Segment], *, k1: float, b: float) -> None:
        self.generation, self.fingerprint, self.learned = manifest.generation, manifest.fingerprint, manifest.learned
        self._segments = segments
        dead = [frozenset(entry.dead) for entry in manifest.segments]
        self._places: list[tuple[int, int]] = []  # live passage → (segment, number in it)
        self._home: dict[str, int] = {}  # live document → segment
        self._of: dict[str, list[int]] = {}
        for s, segment in enumerate(self._segments):
            for number, owner in enumerate(segment.owners):
                if owner not in dead[s]:
                    self._of.setdefault(owner, []).append(len(self._places))
                    self._places.append((s, number))
            self._home.update({i: s for i in segment.document_ids() if i not in dead[s]})
        self._refs = {i: _ref(d) for i in self._home if (d := self.document(i))}
        self._windows = self._live_windows()
        self._bm25 = self._index_terms(k1, b)
        self.count = len(self._places)
        # The same few are found by most questions. It does not hold the view, which goes when nobody else does.
        self._passage = lru_cache(maxsize=_REMEMBERED)(partial(_read, segments, self._places))

    def _live_windows(self) -> list[npt.NDArray[np.int64]]:
        """For each segment the passage of each of its windows, by its number in the view; -1 for a dead one."""
        numbers = [np.full(segment.count, -1, dtype=np.int64) for segment in self._segments]
        for number, (s, place) in enumerate(self._places):
            numbers[s][place] = number
        return [of[segment.windows] for of, segment in zip(numbers, self._segments, strict=True)]

    def _index_terms(self, k1: float, b: float) -> Bm25:
        vocabulary: dict[str, int] = {}
        maps = []
        for segment in self._segments:
            maps.append(
                np.array([vocabulary.setdefault(term, len(vocabulary)) for term in segment.vocabulary], dtype=np.int64)
            )
        passages = [maps[s][self._segments[s].terms(number)].tolist() for s, number in self._places]
        return Bm25(passages, vocabulary, k1=k1, b=b)

    def candidates(
        self, terms: Sequence[str], vector: npt.NDArray[np.float32], k: int, filter: Filter | None
    ) -> list[Candidate]:
        """See :class:`rag.index.store.View`."""
        allowed = self._allowed(filter)
        if not allowed.any():
            return []
        lexical = np.where(allowed, self._bm25.scores(terms), -1.0)
        best = np.argpartition(-lexical, min(k, self.count) - 1)[:k]
        dense = self._dense(vector, k, allowed)
        chosen = {int(n) for n in best if lexical[n] > 0} | set(dense)
        missing = [n for n in chosen if n not in dense]
        dense.update(zip(missing, self._cosines(missing, vector), strict=True))
        made = [Candidate(n, max(0.0, float(lexical[n])), dense[n]) for n in chosen]
        return sorted(made, key=lambda c: c.number)

    def _allowed(self, filter: Filter | None) -> npt.NDArray[np.bool_]:
        if filter is None:
            return np.ones(self.count, dtype=np.bool_)
        admitted = {i for i, ref in self._refs.items() if filter.admits(ref)}
        allowed = np.zeros(self.count, dtype=np.bool_)
        for i in admitted:
            allowed[self._of.get(i, [])] = True
        return allowed

    def _dense(self, vector: npt.NDArray[np.float32], k: int, allowed: npt.NDArray[np.bool_]) -> dict[int, float]:
        """Cosine of the ``k`` nearest allowed passages (a passage counts by its best window)."""
        scores: dict[int, float] = {}
        for segment, owners in zip(self._segments, self._windows, strict=True):
            wanted = np.flatnonzero((owners >= 0) & allowed[owners])
            if not len(wanted):
                continue
            parameters = None
            if len(wanted) < segment.vectors.ntotal:
                selector = faiss.IDSelectorBatch(wanted)
                parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            # More windows than k, since several may belong to one passage; more again where that was not enough.
            asked = min(len(wanted), 2 * k)
            found, at = segment.vectors.search(vector[None, :], asked, params=parameters)
            while asked < len(wanted) and len(np.unique(owners[at[0]])) < k:
                asked = min(len(wanted), 4 * asked)
                found, at = segment.vectors.search(vector[None, :], asked, params=parameters)
            for score, number in zip(found[0], owners[at[0]], strict=True):
                scores[int(number)] = max(scores.get(int(number), -1.0), float(score))
        return dict(sorted(scores.items(), key=lambda pair: -pair[1])[:k])

    def _cosines(self, numbers: Iterable[int], vector: npt.NDArray[np.float32]) -> list[float]:
        return [float((self.windows(number) @ vector).max()) for number in numbers]

    def windows(self, number: int) -> npt.NDArray[np.float32]:
        """See :class:`rag.index.store.View`."""
        s, passage = self._places[number]
        segment = self._segments[s]
        first, last = np.searchsorted(segment.windows, [passage, passage + 1])
        return np.stack([segment.vectors.reconstruct(int(w)) for w in range(first, last)]).astype(np.float32)

    def passage(self, number: int) -> tuple[Passage, npt.NDArray[np.float32]]:
        """See :class:`rag.index.store.View`."""
        return self._passage(number)

    def neighbours(self, document_id: str) -> list[int]:
        """The numbers of all passages of a document, in order."""
        return self._of.get(document_id, [])

    def idf(self, term: str) -> float:
        """The weight of a search term by how few live passages hold it."""
        return self._bm25.idf(term)

    def frequency(self, term: str) -> int:
        """How many live passages hold a search term."""
        return self._bm25.frequency(term)

    def words(self) -> Iterable[str]:
        """The words that its segments hold, folded; character pairs left out."""
        return (term for segment in self._segments for term in segment.vocabulary if not term.startswith("#"))

    def ref(self, document_id: str) -> DocumentRef:
        """What a citation says of a live document."""
        return self._refs[document_id]

    def documents(self) -> list[Document]:
        """The live documents, ordered by key."""
        found = [d for i in self._home if (d := self.document(i))]
        return sorted(found, key=lambda document: document.key)

    def document(self, document_id: str, version: int | None = None) -> Document | None:
        """See :class:`rag.index.store.View`."""
        home = self._home.get(document_id)
        live = self._segments[home].document(document_id) if home is not None else None
        if version is None or (live and live.version == version):
            return live
        found = (segment.document(document_id, version) for segment in self._segments)
        return next((d for d in found if d), None)

    def text(self, document_id: str, version: int, start: int, end: int) -> str:
        """See :class:`rag.index.store.View`."""
        home = self._home.get(document_id)
        if home is not None and self._refs[document_id].version == version:
            return self._segments[home].text(document_id, start, end)
        earlier = self.document(document_id, version)
        return earlier.text[start:end] if earlier else ""

    def versions(self) -> dict[str, int]:
        """The highest version of each document that any segment still holds, deleted ones too."""
        highest: dict[str, int] = {}
        for segment in self._segments:
            for document_id, version in segment.versions().items():
                highest[document_id] = max(version, highest.get(document_id, 0))
        return highest


def _ref(d: Document) -> DocumentRef:
    return DocumentRef(d.id, d.version, d.title, d.source, d.derived_from, d.published, d.publisher, d.tags)


def _read(
    segments: Sequence[Segment], places: Sequence[tuple[int, int]], number: int
) -> tuple[Passage, npt.NDArray[np.float32]]:
    s, place = places[number]
    passage, vectors = segments[s].passage(place)
    vectors.flags.writeable = False  # shared by the questions that find it
    return passage, vectors
