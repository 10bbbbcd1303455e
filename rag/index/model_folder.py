"""A folder with a prepared model: published whole by one rename, and listed in its ``model.json``."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rag.errors import ModelError, StorageError
from rag.index.files import sha256, storage, sync_file, sync_folder
from rag.index.prompts import Prompts

MANIFEST = "model.json"
ONNX_FILE = "model.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
# Raised when the same source would now give other vectors or other files: older folders are then made anew.
RECIPE = 1
LOCK_SECONDS = 600
REPAIR = "suanlian doctor --repair"


@dataclass(frozen=True, slots=True)
class Facts:
    """What serving needs to know of a model. ``source`` names the weights it was made from."""

    dimension: int
    max_tokens: int
    prompts: Prompts
    source: str


def read_facts(folder: Path, *, check: bool = False) -> Facts | None:
    """What ``model.json`` says, or None where another recipe made the folder.

    Raises:
        ModelError: there is no readable ``model.json``; with ``check``, also a missing file or another size.
    """
    content = _manifest(folder)
    if content is None:
        return None
    facts = content["facts"]
    if check:
        for name, expected in content["files"].items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != expected["size"]:
                raise damaged(path)
    return Facts(**{**facts, "prompts": Prompts(**facts["prompts"])})


def verify(folder: Path) -> list[str]:
    """Names of the files that are missing or differ from their checksum: [] for a sound folder. Reads every byte.

    Raises:
        ModelError: there is no readable ``model.json``, or another version's recipe made the folder.
    """
    content = _manifest(folder)
    if content is None:
        raise damaged(folder / MANIFEST)
    return [
        name
        for name, expected in content["files"].items()
        if not (folder / name).is_file() or sha256(folder / name) != expected["sha256"]
    ]


def damaged(path: Path) -> ModelError:
    """The error for a file of a prepared model that cannot be used."""
    return ModelError(
        f"The prepared model is damaged: {path} is missing or not as it was written. Run: {REPAIR}",
        f"已准备的模型损坏：{path} 缺失或与写入时不同。请运行：{REPAIR}",
    )


def _manifest(folder: Path) -> dict[str, dict[str, Any]] | None:
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["recipe"] != RECIPE:
            return None
        return {"facts": dict(content["facts"]), "files": dict(content["files"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


@contextlib.contextmanager
def locked(target: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock under which ``target`` is made; ``waiting`` is called if another process holds it.

    Raises:
        ModelError: another process has held it for ten minutes.
        StorageError: the folder above ``target`` cannot be written to.
    """
    with storage(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.parent / f".{target.name}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            try:
                lock.acquire(timeout=LOCK_SECONDS)
            except Timeout as error:
                raise ModelError(
                    f"Another process has been preparing {target} for {LOCK_SECONDS} s; end it or wait, then retry.",
                    f"另一个进程准备 {target} 已超过 {LOCK_SECONDS} 秒；请结束它或稍后重试。",
                ) from error
    try:
        yield
    finally:
        lock.release()


def publish(target: Path, build: Callable[[Path], Facts], *, needed_bytes: int) -> None:
    """Have ``build`` fill an empty folder, then make that folder ``target`` in one step. Call it under ``locked``.

    What stood at ``target`` is replaced. If anything fails, or the process dies, ``target`` is as it was before.

    Raises:
        StorageError: less than ``needed_bytes`` are free, or the disk refused.
    """
    _discard_leftovers(target)
    _require_space(target.parent, needed_bytes)
    with storage(target.parent):
        work = Path(tempfile.mkdtemp(prefix=_work_prefix(target), dir=target.parent))
    try:
        with storage(target.parent):
            _seal(work, build(work))
            old = Path(tempfile.mkdtemp(prefix=_work_prefix(target), dir=target.parent))
            if target.exists():
                target.rename(old / target.name)
            work.rename(target)
            sync_folder(target.parent)
    except StorageError:
        raise
    except Exception as error:
        # Libraries tell of a full disk in errors of their own kinds, some without saying so.
        if "No space left" in str(error) or shutil.disk_usage(target.parent).free < 1 << 20:
            raise _full(target.parent, needed_bytes) from error
        raise
    finally:
        _discard_leftovers(target)


def _seal(folder: Path, facts: Facts) -> None:
    folder.chmod(0o755)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in files:
        path.chmod(0o644)
        sync_file(path)
    content = {
        "recipe": RECIPE,
        "facts": asdict(facts),
        "files": {
            str(path.relative_to(folder).as_posix()): {"size": path.stat().st_size, "sha256": sha256(path)}
            for path in files
        },
    }
    manifest = folder / MANIFEST
    manifest.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    for path in (manifest, *files):
        sync_file(path)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_folder(inner)


def _work_prefix(target: Path) -> str:
    return f".{target.name}.work-"


def _discard_leftovers(target: Path) -> None:
    for path in target.parent.glob(_work_prefix(target) + "*"):
        shutil.rmtree(path, ignore_errors=True)


def _require_space(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise _full(folder, needed)


def _full(folder: Path, needed: int) -> StorageError:
    size = f"{needed / 1e6:.0f} MB"
    return StorageError(
        f"Preparing the model needs {size} free in {folder}; free some space or set RAG_MODEL_DIR to another disk.",
        f"准备模型需要 {folder} 有 {size} 空闲空间；请腾出空间，或把 RAG_MODEL_DIR 设到别的磁盘。",
    )
