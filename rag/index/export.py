"""A sentence-transformers folder as an int8 ONNX file that ONNX Runtime serves without torch.

Weights are quantised per output channel to 7 of int8's 8 bits: processors without VNNI add two products in 16 bits,
which 8-bit weights overflow. That costs .0002 of cosine to fp32 and gives every processor the same model.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError
from rag.index.model_folder import ONNX_FILE, TOKENIZER_FILE, Facts
from rag.index.prompts import prompts_of

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OPSET = 17


def export(source: Path, folder: Path, *, name: str, origin: str, say: Callable[[str], None]) -> Facts:
    """Write ``model.int8.onnx`` and ``tokenizer.json`` of the model in ``source`` into ``folder`` (they may be one).

    Args:
        name: the model's name, from which its prompts are guessed if it declares none.
        origin: names the weights, for ``Facts.source``.
        say: told what is being done.

    Raises:
        ModelError: torch and its company are not installed, or the model is of a kind that cannot be exported.
    """
    try:
        import onnx  # noqa: F401  (torch's exporter needs it, and says so only late)
        import torch  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"Preparing a model for ONNX needs {error.name}; run: pip install torch sentence-transformers onnx",
            f"为 ONNX 准备模型需要 {error.name}；请运行：pip install torch sentence-transformers onnx",
        ) from error
    say("准备向量模型：载入 / loading the model")
    model = load_sentence_transformer(source)
    _require_mean_pooling(model, name)
    facts = Facts(
        dimension=int(model.get_embedding_dimension() or 0),
        max_tokens=int(model.max_seq_length or 512),
        prompts=prompts_of(name, model.prompts),
        source=origin,
    )
    if not (folder / TOKENIZER_FILE).exists():
        model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    whole = folder / "model.fp32.onnx"
    with quiet():
        say("准备向量模型：导出 ONNX / exporting to ONNX")
        _trace(model[0].model, whole)
        del model
        say("准备向量模型：量化 / quantising to int8")
        from onnxruntime.quantization import QuantType, quantize_dynamic

        quantize_dynamic(whole, folder / ONNX_FILE, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
    return facts


def load_sentence_transformer(source: Path) -> SentenceTransformer:
    """The model in the folder ``source``, on the CPU, without progress bars. Nothing is fetched.

    Raises:
        ModelError: sentence-transformers is not installed or cannot load the folder.
    """
    try:
        with quiet():
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(str(source), device="cpu", local_files_only=True)
    except ImportError as error:
        raise ModelError(
            f"The torch engine needs {error.name}; run: pip install torch sentence-transformers",
            f"torch 引擎需要 {error.name}；请运行：pip install torch sentence-transformers",
        ) from error
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise ModelError(
            f"sentence-transformers cannot load {source}: {error}. Give the folder of a sentence-transformers model.",
            f"sentence-transformers 无法载入 {source}：{error}。请给出一个 sentence-transformers 模型的文件夹。",
        ) from error


def _require_mean_pooling(model: SentenceTransformer, name: str) -> None:
    kinds = [type(module).__name__ for module in model]
    pooling = getattr(model[1], "pooling_mode", None) if len(kinds) > 1 else None
    modes = [pooling] if isinstance(pooling, str) else list(pooling or ())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if (
        kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        or modes != ["mean"]
        or tokenizer is None
    ):
        raise ModelError(
            f"{name} is not a plain transformer with mean pooling, so it cannot be exported; set RAG_ENGINE=torch.",
            f"{name} 不是均值池化的普通 Transformer，无法导出；请设置 RAG_ENGINE=torch。",
        )


def _trace(transformer: Any, path: Path) -> None:
    import torch

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            output = self.transformer(input_ids=input_ids, attention_mask=attention_mask)
            return output.last_hidden_state  # type: ignore[no-any-return]

    ids = torch.zeros((2, 4), dtype=torch.int64)
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    sizes = {0: "batch", 1: "length"}
    with torch.inference_mode():
        torch.onnx.export(
            TokenVectors().eval(),
            (ids, mask),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["last_hidden_state"],
            dynamic_axes={"input_ids": sizes, "attention_mask": sizes, "last_hidden_state": sizes},
            opset_version=OPSET,
            dynamo=False,
        )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Silence what the exporters say to developers: deprecations, tracer notes, hints in the log, progress bars."""
    from transformers.utils import logging as transformers_logging

    root, nowhere = logging.getLogger(), logging.NullHandler()
    bars, disabled = transformers_logging.is_progress_bar_enabled(), logging.root.manager.disable
    root.addHandler(nowhere)  # logging.warning() on a bare root logger would install a handler for good
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            warnings.simplefilter("ignore", UserWarning)  # torch.jit.TracerWarning is in none of these
            warnings.filterwarnings("ignore", message="Converting a tensor to a Python")
            yield
    finally:
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
        logging.disable(disabled)
        root.removeHandler(nowhere)
