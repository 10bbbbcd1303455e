"""``suanlian doctor``: what is wrong with this installation, model or index, and how to mend it."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from rag import Settings, SuanlianError, ingest, store_of
from rag.index.model import prepare_model, verify

_PACKAGES = (
    "faiss-cpu",
    "onnxruntime",
    "tokenizers",
    "jieba",
    "langchain-core",
    "sentence-transformers",
    "torch",
    "fastapi",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and if not, what to do."""

    name: str
    ok: bool
    message: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def examine(settings: Settings, *, repair: bool = False) -> list[Finding]:
    """Look at the packages, the model and the index; with ``repair`` a damaged model or index is made anew."""
    findings = [_packages()]
    model = _look("model", lambda: _model(settings))
    if repair and not model.ok:
        shutil.rmtree(settings.model_dir / settings.model, ignore_errors=True)
        model = _look("model", lambda: _model(settings))
    findings.append(model)
    index = _look("index", lambda: _index(settings))
    if repair and model.ok and not index.ok:
        index = _look("index", lambda: _rebuilt(settings))
    findings.append(index)
    return findings


def _look(name: str, examine: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, examine())
    except SuanlianError as error:
        return Finding(name, False, f"{error.zh} / {error.en}" if error.zh != error.en else error.en)


def _packages() -> Finding:
    found, lacking = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            lacking.append(name)
    if lacking:
        return Finding("packages", False, f"missing: {', '.join(lacking)}. Run `pip install {' '.join(lacking)}`.")
    return Finding("packages", True, f"Python {platform.python_version()}, {', '.join(found)}")


def _model(settings: Settings) -> str:
    prepared = prepare_model(settings.model, model_dir=settings.model_dir, engine=settings.engine)
    verify(prepared.path)
    return f"{prepared.name} ({prepared.engine}) at {prepared.path}"


def _index(settings: Settings) -> str:
    view = store_of(settings).view()
    documents = view.documents()
    return f"{settings.index}/{settings.collection}: generation {view.generation}, {len(documents)} documents, {view.count} passages"


def _rebuilt(settings: Settings) -> str:
    done = ingest([settings.documents], settings, fresh=True)
    return f"made anew from {settings.documents}: {done.built.passages} passages"
