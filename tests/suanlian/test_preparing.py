from __future__ import annotations

from pathlib import Path

import pytest

from rag import IndexMismatchError, IndexMissingError, InputError, Settings, SuanlianError, store_of
from suanlian.preparing import prepare
from tests.rag.index.samples import BIRDS


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "birds.md").write_text(BIRDS, encoding="utf-8")
    return Settings(index=tmp_path / "index", documents=tmp_path / "documents", model="hash")


def test_a_missing_index_is_built_in_a_process_that_is_gone_afterwards(settings: Settings) -> None:
    examples = prepare(settings)
    assert isinstance(examples, Path) and examples.name == "examples.txt"
    assert store_of(settings).view().generation == 1


def test_what_goes_wrong_there_is_told_as_it_is_here(settings: Settings) -> None:
    prepare(settings)
    with pytest.raises(IndexMismatchError, match="splitter") as caught:
        prepare(settings.model_copy(update={"passage_chars": 400}))
    assert caught.value.zh != caught.value.en
    assert "doctor --repair" in caught.value.zh
    blocked = settings.index.parent / "file"
    blocked.write_text("")
    with pytest.raises((OSError, SuanlianError), match="file"):
        prepare(settings.model_copy(update={"index": blocked / "below"}))


def test_an_error_keeps_the_class_that_decides_the_exit_code(settings: Settings) -> None:
    with pytest.raises(IndexMissingError) as caught:  # a collection named on the command line is not built
        prepare(settings.model_copy(update={"collection": "elsewhere"}), "elsewhere")
    assert caught.value.code == "index_missing" and "elsewhere" in caught.value.zh
    settings.documents.joinpath("birds.md").write_bytes(b"\x00\xff\x00")
    with pytest.raises(InputError) as unreadable:
        prepare(settings)
    assert unreadable.value.zh != unreadable.value.en
