"""The journal of a batch: an answer a line in the order in which they came, so that a batch goes on where it was cut off.

It is only appended to, each line by one write. A process that is killed leaves at the worst half a line at the end, which is
cut off before the next is written, and whose question is asked again.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from filelock import FileLock, Timeout

from rag.errors import BatchBusyError, BatchChangedError, SuanlianError
from rag.index.files import storage
from rag.jobs.batch_lines import BatchLine

State = Literal["answered", "refused", "failed"]

_ENTRY = re.compile(rb'\{"key":"([0-9a-f]+-[0-9]+)","state":"(answered|refused|failed)",')
_ABOUT = b'{"about":'


class _Entry(NamedTuple):
    """Where an entry stands in the file, in bytes, and how its question ended."""

    start: int
    body: int  # behind key and state
    end: int  # before the line's end
    state: State


class BatchJournal:
    """Reads the journal at ``path`` (which need not be there). To write, use it as a context manager.

    >>> with BatchJournal(path, about={"mode": "auto"}) as journal:      # doctest: +SKIP
    ...     run_batch(lines, ask, journal)

    Args:
        path: the file. about: what the batch is asked with; a journal of other facts is not gone on with.
        fresh: forget, on entering, what is there.

    Raises (on entering):
        BatchChangedError: it was begun with other facts. BatchBusyError: another process is writing it.
        StorageError: the disk refuses.
    """

    def __init__(self, path: Path, about: Mapping[str, Any] | None = None, *, fresh: bool = False) -> None:
        self.path = path
        self._fresh = fresh
        self._about = dict(about or {})
        self._lock = threading.Lock()
        self._claim = FileLock(f"{path}.lock", timeout=0, thread_local=False)
        self._file: int | None = None
        self._entries: dict[str, _Entry] = {}
        self._begun_with: dict[str, Any] | None = None
        self._size = self._scan()

    def __enter__(self) -> Self:
        with storage(self.path):
            try:
                self._claim.acquire()
            except Timeout:
                raise BatchBusyError(
                    f"Another run is at work on this batch ({self.path}). Wait until it is done, or stop it.",
                    f"另一个进程正在处理这个批次（{self.path}）。请等它完成，或先停掉它。",
                ) from None
            try:
                if self._fresh:
                    self.path.unlink(missing_ok=True)
                self._entries, self._begun_with = {}, None
                self._size = self._scan()  # it may have grown before it was ours
                self._begin()
            except BaseException:
                self._let_go()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with storage(self.path):
                try:
                    os.fsync(self._file)
                finally:
                    self._let_go()

    def state(self, line: BatchLine) -> State | None:
        """How a line's question ended; None where it was not asked yet. A wrong line has failed from the first."""
        if line.error is not None:
            return "failed"
        entry = self._entries.get(line.key)
        return entry.state if entry else None

    def answer(self, line: BatchLine, reply: Mapping[str, Any]) -> None:
        """Write a line's reply down. Raises StorageError."""
        self._append(line.key, "refused" if reply.get("refused") else "answered", {"reply": reply})

    def fail(self, line: BatchLine, error: SuanlianError) -> None:
        """Write down why a line's question could not be answered. Raises StorageError."""
        self._append(line.key, "failed", {"error": _told(error)})

    def results(self, lines: Iterable[BatchLine], *, english: bool = False) -> Iterator[bytes]:
        """Of each line that has come to an end, in the order given: JSON in UTF-8 without a line break.

        ``{"id", "line", "question", "reply": {…}}`` or ``{"id", "line", "error": {"code", "message"}}``, and ``extra`` where the
        line held other fields. ``english``: the language of the errors' messages.
        """
        file = self.path.open("rb") if self._entries else None
        try:
            for line in lines:
                if line.error is not None:
                    yield _result(line, _error(_told(line.error), english))
                elif file is not None and (entry := self._entries.get(line.key)):
                    file.seek(entry.body)
                    body = file.read(entry.end - entry.body)
                    if entry.state == "failed":
                        body = _error(json.loads(b"{" + body)["error"], english)
                    yield _result(line, body)
        finally:
            if file is not None:
                file.close()

    def remove(self) -> None:
        """Delete the file and its lock; the journal must not be open for writing."""
        with storage(self.path):
            self.path.unlink(missing_ok=True)
            Path(f"{self.path}.lock").unlink(missing_ok=True)

    def _scan(self) -> int:
        """Take up what is there; the number of bytes up to the last whole line."""
        at = 0
        with storage(self.path):
            if not self.path.exists():
                return 0
            with self.path.open("rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    found = _ENTRY.match(line)
                    if found and line.endswith(b"}\n"):
                        body, end = at + found.end(), at + len(line) - 1
                        self._entries[found[1].decode()] = _Entry(at, body, end, found[2].decode())  # type: ignore[arg-type]
                    elif line.startswith(_ABOUT):
                        self._begun_with = json.loads(line)["about"]
                    at += len(line)
        return at

    def _begin(self) -> None:
        if self._begun_with != self._about and not self._entries:
            self._begun_with, self._size = None, 0
        if self._begun_with is not None and self._begun_with != self._about:
            names = sorted(
                name
                for name in self._begun_with.keys() | self._about.keys()
                if self._begun_with.get(name) != self._about.get(name)
            )
            raise BatchChangedError(
                f"The batch was begun with another {', '.join(names)} ({self.path}). "
                "Ask with the same as before to go on, or begin anew with --restart.",
                f"这个批次开始时的 {'、'.join(names)} 与现在不同（{self.path}）。请用原来的设定继续，或用 --restart 重新开始。",
            )
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        os.ftruncate(self._file, self._size)
        os.lseek(self._file, self._size, os.SEEK_SET)
        if self._begun_with is None:
            self._write(json.dumps({"about": self._about}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def _append(self, key: str, state: State, more: Mapping[str, Any]) -> None:
        entry = {"key": key, "state": state, **more}
        data = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        body = data.index(b",", data.index(b'"state"')) + 1
        with self._lock, storage(self.path):
            start = self._size
            self._write(data)
            self._entries[key] = _Entry(start, start + body, self._size - 1, state)

    def _write(self, data: bytes) -> None:
        if self._file is None:
            raise ValueError("the journal is not open for writing")
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            os.ftruncate(self._file, self._size)  # a full disk took half of it
            os.lseek(self._file, self._size, os.SEEK_SET)
            raise
        self._size += len(data)

    def _let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._claim.release()


def _told(error: SuanlianError) -> dict[str, str]:
    return {"code": error.code, "zh": error.zh, "en": error.en}


def _error(told: Mapping[str, str], english: bool) -> bytes:
    error = {"code": told["code"], "message": told["en" if english else "zh"]}
    return json.dumps({"error": error}, ensure_ascii=False)[1:].encode()


def _result(line: BatchLine, body: bytes) -> bytes:
    """``body`` is the rest of a JSON object, its closing brace with it."""
    return json.dumps(line.head(), ensure_ascii=False)[:-1].encode() + b", " + body
