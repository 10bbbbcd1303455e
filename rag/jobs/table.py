"""The queue's SQLite file: opened when it is first needed, shared by threads and processes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from rag.errors import StorageError
from rag.index.files import storage

Row = sqlite3.Row

_WAIT_SECONDS = 30.0
_VERSION = 1  # of the schema, in SQLite's user_version; 0 is a file that was just made
_SCHEMA = """
CREATE TABLE IF NOT EXISTS ingestions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, collection TEXT NOT NULL, state TEXT NOT NULL,
    stage TEXT, done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL, finished REAL, generation INTEGER
);
CREATE INDEX IF NOT EXISTS by_collection ON ingestions (collection, number);
CREATE INDEX IF NOT EXISTS by_state ON ingestions (state);
CREATE TABLE IF NOT EXISTS documents (
    ingestion TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, upload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', id TEXT, version INTEGER, code TEXT, zh TEXT, en TEXT,
    PRIMARY KEY (ingestion, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS repeats (
    caller TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (caller, key)
) WITHOUT ROWID;
"""


class Table:
    """One connection, which threads take turns at. Not made before something is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.RLock()
        self._db: sqlite3.Connection | None = None

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self.path.exists()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other process writes beside: all of it is durable when the block is left, or nothing.

        Raises:
            StorageError: the disk refused, or the file is damaged.
        """
        with self._turn, self._told():
            db = self._open()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # a full disk ends it by itself
                    db.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[str | int] = ()) -> list[Row]:
        """What a SELECT finds; nothing where nothing was ever written. Raises StorageError."""
        if not self.exists():
            return []
        with self._turn, self._told():
            return self._open().execute(query, values).fetchall()

    def close(self) -> None:
        """Let the connection go."""
        with self._turn:
            if self._db is not None:
                self._db.close()
                self._db = None

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            with storage(self.path.parent):
                self.path.parent.mkdir(parents=True, exist_ok=True)
            # One process at a time: SQLite does not wait for another that turns the journal into WAL.
            with FileLock(self.path.with_suffix(".lock"), timeout=_WAIT_SECONDS):
                db = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
                try:
                    db.row_factory = sqlite3.Row
                    self._check_version(db)
                    db.execute("PRAGMA journal_mode = WAL")
                    db.execute(
                        "PRAGMA synchronous = FULL"
                    )  # in WAL the default may lose the last commit with the power
                    db.executescript(_SCHEMA)
                    db.execute(f"PRAGMA user_version = {_VERSION}")
                except BaseException:
                    db.close()
                    raise
            self._db = db
        return self._db

    def _check_version(self, db: sqlite3.Connection) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise StorageError(
                f"The queue of ingestions at {self.path.parent} was written by another version of Suanlian; use that one, or "
                "move this folder away.",
                f"导入队列 {self.path.parent} 由另一版本的算链写入；请使用那个版本，或移走这个文件夹。",
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise StorageError(
                f"The queue of ingestions at {self.path} cannot be used ({error}); check the disk and its permissions.",
                f"导入队列 {self.path} 无法使用（{error}）；请检查磁盘和权限。",
            ) from error
