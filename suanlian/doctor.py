"""``suanlian doctor``: what is wrong with this installation, model or index, and how to mend it."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from rag import IndexMismatchError, ModelError, Settings, SuanlianError, encoder_of, store_of
from rag.index.build import build, check
from rag.index.embed import Encoder, HashEncoder
from rag.index.model import prepare_model, repair_model, verify
from rag.index.model_folder import damaged
from suanlian.doctor_llm import look_at_language_model

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
    """Look at the packages, the model, the index and the language model, and at what optional parts need where they are
    configured.

    With ``repair`` a damaged prepared model is made anew, and an index that was made with other settings is made anew
    from the documents that it holds. A missing or damaged index is only reported: what belongs in it is not known here.
    """
    findings = [_packages()]
    model, encoder = _model(settings, repair)
    findings.append(model)
    findings.append(_index(settings, encoder, repair))
    findings.append(Finding("language_model", *look_at_language_model(settings)))
    return findings + _traces()


def _finding(name: str, error: SuanlianError, more: str = "") -> Finding:
    message = f"{error.zh} / {error.en}" if error.zh != error.en else error.en
    return Finding(name, False, message + more)


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


def _model(settings: Settings, repair: bool) -> tuple[Finding, Encoder | None]:
    """The model, opened and tried on a word, or what is wrong with it."""
    try:
        where = _prepared(settings, repair)
        encoder = encoder_of(settings)
        encoder.encode_queries(["检查"])
    except SuanlianError as error:
        return _finding("model", error), None
    return Finding("model", True, f"{encoder.name}, {encoder.dimension} dimensions, {where}"), encoder


def _prepared(settings: Settings, repair: bool) -> str:
    """Where the model's folder is, its files held against their checksums where they were prepared here.

    Raises:
        ModelError: a file is damaged (and, with ``repair``, it could not be made anew).
    """
    if settings.model == HashEncoder().name:
        return "made of nothing"
    facts: dict[str, Any] = {"model_dir": settings.model_dir, "engine": settings.engine}
    try:
        prepared = prepare_model(settings.model, **facts)
        wrong = verify(prepared.path) if prepared.path.parent == settings.model_dir else []
        if wrong:
            raise damaged(prepared.path / wrong[0])
    except ModelError:
        if not repair:
            raise
        prepared = repair_model(settings.model, **facts)
    return f"{prepared.engine} at {prepared.path}"


def _index(settings: Settings, encoder: Encoder | None, repair: bool) -> Finding:
    """The index, all its checksums verified, and whether it fits the settings (as far as there is a model to ask)."""
    store = store_of(settings)
    made_anew = ""
    try:
        view = store.view()
        try:
            if encoder:
                check(view.fingerprint, encoder, settings.passage_chars, view.learned, str(settings.index))
        except IndexMismatchError as error:
            if not (repair and encoder):
                offer = f" `suanlian doctor --repair --index {settings.index}` rebuilds it from the documents it holds."
                return _finding("index", error, offer)
            build(store, view.documents(), encoder, passage_chars=settings.passage_chars, fresh=True)
            view, made_anew = store.view(), ", made anew from the documents it held"
    except SuanlianError as error:
        return _finding("index", error)
    held = f"generation {view.generation}, {len(view.documents())} documents, {view.count} passages"
    return Finding("index", True, f"{settings.index}/{settings.collection}: {held}{made_anew}")


def _traces() -> list[Finding]:
    """Whether traces that the environment asks for can be had; nothing where it asks for none."""
    from api.watch.tracing import check_tracing

    try:
        exporter = check_tracing()
    except SuanlianError as error:
        return [_finding("traces", error)]
    return [Finding("traces", True, f"exported by {exporter}")] if exporter else []
