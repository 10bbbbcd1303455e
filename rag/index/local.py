"""The embedded store: FAISS, BM25 and SQLite over immutable segments in a folder. No server, no network."""

from __future__ import annotations

import shutil
import threading
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from rag.errors import IndexCorruptError, IndexMismatchError, IndexMissingError
from rag.index.files import checksums, remake, storage
from rag.index.lexical import Bm25
from rag.index.manifest import MANIFEST, Manifest, SegmentEntry, publish, read_manifest, writer_lock
from rag.index.segment import Segment, SegmentData, write_segment
from rag.index.store import Candidate, Filter, View
from rag.text.words import Learned
from rag.types import Document, DocumentRef, Passage


class LocalView:
    """One generation of a folder. Live passages are numbered from 0 across its segments."""

    def __init__(self, folder: Path, manifest: Manifest, *, k1: float, b: float, deep: bool = True) -> None:
        mend = remake(folder)
        self.generation, self.fingerprint, self.learned = manifest.generation, manifest.fingerprint, manifest.learned
        self._segments = [Segment(folder / e.id, e.files, deep=deep, mend=mend) for e in manifest.segments]
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
        cosines = []
        for number in numbers:
            s, passage = self._places[number]
            segment = self._segments[s]
            first, last = np.searchsorted(segment.windows, [passage, passage + 1])
            cosines.append(max(float(segment.vectors.reconstruct(int(w)) @ vector) for w in range(first, last)))
        return cosines

    def passage(self, number: int) -> tuple[Passage, npt.NDArray[np.float32]]:
        """See :class:`rag.index.store.View`."""
        s, place = self._places[number]
        return self._segments[s].passage(place)

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
        """A live document, or an earlier version of it that is still kept; None where there is none."""
        if version is None:
            home = self._home.get(document_id)
            return None if home is None else self._segments[home].document(document_id)
        if document_id not in self._home:
            return None  # a deleted document is gone; only replaced versions can still be read
        found = (segment.document(document_id) for segment in self._segments)
        return next((d for d in found if d and d.version == version), None)


class LocalStore:
    """A collection in a folder.

    Args:
        folder: ``<index>/<collection>``. fingerprint: what a new index is made with (:mod:`rag.index.build`).
    """

    def __init__(self, folder: Path, *, k1: float = 0.4, b: float = 0.5) -> None:
        self.folder = folder
        self._k1, self._b = k1, b
        self._view: LocalView | None = None
        self._stamp: tuple[int, int] | None = None
        self._opening = threading.Lock()

    def view(self) -> View:
        """The current generation; opened anew only when another was published. Reading takes no writer's lock."""
        with self._opening:
            while self._view is None or self._stamp != self._published_stamp():
                stamp = self._published_stamp()
                try:
                    self._view = LocalView(self.folder, read_manifest(self.folder), k1=self._k1, b=self._b)
                    self._stamp = stamp
                except IndexCorruptError:
                    if stamp == self._published_stamp():  # else a writer put another in its place meanwhile
                        raise
            return self._view

    def _published_stamp(self) -> tuple[int, int]:
        """What changes with every generation that is published."""
        try:
            facts = (self.folder / MANIFEST).stat()
        except OSError:
            read_manifest(self.folder)  # raises the error that says why
            raise
        return facts.st_ino, facts.st_mtime_ns

    def add(
        self,
        data: SegmentData,
        *,
        fingerprint: Mapping[str, str],
        learned: Learned,
        replace: bool = False,
        remove: Collection[str] = (),
    ) -> int:
        """Publish a segment. Documents in it take the place of those with the same id; those in ``remove`` go.

        With ``replace`` nothing else stays and ``fingerprint`` and ``learned`` become the index's; what was published
        before is removed only after the new generation is in place.

        Raises:
            IndexMismatchError: another process made the index anew meanwhile, with another fingerprint.
        """
        with storage(self.folder), writer_lock(self.folder):
            before = self._published(tolerant=replace)
            if before and not replace and before.fingerprint != dict(fingerprint):
                raise IndexMismatchError(
                    f"The index at {self.folder} was made anew with other settings meanwhile. Run the command again.",
                    f"{self.folder} 的索引刚被以其他设置重建。请重新运行。",
                )
            entry = self._write(data)
            ids = {document.id for document in data.documents} | set(remove)
            kept: tuple[SegmentEntry, ...] = ()
            if before and not replace:
                kept = tuple(_bury(e, ids & set(self._ids(e))) for e in before.segments)
            generation = before.generation + 1 if before else 1
            made = Manifest(generation, _now(), dict(fingerprint), learned, (*kept, entry))
            publish(self.folder, made)
            self._sweep(made)
        return generation

    def remove(self, document_ids: Collection[str]) -> int:
        """Publish a generation without these documents."""
        with storage(self.folder), writer_lock(self.folder):
            before = read_manifest(self.folder)
            gone = set(document_ids)
            segments = tuple(_bury(entry, gone & set(self._ids(entry))) for entry in before.segments)
            generation = before.generation + 1
            publish(self.folder, Manifest(generation, _now(), before.fingerprint, before.learned, segments))
        return generation

    def _published(self, *, tolerant: bool) -> Manifest | None:
        try:
            return read_manifest(self.folder)
        except IndexMissingError:
            return None
        except IndexCorruptError:
            if tolerant:  # a damaged manifest is what --fresh is for
                return None
            raise

    def _write(self, data: SegmentData) -> SegmentEntry:
        """Write the segment's folder, or leave nothing of it behind."""
        name = f"segment-{uuid.uuid4().hex[:12]}"
        folder = self.folder / name
        try:
            write_segment(folder, data)
            return SegmentEntry(name, checksums(folder), len(data.documents), len(data.passages))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _ids(self, entry: SegmentEntry) -> list[str]:
        mend = remake(self.folder)
        segment = Segment(self.folder / entry.id, entry.files, deep=False, mend=mend)
        try:
            return segment.document_ids()
        finally:
            segment.close()

    def _sweep(self, manifest: Manifest) -> None:
        """Remove segments that no generation names: replaced ones, and what an interrupted write left.

        An open reader keeps its files (they are unlinked, not overwritten).
        """
        named = {entry.id for entry in manifest.segments}
        for path in self.folder.glob("segment-*"):
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)


def _bury(entry: SegmentEntry, gone: set[str]) -> SegmentEntry:
    dead = tuple(sorted({*entry.dead, *gone}))
    return SegmentEntry(entry.id, entry.files, entry.documents, entry.passages, dead)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _ref(d: Document) -> DocumentRef:
    return DocumentRef(d.id, d.version, d.title, d.source, d.derived_from, d.published, d.publisher, d.tags)
