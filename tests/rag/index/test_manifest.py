import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import IndexBusyError, IndexCorruptError, IndexMissingError, StorageError
from rag.index.manifest import MANIFEST, Manifest, SegmentEntry, publish, read_manifest, writer_lock
from rag.text.words import Learned

MADE = Manifest(
    generation=3,
    created="2024-01-01T00:00:00+00:00",
    fingerprint={"model": "m"},
    learned=Learned(("松果", "桦树"), (("甲", "a"),)),
    segments=(
        SegmentEntry("segment-1", {"a": {"size": 1, "sha256": "x"}}, 2, 5, {"doc_1": "2023-12-31T00:00:00+00:00"}),
    ),
    begun="2023-01-01T00:00:00+00:00",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "index" / "default"
    folder.mkdir(parents=True)
    publish(folder, MADE)
    return folder


def test_what_is_published_is_read(folder: Path) -> None:
    assert read_manifest(folder) == MADE
    assert [path.name for path in folder.iterdir()] == [MANIFEST]


def test_a_missing_index_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError) as caught:
        read_manifest(tmp_path / "default")
    assert f"`suanlian build --index {tmp_path}`" in caught.value.en
    assert f"`suanlian build --index {tmp_path}`" in caught.value.zh


def test_a_file_where_the_folder_should_be_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(IndexMissingError):
        read_manifest(tmp_path / "index" / "default")


def test_a_manifest_that_cannot_be_opened_is_the_disks_matter(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(StorageError, match=r"Cannot read .*manifest\.json"):
        read_manifest(tmp_path)


def test_every_changed_byte_is_seen(folder: Path) -> None:
    path = folder / MANIFEST
    content = path.read_bytes()
    for place in range(0, len(content), 3):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            assert read_manifest(folder) == MADE  # white space between values
        except IndexCorruptError as error:
            assert "manifest.json" in error.en
            assert f"suanlian build DOCUMENTS --index {folder.parent} --fresh" in error.en


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"{}", b'{"manifest": {}}', b"\xff\xfe"])
def test_what_is_no_manifest_is_damage(folder: Path, content: bytes) -> None:
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(IndexCorruptError, match=r"default/manifest\.json .*--fresh`"):
        read_manifest(folder)


def test_a_later_format_is_told_apart_from_damage(folder: Path) -> None:
    from rag.index import manifest

    body = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["manifest"]
    body["format"] += 1
    data = {"manifest": body, "sha256": manifest._digest(body)}
    (folder / MANIFEST).write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(
        IndexCorruptError, match=rf"format {manifest.FORMAT + 1}, this version reads {manifest.FORMAT}\."
    ):
        read_manifest(folder)


HOLD = """
import sys
from pathlib import Path
from rag.index.manifest import writer_lock
with writer_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_another_writer_waits_and_is_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexBusyError, match="Another process is writing"), writer_lock(tmp_path, seconds=0.1):
            pass
        holder.kill()  # the system releases a dead process's lock
        holder.wait()
        with writer_lock(tmp_path, seconds=5):
            assert (tmp_path / ".lock").exists()
