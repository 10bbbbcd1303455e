import io
import json
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from rag.documents.upload import load_upload
from rag.errors import FileError, InputError
from rag.jobs import reader as reader_module
from rag.jobs import reading
from rag.jobs.ingestion import Upload
from rag.jobs.queue import IngestionQueue
from rag.jobs.reader import Reader
from rag.jobs.worker import IngestionWorker
from tests.rag.jobs.uploading import tiny_library

SAID = {"title": "", "source": "https://example.com/", "published": "2024-01-02", "tags": ("树",)}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


@pytest.fixture
def trees(tmp_path: Path) -> Path:
    written = docx.Document()
    written.add_heading("树木", 1)
    written.add_paragraph("松树四季常青。")
    table = written.add_table(2, 2)
    for cell, text in zip([c for row in table.rows for c in row.cells], ["树种", "高度", "松树", "30米"], strict=True):
        cell.text = text
    data = io.BytesIO()
    written.save(data)
    (tmp_path / "0").write_bytes(data.getvalue())
    return tmp_path / "0"


def test_a_document_comes_over_whole(reader: Reader, trees: Path) -> None:
    here = load_upload("树.docx", trees.read_bytes(), **SAID)  # type: ignore[arg-type]
    assert reader.read(trees, "树.docx", SAID) == here
    assert any(block.header for block in here.blocks)
    assert here.tags == ("树",)


def test_what_cannot_be_read_is_told_and_the_next_is_read(reader: Reader, trees: Path, tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(InputError) as caught:
        reader.read(tmp_path / "1", "坏.docx", {})
    assert (caught.value.code, caught.value.zh[:6]) == ("unreadable_file", "坏.docx")
    assert reader.read(trees, "树.docx", {}).title == "树木"


CHILD = """
import sys, time
sys.stdin.readline()
{}
"""


@pytest.mark.parametrize("does", ["time.sleep(60)", "sys.exit(9)", "print('{\"docu', end='')"])
def test_a_process_that_hangs_or_dies_is_one_file_that_cannot_be_read(
    reader: Reader, trees: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    folder = tmp_path / "path"
    (folder / "rag" / "jobs").mkdir(parents=True)
    for package in ("rag", "rag/jobs"):
        (folder / package / "__init__.py").write_text("", encoding="utf-8")
    (folder / "rag" / "jobs" / "reading.py").write_text(CHILD.format(does), encoding="utf-8")
    hasty = Reader(seconds=1 if "sleep" in does else 60)
    with monkeypatch.context() as patched:
        patched.setattr(reader_module, "_ROOT", folder)
        with pytest.raises(FileError, match=r"树\.docx takes too long"):
            hasty.read(trees, "树.docx", {})
    assert reader.read(trees, "树.docx", {}).title == "树木"


def test_a_worker_reads_apart_what_may_take_long(trees: Path, tmp_path: Path) -> None:
    queue, library = IngestionQueue(tmp_path / "index"), tiny_library(tmp_path / "index")
    incoming = queue.incoming()
    uploads = [Upload(name, incoming.put(trees.read_bytes())) for name in ("树.docx", "树.pdf")]
    sent = queue.submit(incoming, "default", uploads)
    worker = IngestionWorker(queue, lambda: library)
    worker.work()
    worker.stop()
    assert [document.state for document in queue.get(sent.id).documents] == ["added", "failed"]
    queue.close()


def test_the_child_answers_each_line(trees: Path, tmp_path: Path) -> None:
    told = reading.read({"path": str(trees), "name": "树.docx", "said": {}})
    assert json.loads(json.dumps(told))["document"]["title"] == "树木"
    (tmp_path / "empty").write_bytes(b"")
    assert reading.read({"path": str(tmp_path / "empty"), "name": "a.md", "said": {}})["error"][0] == "unreadable_file"
