"""The documents of a segment: stored text, blocks and metadata, read from its ``passages.sqlite``."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Collection
from pathlib import Path
from typing import Any

from rag.errors import IndexCorruptError
from rag.index import archive
from rag.index.files import Checksums, verify
from rag.types import Block, Document

SQLITE = "passages.sqlite"


class Texts:
    """The documents of a segment, opened for reading. Thread-safe: each call opens its own cursor on a read-only
    connection.

    Its file is let go when nobody holds it any more, so that a reader in flight keeps it; :meth:`close` does so now.

    Raises:
        IndexCorruptError: a file is missing, cut short, or (with ``deep``) differs from its checksum.
    """

    def __init__(self, folder: Path, expected: Checksums, *, deep: bool, mend: str) -> None:
        verify(folder, expected, deep=deep, mend=mend)
        self.folder = folder
        uri = f"{(folder / SQLITE).absolute().as_uri()}?mode=ro&immutable=1"
        self._mend = mend
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged() from error
        self._release = weakref.finalize(self, self._connection.close)

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

    def document_ids(self) -> list[str]:
        """The ids of the documents in it, dead ones too; in an archive, of its entries."""
        return [row[0] for row in self._rows("SELECT id FROM documents ORDER BY id")]

    def versions(self) -> dict[str, int]:
        """The highest version of each document in it, dead ones too."""
        highest: dict[str, int] = {}
        for entry, version in self._rows("SELECT id, json_extract(facts, '$.version') FROM documents"):
            document = archive.document_id(entry)
            highest[document] = max(version, highest.get(document, 0))
        return highest

    def count_without(self, dead: Collection[str]) -> int:
        """How many passages there are of the documents that are not in ``dead``."""
        counts = self._rows("SELECT document, COUNT(*) FROM passages GROUP BY document")
        return sum(count for document, count in counts if document not in dead)

    def text(self, document_id: str, start: int, end: int) -> str:
        """The stored text of a document of this segment in ``[start, end)``, code points; "" where it has none."""
        query = "SELECT substr(text, ?, ?) FROM documents WHERE id = ?"
        rows = self._rows(query, start + 1, end - start, document_id)
        if rows and len(rows[0][0]) != end - start:  # SQLite's substr stops at U+0000
            return str(self._rows("SELECT text FROM documents WHERE id = ?", document_id)[0][0])[start:end]
        return str(rows[0][0]) if rows else ""

    def document(self, document_id: str, version: int | None = None) -> Document | None:
        """A document of this segment, or None; with ``version``, only that one, in an archive too."""
        query = "SELECT text, facts FROM documents WHERE id = ?"
        rows = self._rows(query, document_id)
        if not rows and version is not None:
            rows = self._rows(query, archive.entry_id(document_id, version))
        found = _document(document_id, *rows[0]) if rows else None
        return found if version is None or (found and found.version == version) else None


def _document(document_id: str, text: str, facts: str) -> Document:
    known: dict[str, Any] = json.loads(facts)
    known["blocks"] = tuple(
        Block(k, s, e, level, page, tuple(h) if h else None, tuple((at, n) for at, n in (turns or [[]])[0]))
        for k, s, e, level, page, h, *turns in known["blocks"]
    )
    known["tags"], known["terms"] = tuple(known["tags"]), tuple(known["terms"])
    return Document(id=document_id, text=text, **known)
