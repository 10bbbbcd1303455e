import os
from pathlib import Path

import pytest

from rag.errors import FileError, NoDocumentsError
from rag.index.embed import HashEncoder
from rag.jobs.ingest import Ingested, encoder_of, ingest, ingest_documents, store_of
from rag.settings import Settings
from tests.rag.index.samples import BIRDS, STONES, TREES, document

ENCODER = HashEncoder()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", model="hash")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "inner").mkdir(parents=True)
    (folder / "trees.md").write_text(TREES, encoding="utf-8")
    (folder / "inner" / "birds.md").write_text(BIRDS, encoding="utf-8")
    (folder / "stones.txt").write_text(STONES, encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


def run(settings: Settings, *paths: Path, fresh: bool = False) -> Ingested:
    return ingest(paths, settings, encoder=ENCODER, fresh=fresh)


def held(settings: Settings) -> dict[str, int]:
    return {d.key: d.version for d in store_of(settings).view().documents()}


def test_a_folder_becomes_an_index(settings: Settings, folder: Path) -> None:
    told: list[tuple[str, int, int]] = []
    done = ingest([folder], settings, encoder=ENCODER, progress=lambda *step: told.append(step))
    assert done.failures == ()
    assert done.built.added == 3
    assert held(settings) == {"inner/birds.md": 1, "stones.txt": 1, "trees.md": 1}
    assert [step for step in told if step[0] == "read"] == [("read", n, 3) for n in (1, 2, 3)]
    assert (settings.index / "default" / "manifest.json").is_file()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_broken_file_does_not_hold_up_the_rest_and_its_stored_version_stays(
    settings: Settings, folder: Path, fresh: bool
) -> None:
    run(settings, folder)
    stored = store_of(settings).view().documents()
    (folder / "trees.md").write_bytes(b"%PDF-1.7 no markdown")
    (folder / "stones.txt").write_text(STONES + "\n玄武岩是黑色的。\n", encoding="utf-8")
    done = run(settings, folder, fresh=fresh)
    (failure,) = done.failures
    assert "trees.md" in failure.en
    assert done.built.replaced == 1
    assert done.built.removed == 0
    assert held(settings) == {"inner/birds.md": 1, "stones.txt": 2, "trees.md": 1}
    trees = next(d for d in stored if d.key == "trees.md")
    assert store_of(settings).view().document(trees.id) == trees


def test_where_all_are_broken_the_index_is_untouched(settings: Settings, folder: Path) -> None:
    run(settings, folder)
    before = store_of(settings).view().generation
    for path in (folder / "trees.md", folder / "inner" / "birds.md", folder / "stones.txt"):
        path.write_bytes(b"")
    with pytest.raises(FileError, match=r"birds\.md is empty"):
        run(settings, folder)
    assert store_of(settings).view().generation == before
    assert len(held(settings)) == 3


def test_where_all_are_broken_from_the_start_there_is_no_index(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    with pytest.raises(FileError):
        run(settings, tmp_path / "a.md")
    assert not settings.index.exists()


def test_an_empty_folder(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoDocumentsError, match="no document to read"):
        run(settings, tmp_path / "empty")
    with pytest.raises(FileError, match="does not exist"):
        run(settings, tmp_path / "nowhere")
    assert not settings.index.exists()


def test_what_is_no_longer_there_goes(settings: Settings, folder: Path) -> None:
    run(settings, folder)
    (folder / "trees.md").unlink()
    assert run(settings, folder).built.removed == 1
    assert held(settings) == {"inner/birds.md": 1, "stones.txt": 1}


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX systems only")
def test_a_name_that_is_not_utf_8_is_one_broken_file(settings: Settings, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xb2\xe2.md")).write_text(TREES, encoding="utf-8")
    (failure,) = run(settings, folder).failures
    assert "is not UTF-8; rename it" in failure.en
    failure.en.encode()
    assert len(held(settings)) == 3


def test_documents_of_a_program(settings: Settings) -> None:
    done = ingest_documents([document(TREES, "trees.md")], settings)
    assert (done.added, held(settings)) == (1, {"trees.md": 1})
    kept = document(TREES, "trees.md").id
    done = ingest_documents([document(BIRDS, "birds.md")], settings, keep=[kept])
    assert (done.added, done.removed, held(settings)) == (1, 0, {"birds.md": 1, "trees.md": 1})


def test_the_settings_name_the_model_and_the_place(settings: Settings) -> None:
    assert encoder_of(settings).name == "hash"
    assert store_of(settings).folder == settings.index / "default"
