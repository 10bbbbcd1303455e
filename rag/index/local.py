"""The embedded store: FAISS, BM25 and SQLite over immutable segments in a folder. No server, no network."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
import weakref
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace as changed
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import IndexCorruptError, IndexMismatchError, IndexMissingError
from rag.index.archive import KEEP_DAYS, Buried, document_id, entered, is_young
from rag.index.files import checksums, remake, storage, sync_folder
from rag.index.manifest import MANIFEST, Manifest, SegmentEntry, publish, read_manifest, writer_lock
from rag.index.segment import Segment, SegmentData, texts_alone, write_segment
from rag.index.store import OvertakenError, Summary, missing_collection
from rag.index.texts import Texts
from rag.index.view import LocalView
from rag.text.words import Learned

_GRAVE = ".deleted-"
_CROWD = 24  # segments; each is a handful of open files, and a search of its own


class LocalStore:
    """A collection in a folder.

    Args:
        folder: ``<index>/<collection>``. k1, b: BM25's.
    """

    def __init__(self, folder: Path, *, k1: float = 0.4, b: float = 0.5) -> None:
        self.folder = folder
        self._k1, self._b = k1, b
        self._view: LocalView | None = None
        self._stamp: tuple[int, int] | None = None
        self._opening = threading.Lock()
        # Segments that some view still holds open; one that a new generation names again is not read and hashed again.
        self._open: weakref.WeakValueDictionary[tuple[str, str], Segment] = weakref.WeakValueDictionary()

    @property
    def place(self) -> str:
        """The folder of the index, as ``--index`` names it."""
        return str(self.folder.parent)

    @property
    def name(self) -> str:
        """The collection's name."""
        return self.folder.name

    def view(self) -> LocalView:
        """The current generation; opened anew only when another was published. Reading takes no writer's lock."""
        with self._opening:
            while self._view is None or self._stamp != self._published_stamp():
                stamp = self._published_stamp()
                try:
                    manifest = read_manifest(self.folder)
                    segments = [self._segment(entry) for entry in manifest.segments]
                    self._view = LocalView(manifest, segments, k1=self._k1, b=self._b)
                    self._stamp = stamp
                except IndexCorruptError:
                    if stamp == self._published_stamp():  # else a writer put another in its place meanwhile
                        raise
            return self._view

    def close(self) -> None:
        """Let the view go, and with its last reader its files. A later :meth:`view` opens them again."""
        with self._opening:
            self._view = self._stamp = None

    def exists(self) -> bool:
        """Whether something is published here, sound or damaged; nothing is opened."""
        return (self.folder / MANIFEST).exists()

    def generation(self) -> int:
        """The number of the generation that is published; 0 where there is none or its manifest is damaged."""
        published = self._published(tolerant=True)
        return published.generation if published else 0

    def _segment(self, entry: SegmentEntry) -> Segment:
        """The segment, every file held against its checksum unless it is open already."""
        key = (entry.id, json.dumps(entry.files, sort_keys=True))
        segment = self._open.get(key)
        if segment is None:
            segment = Segment(self.folder / entry.id, entry.files, deep=True, mend=remake(self.folder))
            self._open[key] = segment
        return segment

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
        expected: int,
        fingerprint: Mapping[str, str],
        learned: Learned,
        replace: bool = False,
        remove: Collection[str] = (),
        keep_days: float = KEEP_DAYS,
    ) -> int:
        """Publish a segment. Documents in it take the place of those with the same id; those in ``remove`` go.

        With ``replace`` nothing else stays to be found and ``fingerprint`` and ``learned`` become the index's; what was
        published before is removed only after the new generation is in place.

        Args:
            data: without a document, no segment is made of it.
            expected: the generation that ``data`` and ``remove`` were decided by, 0 for none.
            keep_days: with ``replace``, the texts of what was deleted or replaced so long ago or less stay readable.

        Raises:
            OvertakenError: another generation is published; what was decided may hold no more.
            IndexMismatchError: another process made the index anew meanwhile, with another fingerprint.
        """
        with storage(self.folder), writer_lock(self.folder):
            before = self._published(tolerant=replace)
            self._unless_overtaken(before, expected)
            if before and not replace and before.fingerprint != dict(fingerprint):
                raise IndexMismatchError(
                    f"The index at {self.folder} was made anew with other settings meanwhile. Run the command again.",
                    f"{self.folder} 的索引刚被以其他设置重建。请重新运行。",
                )
            now = _now()
            entries = (self._write(data),) if data.documents else ()
            ids = {document.id for document in data.documents} | set(remove)
            kept: tuple[SegmentEntry, ...] = ()
            if before and replace:
                kept = self._archived(before, data, now, keep_days)
            elif before:
                kept = tuple(_bury(e, ids & set(self._opened(e).document_ids()), now) for e in before.segments)
            generation = before.generation + 1 if before else 1
            begun = before.begun if before else now
            made = Manifest(generation, now, dict(fingerprint), learned, (*kept, *entries), begun)
            publish(self.folder, made)
            self._sweep(made)
        return generation

    def remove(self, document_ids: Collection[str], *, expected: int | None = None) -> int:
        """Publish a generation without these documents.

        Raises:
            OvertakenError: another generation is published than ``expected`` (None takes any).
        """
        with storage(self.folder), writer_lock(self.folder):
            before = read_manifest(self.folder)
            if expected is not None:
                self._unless_overtaken(before, expected)
            gone, now = set(document_ids), _now()
            segments = tuple(
                _bury(entry, gone & set(self._opened(entry).document_ids()), now) for entry in before.segments
            )
            generation = before.generation + 1
            publish(self.folder, changed(before, generation=generation, created=now, segments=segments))
        return generation

    def summary(self) -> Summary:
        """See :class:`rag.index.store.Store`; no vectors are loaded for it."""
        while True:
            manifest = read_manifest(self.folder)
            try:
                passages = sum(self._living(entry) for entry in manifest.segments)
            except IndexCorruptError:
                if read_manifest(self.folder).generation == manifest.generation:
                    raise
                continue  # a writer put another in its place meanwhile
            documents = sum(entry.documents - len(entry.dead) for entry in manifest.segments)
            return Summary(documents, passages, manifest.generation, manifest.begun)

    def document_ids(self) -> frozenset[str]:
        """See :class:`rag.index.store.Store`; nothing is hashed and no vectors are loaded for it."""
        while True:
            manifest = read_manifest(self.folder)
            try:
                living = (set(self._opened(entry).document_ids()) - set(entry.dead) for entry in manifest.segments)
                return frozenset().union(*living)
            except IndexCorruptError:
                if read_manifest(self.folder).generation == manifest.generation:
                    raise  # else a writer put another in its place meanwhile

    def _living(self, entry: SegmentEntry) -> int:
        return self._opened(entry).count_without(entry.dead) if entry.dead else entry.passages

    def crowded(self) -> bool:
        """Whether merging is due: there are many segments, or the largest, whose terms were learned, is less than half
        of what lives. So each document is merged a few times in all, however the collection grows."""
        published = self._published(tolerant=True)
        living = [entry.documents - len(entry.dead) for entry in published.segments] if published else []
        return len(living) > _CROWD or 2 * max(living, default=0) < sum(living)

    def delete(self) -> None:
        """Remove the collection with all it holds, as one step. Readers in flight keep what they have open.

        Raises:
            CollectionNotFoundError: there is none. IndexBusyError, StorageError: as :meth:`add`.
        """
        if not self.exists():
            raise missing_collection(self.folder.name)
        grave = self.folder.with_name(f"{_GRAVE}{uuid.uuid4().hex[:12]}")
        with storage(self.folder), writer_lock(self.folder):
            if not self.exists():
                raise missing_collection(self.folder.name)
            self.folder.rename(grave)
        self.close()
        sync_folder(grave.parent)
        for left in grave.parent.glob(f"{_GRAVE}*"):  # of a delete that was interrupted, too
            shutil.rmtree(left, ignore_errors=True)

    def _unless_overtaken(self, before: Manifest | None, expected: int) -> None:
        if (before.generation if before else 0) != expected:
            raise OvertakenError(
                f"Another process wrote to the index at {self.folder} meanwhile. Run the command again.",
                f"{self.folder} 的索引刚被另一个进程改写。请重新运行。",
            )

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

    def _archived(self, before: Manifest, data: SegmentData, now: str, keep_days: float) -> tuple[SegmentEntry, ...]:
        """The texts that stay readable when ``data`` takes the place of everything: one segment, or none."""
        living = {(document.id, document.version) for document in data.documents}
        kept = entered((one for entry in before.segments for one in self._buried(entry, now, keep_days)), living)
        if not kept:
            return ()
        written = self._write(texts_alone([one.document for one in kept], data.vectors.shape[1]))
        return (changed(written, dead={one.document.id: one.since for one in kept}),)

    def _buried(self, entry: SegmentEntry, now: str, keep_days: float) -> Iterator[Buried]:
        """The documents of a segment that died lately, or die now; none where they cannot be read any more."""
        try:
            segment = self._opened(entry)
            for name in segment.document_ids():
                since = entry.dead.get(name, now)
                if is_young(since, now, keep_days) and (document := segment.document(name)):
                    yield Buried(changed(document, id=document_id(name)), since)
        except IndexCorruptError:
            return

    def _opened(self, entry: SegmentEntry) -> Texts:
        return Texts(self.folder / entry.id, entry.files, deep=False, mend=remake(self.folder))

    def _sweep(self, manifest: Manifest) -> None:
        """Remove segments that no generation names: replaced ones, and what an interrupted write left.

        An open reader keeps its files (they are unlinked, not overwritten).
        """
        named = {entry.id for entry in manifest.segments}
        for path in self.folder.glob("segment-*"):
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)


def _bury(entry: SegmentEntry, gone: set[str], now: str) -> SegmentEntry:
    return changed(entry, dead={**dict.fromkeys(sorted(gone), now), **entry.dead})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
