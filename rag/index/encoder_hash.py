"""An encoder without a model: hashed character n-grams. For tests, and for trying things without weights."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from rag.index.encoder import EncodedPassage, Encoder, Vectors, unit
from rag.index.windows import Span, cut_points

NGRAMS = (1, 2, 3)


class HashEncoder(Encoder):
    """Texts are near that share characters and their neighbours (feature hashing, Weinberger et al. 2009).

    The same text has the same vector on every machine. A token is a character here.

    Args:
        dimension: 64 to 384 serve well.
        max_tokens: characters of a window.
    """

    def __init__(self, dimension: int = 256, *, max_tokens: int = 512) -> None:
        if dimension < 1 or max_tokens < 1:
            raise ValueError("dimension and max_tokens must be at least 1")
        self.name = "hash"
        self.fingerprint = "hash-1" if (dimension, max_tokens) == (256, 512) else f"hash-1-{dimension}-{max_tokens}"
        self.dimension = dimension
        self.max_tokens = max_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See :meth:`Encoder.encode_queries`."""
        return np.array([p.vector for p in self.encode_passages(texts)], np.float32).reshape(-1, self.dimension)

    def encode_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[EncodedPassage]:
        """See :meth:`Encoder.encode_passages`."""
        wanted = [()] * len(texts) if spans is None else spans
        if len(texts) != len(wanted):
            raise ValueError(f"{len(texts)} texts, but spans for {len(wanted)}")
        encoded = [self._passage(text, own) for text, own in zip(texts, wanted, strict=True)]
        if progress and encoded:
            progress(len(encoded))
        return encoded

    def _passage(self, text: str, spans: Sequence[Span]) -> EncodedPassage:
        cuts = cut_points(np.arange(len(text)), self.max_tokens, spans)
        windows = tuple(pairwise(cuts))
        vectors = np.array([self._vector(text[start:end]) for start, end in windows], np.float32)
        whole = unit(vectors.mean(axis=0))
        parts = [self._vector(text[start:end]) if text[start:end].strip() else whole for start, end in spans]
        return EncodedPassage(vectors, windows, np.array(parts, np.float32).reshape(-1, self.dimension))

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension, np.float32)
        for n in NGRAMS:
            for i in range(len(text) - n + 1):
                code = zlib.crc32(text[i : i + n].encode("utf-8", "surrogatepass"))
                vector[code % self.dimension] += 1 if code & (1 << 31) else -1
        if not vector.any():
            vector[0] = 1
        return unit(vector)
