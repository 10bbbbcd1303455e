import shutil
import sys
from pathlib import Path

import pytest

from rag import Settings, ingest, store_of
from suanlian.doctor import Finding, examine
from tests.rag.index.samples import BIRDS, STONES, TREES


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in (("trees.md", TREES), ("birds.md", BIRDS), ("stones.md", STONES)):
        (folder / name).write_text(text, encoding="utf-8")
    return Settings(index=tmp_path / "index", model="hash", model_dir=tmp_path / "models")


def built(settings: Settings) -> Settings:
    """Build it twice, so that a document is in its second version."""
    folder = settings.index.parent / "documents"
    ingest([folder], settings)
    (folder / "stones.md").write_text(STONES.replace("硬", "脆"), encoding="utf-8")
    ingest([folder], settings)
    return settings


def looked(settings: Settings, *, repair: bool = False) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(settings, repair=repair)}


def held(settings: Settings) -> dict[str, int]:
    return {d.key: d.version for d in store_of(settings).view().documents()}


HELD = {"birds.md": 1, "stones.md": 2, "trees.md": 1}


def test_all_is_well(settings: Settings) -> None:
    findings = looked(built(settings))
    assert [finding.ok for finding in findings.values()] == [True, True, True, True]
    assert "generation 2, 3 documents" in findings["index"].message
    assert "hash, 256 dimensions" in findings["model"].message
    assert findings["index"].as_dict() == {"name": "index", "ok": True, "message": findings["index"].message}


@pytest.mark.parametrize("repair", [False, True])
def test_a_missing_index_is_told_with_the_command_and_not_made_up(settings: Settings, repair: bool) -> None:
    index = looked(settings, repair=repair)["index"]
    assert not index.ok
    assert f"`suanlian build --index {settings.index}`" in index.message
    assert not settings.index.exists()


@pytest.mark.parametrize("repair", [False, True])
def test_a_damaged_index_is_told_with_the_command_and_left_as_it_is(settings: Settings, repair: bool) -> None:
    folder = store_of(built(settings)).folder
    damaged = next(folder.glob("segment-*")) / "vectors.faiss"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    index = looked(settings, repair=repair)["index"]
    assert not index.ok
    assert "vectors.faiss has" in index.message
    assert f"`suanlian build DOCUMENTS --index {settings.index} --fresh`" in index.message


def test_an_index_of_other_settings_is_made_anew_from_what_it_holds(settings: Settings) -> None:
    other = built(settings).model_copy(update={"passage_chars": 60})
    shutil.rmtree(settings.index.parent / "documents")  # the files may long be gone
    before = looked(other)["index"]
    assert not before.ok
    assert "built with splitter" in before.message
    assert f"`suanlian doctor --repair --index {settings.index}`" in before.message
    assert held(settings) == HELD

    after = looked(other, repair=True)["index"]
    assert after.ok
    assert "generation 3, 3 documents" in after.message
    assert "made anew from the documents it held" in after.message
    assert held(settings) == HELD
    assert looked(other)["index"].ok
    assert not looked(settings)["index"].ok


def test_a_model_that_is_not_there_is_told_and_the_index_still_looked_at(settings: Settings) -> None:
    findings = looked(built(settings).model_copy(update={"model": "./none"}), repair=True)
    assert not findings["model"].ok
    assert "There is no model folder ./none" in findings["model"].message
    assert findings["index"].ok
    assert held(settings) == HELD


def test_a_damaged_file_of_the_model_is_named(settings: Settings, model_dir: Path) -> None:
    name = "multilingual-e5-small"
    shutil.copytree(model_dir / name, settings.model_dir / name)
    theirs = built(settings).model_copy(update={"model": name})
    path = settings.model_dir / name / "tokenizer.json"
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    model = looked(theirs)["model"]
    assert not model.ok
    assert "tokenizer.json is missing or not as it was written" in model.message


def test_traces_are_looked_at_only_where_they_are_asked_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "traces" not in looked(built(settings))
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    assert looked(settings)["traces"].ok
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    missing = looked(settings)["traces"]
    assert not missing.ok
    assert "pip install 'suanlian[otel]'" in missing.message
