import hashlib
import os
import time
from pathlib import Path

import pytest

from rag.errors import StorageError
from rag.jobs import spool
from rag.jobs.spool import Incoming, remove_orphans


def test_files_are_named_by_number_and_measured(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path / "files" / "ing_1")
    assert not (tmp_path / "files").exists()
    incoming.begin()
    incoming.write("松树".encode())
    incoming.write("常青".encode())
    first, second = incoming.end(), incoming.put(b"")
    incoming.seal()
    data = "松树常青".encode()
    assert (first.number, first.size, first.sha256) == (0, len(data), hashlib.sha256(data).hexdigest())
    assert (second.number, second.size) == (1, 0)
    assert [(path.name, path.read_bytes()) for path in sorted(incoming.folder.iterdir())] == [("0", data), ("1", b"")]


def test_what_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path / "ing_1")
    incoming.put(b"a")
    incoming.begin()
    incoming.write(b"half")
    incoming.discard()
    incoming.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError):
        Incoming(tmp_path / "file" / "ing_1").begin()


def test_old_bytes_of_nothing_are_removed(tmp_path: Path) -> None:
    for name in ("ing_old", "ing_known", "ing_new"):
        Incoming(tmp_path / name).put(b"a")
    then = time.time() - spool.ORPHAN_SECONDS - 1
    for name in ("ing_old", "ing_known"):
        os.utime(tmp_path / name, (then, then))
    remove_orphans(tmp_path, {"ing_known"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ing_known", "ing_new"]
    remove_orphans(tmp_path / "missing", ())
