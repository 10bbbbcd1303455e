"""A segment: an immutable piece of an index, written once.

    passages.sqlite   documents (stored text, blocks, metadata) and passages (span, section, units)
    vectors.faiss     one unit vector a window, inner product, float32
    windows.npy       (w,) int32: the passage that each window belongs to
    units.npy         (u, d) int8: a vector a unit, scaled by 127, from the same pass as its passage's
    terms.npz         search terms of each passage as ids (CSR: indptr, ids), and the vocabulary

Passages are numbered from 0 within the segment; units follow their passages.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from rag.errors import IndexCorruptError
from rag.index.files import Checksums, sync_file, sync_folder, verify
from rag.types import Block, Document, Passage, Unit

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


def write_segment(folder: Path, data: SegmentData) -> None:
    """Write a segment into a new folder and make it durable. Raises OSError as the disk does."""
    folder.mkdir(parents=True)
    _write_passages(folder / "passages.sqlite", data)
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
            facts["blocks"] = [[b.kind, b.start, b.end, b.level, b.page, b.header] for b in document.blocks]
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
                p.page,
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


class Segment:
    """A segment opened for reading. Thread-safe: each call opens its own cursor on a read-only connection.

    Its files are let go when nobody holds it any more, so that a reader in flight keeps them; :meth:`close` does so now.

    Raises:
        IndexCorruptError: a file is missing, cut short, or (with ``deep``) differs from its checksum.
    """

    def __init__(self, folder: Path, expected: Checksums, *, deep: bool, mend: str) -> None:
        verify(folder, expected, deep=deep, mend=mend)
        self.folder = folder
        uri = f"{(folder / 'passages.sqlite').absolute().as_uri()}?mode=ro&immutable=1"
        self._mend = mend
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged() from error
        self._release = weakref.finalize(self, self._connection.close)
        try:
            self.vectors = faiss.read_index(str(folder / "vectors.faiss"))
            with _LOADING:
                self.windows = np.load(folder / "windows.npy")
                self.unit_vectors = np.load(folder / "units.npy", mmap_mode="r")
                with np.load(folder / "terms.npz") as terms:
                    self._terms, self._indptr = terms["ids"], terms["indptr"]
                    self.vocabulary = bytes(terms["vocabulary"]).decode().split("\n")
        except (RuntimeError, ValueError, OSError, KeyError) as error:
            self.close()
            raise self._damaged() from error
        self.count = len(self._indptr) - 1

    def close(self) -> None:
        """Let the files go."""
        self._release()

    def _damaged(self) -> IndexCorruptError:
        return IndexCorruptError(
            f"The index is damaged: {self.folder.name} cannot be read. Run `{self._mend}` to make it anew.",
            f"索引已损坏：{self.folder.name} 无法读取。请运行 `{self._mend}` 重建。",
        )

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:  # damaged since it was verified
            raise self._damaged() from error

    @cached_property
    def owners(self) -> list[str]:
        """The document id of each passage, by number."""
        return [row[0] for row in self._rows("SELECT document FROM passages ORDER BY number")]

    def terms(self, number: int) -> npt.NDArray[np.int32]:
        """The search terms of a passage, as ids into ``vocabulary``."""
        terms: npt.NDArray[np.int32] = self._terms[self._indptr[number] : self._indptr[number + 1]]
        return terms

    def document_ids(self) -> list[str]:
        """The ids of the documents in it, dead ones too."""
        return [row[0] for row in self._rows("SELECT id FROM documents ORDER BY id")]

    def versions(self) -> dict[str, int]:
        """The version of each document in it, dead ones too."""
        return dict(self._rows("SELECT id, json_extract(facts, '$.version') FROM documents"))

    def text(self, document_id: str, start: int, end: int) -> str:
        """The stored text of a document of this segment in ``[start, end)``, code points; "" where it has none."""
        query = "SELECT substr(text, ?, ?) FROM documents WHERE id = ?"
        rows = self._rows(query, start + 1, end - start, document_id)
        if rows and len(rows[0][0]) != end - start:  # SQLite's substr stops at U+0000
            return str(self._rows("SELECT text FROM documents WHERE id = ?", document_id)[0][0])[start:end]
        return str(rows[0][0]) if rows else ""

    def document(self, document_id: str) -> Document | None:
        """A document of this segment, or None."""
        rows = self._rows("SELECT text, facts FROM documents WHERE id = ?", document_id)
        return _document(document_id, *rows[0]) if rows else None

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
        passage = Passage(document, version, ordinal, tuple(json.loads(section)), start, end, text, made, page)
        vectors = self.unit_vectors[first : first + len(made)].astype(np.float32) / 127
        return passage, vectors


def _document(document_id: str, text: str, facts: str) -> Document:
    known: dict[str, Any] = json.loads(facts)
    known["blocks"] = tuple(
        Block(k, s, e, level, page, tuple(h) if h else None) for k, s, e, level, page, h in known["blocks"]
    )
    known["tags"], known["terms"] = tuple(known["tags"]), tuple(known["terms"])
    return Document(id=document_id, text=text, **known)
