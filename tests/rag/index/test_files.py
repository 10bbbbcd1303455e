import errno
import hashlib
import os
from pathlib import Path

import pytest

from rag.errors import IndexCorruptError, StorageError
from rag.index.files import checksums, replace_file, sha256, storage, verify


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "no permission"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_the_disk_refuses_is_said_with_what_to_do(tmp_path: Path, number: int, reason: str) -> None:
    with pytest.raises(StorageError) as caught, storage(tmp_path / "there"):
        raise OSError(number, os.strerror(number))
    assert reason in caught.value.en
    assert str(tmp_path / "there") in caught.value.en
    assert "Nothing already stored was changed" in caught.value.en
    assert str(tmp_path / "there") in caught.value.zh
    assert isinstance(caught.value.__cause__, OSError)


def test_other_errors_pass_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), storage(tmp_path):
        raise ZeroDivisionError


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_replacement_that_fails_leaves_the_old(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    replace_file(path, b"old")
    with pytest.raises(TypeError):
        replace_file(path, "text, not bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_checksums_tell_every_kind_of_damage(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(name.encode() * 9)
    facts = checksums(tmp_path)
    assert facts["a"] == {"size": 9, "sha256": hashlib.sha256(b"a" * 9).hexdigest()}
    assert sha256(tmp_path / "a") == facts["a"]["sha256"]
    verify(tmp_path, facts, deep=True, mend="mend it")

    (tmp_path / "b").write_bytes(b"b" * 8 + b"c")
    verify(tmp_path, facts, deep=False, mend="mend it")
    with pytest.raises(IndexCorruptError, match=r"/b differs from its checksum\. Run `mend it`"):
        verify(tmp_path, facts, deep=True, mend="mend it")
    (tmp_path / "b").write_bytes(b"b" * 8)
    with pytest.raises(IndexCorruptError, match="/b has 8 bytes instead of 9"):
        verify(tmp_path, facts, deep=False, mend="mend it")
    (tmp_path / "b").unlink()
    with pytest.raises(IndexCorruptError, match="/b is missing"):
        verify(tmp_path, facts, deep=False, mend="mend it")


def test_a_write_cut_short_is_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="the disk is full"), storage(tmp_path):
        raise OSError("105216 requested and 73600 written")
