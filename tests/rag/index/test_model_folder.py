import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from rag.errors import ModelError, StorageError
from rag.index.model_folder import Facts, locked, publish, read_facts, verify
from rag.index.prompts import E5_PROMPTS

FACTS = Facts(dimension=8, max_tokens=16, prompts=E5_PROMPTS, source="here")


def build(folder: Path) -> Facts:
    (folder / "weights").write_bytes(b"12345678")
    (folder / "inner").mkdir()
    (folder / "inner" / "config.json").write_text("{}")
    return FACTS


def test_a_published_folder_says_what_it_holds(tmp_path: Path) -> None:
    publish(tmp_path / "m", build, needed_bytes=1)
    assert read_facts(tmp_path / "m", check=True) == FACTS
    assert verify(tmp_path / "m") == []
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_build_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    publish(tmp_path / "m", build, needed_bytes=1)

    def fail(folder: Path) -> Facts:
        (folder / "weights").write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(tmp_path / "m", fail, needed_bytes=1)
    assert verify(tmp_path / "m") == []
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".m.work-dead").mkdir()
    (tmp_path / ".m.work-dead" / "weights").write_bytes(b"half")
    publish(tmp_path / "m", build, needed_bytes=1)
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_damage_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    publish(folder, build, needed_bytes=1)
    (folder / "weights").write_bytes(b"12345679")
    assert read_facts(folder, check=True) == FACTS  # the size is right
    assert verify(folder) == ["weights"]
    (folder / "weights").write_bytes(b"1234")
    with pytest.raises(ModelError, match=r"weights is missing or not .* suanlian doctor --repair"):
        read_facts(folder, check=True)
    (folder / "model.json").write_text("{")
    with pytest.raises(ModelError, match=r"model\.json"):
        read_facts(folder)


def test_a_folder_of_another_recipe_is_no_model_of_ours(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    publish(folder, build, needed_bytes=1)
    content = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**content, "recipe": -1}))
    assert read_facts(folder) is None


def test_too_little_space_is_said_before_work_begins(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="free some space"):
        publish(tmp_path / "m", build, needed_bytes=1 << 62)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_is_told_from_a_library_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    def fill(folder: Path) -> Facts:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free=0))
        raise RuntimeError("protobuf: write failed")

    with pytest.raises(StorageError, match="free some space"):
        publish(tmp_path / "m", fill, needed_bytes=1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError), locked(tmp_path / "file" / "m", lambda: None):
        pass
