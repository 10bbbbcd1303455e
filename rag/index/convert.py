"""Writes parsed weights as a folder that ``SentenceTransformer(path)`` loads: float32, mean pooling, unit length."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from rag.index.prompts import E5_PROMPTS
from rag.index.vocabulary import BEGIN, END, MASK, PAD, UNKNOWN, build_tokenizer, kept_pieces
from rag.index.weights import Shape, Weights

# Where the file's short names stand in a layer of Hugging Face's BERT.
_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_sentence_transformer(weights: Weights, folder: Path) -> None:
    """Write ``weights`` into the existing folder ``folder``, its vocabulary reduced to ``kept_pieces``."""
    kept = kept_pieces(weights.pieces)
    pieces = [weights.pieces[i] for i in kept]
    save_file(_state(weights, kept), folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(pieces, weights.scores[kept], weights.normalisation).save(str(folder / "tokenizer.json"))
    for name, content in _configs(weights.shape, pieces).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")


def _state(weights: Weights, kept: list[int]) -> dict[str, NDArray[np.float32]]:
    """The tensors under the names of Hugging Face's BertModel."""
    hidden = weights.shape.hidden
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", hidden, kept),
        "embeddings.position_embeddings.weight": weights.matrix("emb.pos", hidden),
        "embeddings.token_type_embeddings.weight": weights.matrix("emb.type", hidden),
        "embeddings.LayerNorm.weight": weights.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.vector("emb.ln.b"),
        # The file has no pooler, and mean pooling uses none; zeros keep the loader from warning of its absence.
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    for layer in range(weights.shape.layers):
        for short, long in _DENSE.items():
            columns = weights.shape.intermediate if short == "fo" else hidden
            state[f"encoder.layer.{layer}.{long}.weight"] = weights.matrix(f"l{layer}.{short}.w", columns)
            state[f"encoder.layer.{layer}.{long}.bias"] = weights.vector(f"l{layer}.{short}.b")
        for short, long in _NORMS.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = weights.vector(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{long}.bias"] = weights.vector(f"l{layer}.{short}.b")
    return state


def _configs(shape: Shape, pieces: list[str]) -> dict[str, Any]:
    """The JSON files of the folder, as ``SentenceTransformer.save_pretrained`` of version 6 writes them."""
    base = "sentence_transformers.base.modules"
    modules = [
        ("", f"{base}.transformer.Transformer"),
        ("1_Pooling", "sentence_transformers.sentence_transformer.modules.pooling.Pooling"),
        ("2_Normalize", f"{base}.normalize.Normalize"),
    ]
    output = "sentence_embedding"
    return {
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {
            "transformer_task": "feature-extraction",
            "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
            "module_output_name": "token_embeddings",
        },
        "1_Pooling/config.json": {"embedding_dimension": shape.hidden, "pooling_mode": "mean", "include_prompt": True},
        "2_Normalize/config.json": {"module_input_name": output, "module_output_name": output},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": E5_PROMPTS.query, "document": E5_PROMPTS.passage},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "vocab_size": len(pieces),
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.intermediate,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.token_types,
            # The file keeps it as a float32, whose neighbour in decimals is 1e-12.
            "layer_norm_eps": float(f"{shape.epsilon:.6g}"),
            "hidden_act": "gelu",
            "bos_token_id": pieces.index(BEGIN),
            "eos_token_id": pieces.index(END),
            "pad_token_id": pieces.index(PAD),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": BEGIN,
            "cls_token": BEGIN,
            "eos_token": END,
            "sep_token": END,
            "pad_token": PAD,
            "unk_token": UNKNOWN,
            "mask_token": MASK,
            "padding_side": "right",
            "truncation_side": "right",
            "clean_up_tokenization_spaces": False,
            "model_input_names": ["input_ids", "attention_mask"],
        },
    }
