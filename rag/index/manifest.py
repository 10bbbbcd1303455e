"""A generation of an index: which segments, which of their documents are dead, and what they were made with.

Published by one rename under one writer's lock, so that a reader sees one whole generation or another. The
file carries its own checksum; the segments' checksums stand in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rag.errors import IndexBusyError, IndexCorruptError, IndexMissingError, StorageError
from rag.index.files import Checksums, remake, replace_file
from rag.text.words import Learned

MANIFEST = "manifest.json"
FORMAT = 2  # 1 did not say since when a document is dead
_READ = (1, FORMAT)
_LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment of a generation. ``dead`` are the documents in it that were deleted or replaced, by id, each with the
    time since when (ISO, UTC)."""

    id: str
    files: Checksums
    documents: int
    passages: int
    dead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation. ``fingerprint`` says what it was made with; ``learned`` is the lexicon's; ``begun`` is when the
    collection's first generation was published (ISO, UTC)."""

    generation: int
    created: str
    fingerprint: dict[str, str]
    learned: Learned
    segments: tuple[SegmentEntry, ...] = field(default=())
    begun: str = ""


def read_manifest(folder: Path) -> Manifest:
    """The generation that is published in a collection's folder.

    Raises:
        IndexMissingError: there is none. IndexCorruptError: it cannot be read as what was written.
        StorageError: the system does not let it be read.
    """
    mend = remake(folder)
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        body = data["manifest"]
        if data["sha256"] != _digest(body):
            raise ValueError("checksum")
        if body["format"] not in _READ:
            raise IndexCorruptError(
                f"The index has format {body['format']}, this version reads {FORMAT}. Run `{mend}`.",
                f"索引的格式是 {body['format']}，本版本只能读 {FORMAT}。请运行 `{mend}`。",
            )
        created = body["created"]
        segments = tuple(SegmentEntry(**{**entry, "dead": _dead(entry["dead"], created)}) for entry in body["segments"])
        learned = Learned(tuple(body["learned"]["terms"]), tuple((a, b) for a, b in body["learned"]["aliases"]))
        begun = body.get("begun") or created
        return Manifest(body["generation"], created, body["fingerprint"], learned, segments, begun)
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissingError(
            f"There is no index at {folder.parent} (collection {folder.name}). "
            f"Run `suanlian build --index {folder.parent}` to make one.",
            f"{folder.parent} 里没有索引（资料集 {folder.name}）。请先运行 `suanlian build --index {folder.parent}`。",
        ) from None
    except OSError as error:
        raise StorageError(
            f"Cannot read {folder / MANIFEST}: {error.strerror}. Check its permissions.",
            f"无法读取 {folder / MANIFEST}：{error.strerror}。请检查权限。",
        ) from error
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise IndexCorruptError(
            f"The index is damaged: {folder.name}/{MANIFEST} cannot be read ({type(error).__name__}). Run `{mend}`.",
            f"索引已损坏：{folder.name}/{MANIFEST} 无法读取。请运行 `{mend}` 重建。",
        ) from error


def _dead(listed: Mapping[str, str] | Sequence[str], created: str) -> dict[str, str]:
    """Format 1 has ids alone: they died when their generation was published, or before."""
    return dict(listed) if isinstance(listed, Mapping) else dict.fromkeys(listed, created)


def publish(folder: Path, manifest: Manifest) -> None:
    """Make a generation the current one: one rename. The writer's lock must be held. Raises StorageError."""
    body: dict[str, Any] = {"format": FORMAT, **asdict(manifest)}
    body = json.loads(json.dumps(body))  # as it will be read back, so that the digest is over the same thing
    data = {"manifest": body, "sha256": _digest(body)}
    replace_file(folder / MANIFEST, json.dumps(data, ensure_ascii=False, indent=1).encode())


@contextmanager
def writer_lock(folder: Path, *, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """The one writer's lock of a collection; released by the system if the process dies.

    Raises:
        IndexBusyError: another process still held it after ``seconds``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=seconds):
            yield
    except Timeout:
        raise IndexBusyError(
            f"Another process is writing to the index at {folder}. Wait until it is done, then try again.",
            f"另一个进程正在写 {folder} 的索引。请等它完成后再试。",
        ) from None


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
