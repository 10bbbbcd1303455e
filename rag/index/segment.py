"""A segment: an immutable piece of an index, written once.

    passages.sqlite   documents (stored text, blocks, metadata) and passages (span, section, units)
    vectors.faiss     one unit vector a window, inner product, float32
    windows.npy       (w,) int32: the passage that each window belongs to
    units.npy         (u, d) int8: a vector a unit, scaled by 127, from the same pass as its passage's
    terms.npz         search terms of each passage as ids (CSR: indptr, ids), and the vocabulary

Passages are numbered from 0 within the segment; units follow their passages. A passage's ``page`` is the number of the
page that it begins on, or, where it runs over several, JSON of that and of where each further one begins.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from rag.index.files import Checksums, sync_file, sync_folder
from rag.index.texts import SQLITE, Texts
from rag.types import Document, Passage, Unit

# numpy reads a file's header with ast, which CPython 3.11 does not do safely in two threads at once (gh-106905).
_LOADING = threading.Lock()
_SCHEMA = """
CREATE TABLE documents (id TEXT PRIMARY KEY, text TEXT NOT NULL, facts TEXT NOT NULL);
CREATE TABLE passages (number INTEGER PRIMARY KEY, document TEXT NOT NULL, ordinal INTEGER NOT NULL,
    section TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, units TEXT NOT NULL,
    first_unit INTEGER NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class SegmentData:
    """What goes into a segment. ``windows[i]`` is the passage of ``vectors[i]``; ``units`` holds a row a unit of the
    passages, in order; ``terms`` a list a passage."""

    documents: Sequence[Document]
    passages: Sequence[Passage]
    vectors: npt.NDArray[np.float32]
    windows: npt.NDArray[np.int32]
    units: npt.NDArray[np.float32]
    terms: Sequence[Sequence[str]]


def texts_alone(documents: Sequence[Document], dimension: int) -> SegmentData:
    """Documents that can be read and not be found: without a passage. ``dimension`` is the vectors'."""
    none = np.zeros((0, dimension), dtype=np.float32)
    return SegmentData(documents, (), none, np.zeros(0, dtype=np.int32), none, ())


def write_segment(folder: Path, data: SegmentData) -> None:
    """Write a segment into a new folder and make it durable. Raises OSError as the disk does."""
    folder.mkdir(parents=True)
    _write_passages(folder / SQLITE, data)
    index = faiss.IndexFlatIP(data.vectors.shape[1])
    index.add(np.ascontiguousarray(data.vectors))
    # FAISS reports a failed write as a bare RuntimeError; writing the bytes ourselves keeps the reason.
    (folder / "vectors.faiss").write_bytes(faiss.serialize_index(index).tobytes())
    np.save(folder / "windows.npy", data.windows)
    np.save(folder / "units.npy", np.round(data.units * 127).astype(np.int8))
    vocabulary = sorted({term for terms in data.terms for term in terms})
    ids = {term: place for place, term in enumerate(vocabulary)}
    flat = np.fromiter((ids[term] for terms in data.terms for term in terms), dtype=np.int32)
    indptr = np.cumsum([0, *(len(terms) for terms in data.terms)], dtype=np.int64)
    joined = np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8)
    np.savez(folder / "terms.npz", ids=flat, indptr=indptr, vocabulary=joined)
    for path in folder.iterdir():
        sync_file(path)
    sync_folder(folder)
    sync_folder(folder.parent)


def _write_passages(path: Path, data: SegmentData) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(_SCHEMA)
        for document in data.documents:
            facts = asdict(document)
            for name in ("id", "text"):
                del facts[name]
            facts["blocks"] = [[b.kind, b.start, b.end, b.level, b.page, b.header, b.turns] for b in document.blocks]
            told = (document.id, document.text, json.dumps(facts, ensure_ascii=False))
            connection.execute("INSERT INTO documents VALUES (?, ?, ?)", told)
        first = 0
        for number, p in enumerate(data.passages):
            units = json.dumps([[u.kind, u.start, u.end, u.context] for u in p.units])
            row = (
                number,
                p.document_id,
                p.ordinal,
                json.dumps(p.section, ensure_ascii=False),
                p.start,
                p.end,
                json.dumps([p.page, *p.turns]) if p.turns else p.page,
                units,
                first,
            )
            connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            first += len(p.units)
        connection.commit()
    except sqlite3.OperationalError as error:
        raise OSError(28 if "full" in str(error) else 5, str(error)) from error
    finally:
        connection.close()


class Segment(Texts):
    """A segment opened for reading: its documents, and what finds passages of them.

    Raises:
        IndexCorruptError: as :class:`Texts`, or a file cannot be read.
    """

    def __init__(self, folder: Path, expected: Checksums, *, deep: bool, mend: str) -> None:
        super().__init__(folder, expected, deep=deep, mend=mend)
        try:
            self.vectors = faiss.read_index(str(folder / "vectors.faiss"))
            with _LOADING:
                self.windows = np.load(folder / "windows.npy")
                self.unit_vectors = np.load(folder / "units.npy", mmap_mode="r")
                with np.load(folder / "terms.npz") as terms:
                    self._terms, self._indptr = terms["ids"], terms["indptr"]
                    joined = bytes(terms["vocabulary"]).decode()
                    self.vocabulary = joined.split("\n") if joined else []
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            self.close()
            raise self._damaged() from error
        self.count = len(self._indptr) - 1

    @cached_property
    def owners(self) -> list[str]:
        """The document id of each passage, by number."""
        return [row[0] for row in self._rows("SELECT document FROM passages ORDER BY number")]

    def terms(self, number: int) -> npt.NDArray[np.int32]:
        """The search terms of a passage, as ids into ``vocabulary``."""
        terms: npt.NDArray[np.int32] = self._terms[self._indptr[number] : self._indptr[number + 1]]
        return terms

    def passage(self, number: int) -> tuple[Passage, npt.NDArray[np.float32]]:
        """A passage and the vectors of its units, ``(u, d) float32``."""
        (row,) = self._rows(
            'SELECT p.document, p.ordinal, p.section, p.start, p."end", p.page, p.units, p.first_unit, '
            'substr(d.text, p.start + 1, p."end" - p.start), json_extract(d.facts, "$.version") '
            "FROM passages p JOIN documents d ON d.id = p.document WHERE p.number = ?",
            number,
        )
        document, ordinal, section, start, end, page, units, first, text, version = row
        if len(text) != end - start:  # SQLite's substr stops at U+0000
            ((text,),) = self._rows("SELECT text FROM documents WHERE id = ?", document)
            text = text[start:end]
        made = tuple(Unit(kind, s, e, tuple(c) if c else None) for kind, s, e, c in json.loads(units))
        page, *turned = json.loads(page) if isinstance(page, str) else [page]
        turns = tuple((at, number) for at, number in turned)
        passage = Passage(document, version, ordinal, tuple(json.loads(section)), start, end, text, made, page, turns)
        vectors = self.unit_vectors[first : first + len(made)].astype(np.float32) / 127
        return passage, vectors
