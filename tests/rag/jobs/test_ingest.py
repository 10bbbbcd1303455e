"""Documents and files brought into an index."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.documents.assemble import document_from_text
from rag.errors import FileError
from rag.jobs.ingest import ingest, ingest_documents, store_of
from rag.settings import Settings

TEA = document_from_text("绿茶产于山地。", key="tea")
COFFEE = document_from_text("咖啡产于高原。", key="coffee")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(model="hash", model_dir=tmp_path, index=tmp_path / "index")


def keys(settings: Settings) -> list[str]:
    return [document.key for document in store_of(settings).view().documents()]


def test_documents_given_are_what_the_index_holds(settings: Settings) -> None:
    built = ingest_documents([TEA, COFFEE], settings)
    assert (built.added, built.passages) == (2, 2)
    assert keys(settings) == ["coffee", "tea"]
    again = ingest_documents([TEA], settings)
    assert (again.added, again.unchanged, again.removed) == (0, 1, 1)
    assert keys(settings) == ["tea"]


def test_kept_documents_stay(settings: Settings) -> None:
    ingest_documents([TEA, COFFEE], settings)
    assert ingest_documents([TEA], settings, keep=[COFFEE.id]).removed == 0
    assert keys(settings) == ["coffee", "tea"]


def test_progress_is_told_of_each_stage(settings: Settings) -> None:
    told: list[str] = []
    ingest_documents([TEA], settings, progress=lambda stage, done, total: told.append(stage))
    assert told == ["learn", "learn", "encode"]


def test_a_file_that_cannot_be_read_is_reported_and_its_old_version_stays(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "tea.txt").write_text("绿茶产于山地。", encoding="utf-8")
    (folder / "coffee.txt").write_text("咖啡产于高原。", encoding="utf-8")
    ingest([folder], settings)
    (folder / "coffee.txt").write_bytes(b"")
    done = ingest([folder], settings)
    assert len(done.failures) == 1 and "coffee.txt" in str(done.failures[0])
    assert keys(settings) == ["coffee.txt", "tea.txt"]


def test_where_nothing_can_be_read_nothing_is_changed(settings: Settings, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    with pytest.raises(FileError, match=r"empty\.txt"):
        ingest([empty], settings)
    assert not settings.index.exists()
