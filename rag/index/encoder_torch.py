"""The fp32 face of a model: sentence-transformers on torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.index.encoder import NeuralEncoder, Vectors
from rag.index.export import load_sentence_transformer
from rag.index.model import PreparedModel
from rag.index.prompts import prompts_of

# Tokens of a batch, padding included: enough to keep two cores busy, some 100 MB of activations.
BATCH_TOKENS = 2048


class TorchEncoder(NeuralEncoder):
    """Any sentence-transformers model that gives token vectors. The pooling is the model's own.

    Args:
        threads: torch's threads, a setting of the whole process; None or 0 leaves it as it is.

    Raises:
        ModelError: the model cannot be loaded, has no fast tokenizer, or changes the dimension after pooling.
    """

    def __init__(self, model: PreparedModel, *, threads: int | None = None) -> None:
        loaded = load_sentence_transformer(model.path)
        loaded.eval()
        tokenizer = getattr(loaded.tokenizer, "backend_tokenizer", None)
        if tokenizer is None:
            raise ModelError(
                f"{model.name} has no fast tokenizer, so sentences cannot be found among its tokens; "
                "set RAG_MODEL to another model.",
                f"{model.name} 没有快速分词器，无法定位句子；请把 RAG_MODEL 设为其他模型。",
            )
        if threads:
            import torch

            torch.set_num_threads(threads)
        self._model = loaded
        self._pad = int(loaded.tokenizer.pad_token_id or 0)
        super().__init__(
            name=model.name,
            fingerprint=model.fingerprint,
            dimension=int(loaded.get_embedding_dimension() or 0),
            max_tokens=int(loaded.max_seq_length or 512),
            prompts=prompts_of(model.name, loaded.prompts),
            # A copy: sentence-transformers sets its own to truncate and pad.
            tokenizer=Tokenizer.from_str(tokenizer.to_str()),
        )
        ((_, tokens, pooled),) = self._run([self._cutter.cut("", self.prompts.passage, ())[0].ids])
        if tokens.shape[1] != len(pooled):
            raise ModelError(
                f"{model.name} has token vectors of {tokens.shape[1]} dimensions but text vectors of {len(pooled)}, "
                "so sentences cannot be compared with queries; set RAG_MODEL to another model.",
                f"{model.name} 的词元向量与文本向量维数不同，无法比较句子与问题；请把 RAG_MODEL 设为其他模型。",
            )

    def _run(self, windows: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, Vectors, Vectors]]:
        import torch

        for batch in _batches([len(ids) for ids in windows]):
            longest = max(len(windows[i]) for i in batch)
            ids = np.full((len(batch), longest), self._pad, dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, i in enumerate(batch):
                ids[row, : len(windows[i])] = windows[i]
                mask[row, : len(windows[i])] = 1
            with torch.inference_mode():
                output = self._model({"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)})
            tokens = output["token_embeddings"].float().numpy()
            pooled = output["sentence_embedding"].float().numpy()
            for row, i in enumerate(batch):
                yield i, tokens[row, : len(windows[i])], pooled[row]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places in ``lengths``, near lengths together, at most ``BATCH_TOKENS`` a batch with padding."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and lengths[i] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
