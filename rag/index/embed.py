"""Opens the encoder of a model. The public names of the embedding stage are here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rag.index.encoder import EncodedPassage, Encoder
from rag.index.encoder_hash import HashEncoder
from rag.index.model import DEFAULT_MODEL, Engine, prepare_model

__all__ = ["EncodedPassage", "Encoder", "HashEncoder", "open_encoder"]


def open_encoder(
    name: str = DEFAULT_MODEL,
    *,
    model_dir: Path,
    engine: Engine = "onnx",
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Encoder:
    """Open a model, preparing it first if need be (see :func:`rag.index.model.prepare_model`).

    Args:
        name: a model's name, a folder, or "hash" for :class:`HashEncoder`, which needs no model.
        engine: "onnx" (int8, no torch in the process) or "torch" (fp32). Their vectors differ a little (cosine .997),
            and so do their fingerprints.
        threads: None or 0 for one a core.

    Raises:
        ModelError: the model is not to be had, or its folder is damaged.
        StorageError: the disk refused while preparing it.
    """
    if name == "hash":
        return HashEncoder()
    model = prepare_model(name, model_dir=model_dir, engine=engine, progress=progress)
    # Either engine is imported only when it is asked for: torch takes seconds and half a gigabyte.
    if engine == "onnx":
        from rag.index.encoder_onnx import OnnxEncoder

        return OnnxEncoder(model, threads=threads)
    from rag.index.encoder_torch import TorchEncoder

    return TorchEncoder(model, threads=threads)
