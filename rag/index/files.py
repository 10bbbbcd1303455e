"""Writing so that a crash leaves the old or the new, and reading so that damage is seen."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexCorruptError, StorageError

Checksums = dict[str, dict[str, int | str]]


@contextmanager
def storage(place: Path) -> Iterator[None]:
    """Turns what the disk refuses into a :class:`StorageError` that says which and what to do."""
    try:
        yield
    except OSError as error:
        reason, zh = {
            errno.ENOSPC: ("the disk is full; free some space", "磁盘已满，请腾出空间"),
            errno.EDQUOT: ("the disk quota is used up; free some space", "磁盘配额已用完，请腾出空间"),
            errno.EROFS: ("the file system is read-only; choose another folder", "文件系统只读，请换一个文件夹"),
            errno.EACCES: (
                "there is no permission to write there; choose another folder",
                "没有写入权限，请换一个文件夹",
            ),
        }.get(
            error.errno or _short_write(error),
            (f"{error.strerror or error}; check the disk", f"{error.strerror or error}，请检查磁盘"),
        )
        raise StorageError(
            f"Cannot write to {place}: {reason}, then run the command again. Nothing already stored was changed.",
            f"无法写入 {place}：{zh}，然后重试。已有的数据没有改动。",
        ) from error


def _short_write(error: OSError) -> int:
    """numpy tells of a disk that took only a part as an OSError without a number; it is a full one."""
    return errno.ENOSPC if "requested and" in str(error) else 0


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    if os.name == "nt":  # which opens no folder, and keeps names in a journal of its own
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place to write a file at; when that went well the file stands at ``path``, as one durable step: a reader sees the
    old bytes or the new. Raises StorageError."""
    passing = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with storage(path):
        try:
            yield passing
            sync_file(passing)
            os.replace(passing, path)
        finally:
            passing.unlink(missing_ok=True)
        sync_folder(path.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` in place of a file as one step. Raises StorageError."""
    with replacing(path) as passing:
        passing.write_bytes(data)


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksums(folder: Path) -> Checksums:
    """Size in bytes and sha256 of every file in a folder."""
    return {path.name: {"size": path.stat().st_size, "sha256": sha256(path)} for path in sorted(folder.iterdir())}


def remake(folder: Path) -> str:
    """The command that makes a collection's index anew, as errors name it."""
    return f"suanlian build DOCUMENTS --index {folder.parent} --fresh"


def verify(folder: Path, expected: Checksums, *, deep: bool, mend: str) -> None:
    """Check that a folder's files are as they were written.

    Args:
        deep: check the sha256 too, not only that each file is there in its size.
        mend: the command that mends it, named in the error.

    Raises:
        IndexCorruptError: naming the first file that differs.
    """
    for name, facts in expected.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if size != facts["size"]:
                wrong, zh = f"has {size} bytes instead of {facts['size']}", "大小不对"
            elif deep and sha256(path) != facts["sha256"]:
                wrong, zh = "differs from its checksum", "与校验和不符"
            else:
                continue
        except FileNotFoundError:
            wrong, zh = "is missing", "不见了"
        except OSError as error:
            wrong, zh = f"cannot be read ({error.strerror})", f"无法读取（{error.strerror}）"
        raise IndexCorruptError(
            f"The index is damaged: {folder.name}/{name} {wrong}. Run `{mend}` to make it anew (without DOCUMENTS: from the bundled corpus).",
            f"索引已损坏：{folder.name}/{name} {zh}。请运行 `{mend}` 重建（DOCUMENTS 是你的资料；不写则用自带的资料）。",
        )
