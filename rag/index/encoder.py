"""Texts → unit vectors: what every encoder offers, and what the neural ones have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.index.prompts import Prompts
from rag.index.windows import Span, Window, WindowCutter, covered_by

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
# Passages whose tokens are held at once.
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class EncodedPassage:
    """The vectors of one passage, float32, unit length.

    Attributes:
        vectors: ``(w, d)``, one a window.
        windows: ``w`` half-open character spans of the passage's text, without gap or overlap.
        span_vectors: ``(s, d)``, one a span that was asked for: the mean of its tokens' vectors in the pass that
            made ``vectors``, so each knows its surroundings ("late chunking", Günther et al. 2024). A span in which
            no token lies has the passage's vector.
    """

    vectors: Vectors
    windows: tuple[Span, ...]
    span_vectors: Vectors

    @property
    def vector(self) -> Vectors:
        """``(d,)``: the passage's one vector, the mean of its windows' at unit length."""
        return unit(self.vectors.mean(axis=0))


class Encoder(Embeddings, ABC):
    """Turns queries and passages into vectors whose dot product is their similarity.

    Safe to use from several threads. Also a LangChain ``Embeddings``.

    >>> from rag.index.embed import HashEncoder
    >>> encoder = HashEncoder()
    >>> query = encoder.encode_queries(["供应链"])[0]
    >>> near, far = encoder.encode_passages(["什么是供应链", "今天下雨"])
    >>> bool(query @ near.vector > query @ far.vector)
    True
    """

    name: str
    fingerprint: str
    dimension: int
    max_tokens: int

    @abstractmethod
    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """``(n, d)`` float32, unit length. A query longer than a window has the mean of its windows' vectors."""

    @abstractmethod
    def encode_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[EncodedPassage]:
        """Encode passages, in order; one longer than a window in several, never cut short.

        Args:
            texts: any length, also "".
            spans: for each text, half-open character spans to have vectors of; windows end at their ends if possible.
            progress: told how many of the passages are done, now and then and at the end.
        """

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's face of ``encode_passages``: one vector a text."""
        return [passage.vector.tolist() for passage in self.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's face of ``encode_queries``."""
        return self.encode_queries([text])[0].tolist()  # type: ignore[no-any-return]


class NeuralEncoder(Encoder):
    """A transformer behind a tokenizer; the engine is the subclass's business."""

    def __init__(
        self, *, name: str, fingerprint: str, dimension: int, max_tokens: int, prompts: Prompts, tokenizer: Tokenizer
    ) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.prompts = prompts
        self._cutter = WindowCutter(tokenizer, max_tokens)

    @abstractmethod
    def _run(self, windows: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, Vectors, Vectors]]:
        """For each list of token ids, in any order: its place, ``(tokens, d)`` and the pooled ``(d,)``."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See :meth:`Encoder.encode_queries`."""
        encoded = self._encode(texts, self.prompts.query, [()] * len(texts), None)
        return np.array([passage.vector for passage in encoded], np.float32).reshape(-1, self.dimension)

    def encode_passages(
        self,
        texts: Sequence[str],
        spans: Sequence[Sequence[Span]] | None = None,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> list[EncodedPassage]:
        """See :meth:`Encoder.encode_passages`."""
        return self._encode(texts, self.prompts.passage, [()] * len(texts) if spans is None else spans, progress)

    def _encode(
        self,
        texts: Sequence[str],
        prompt: str,
        spans: Sequence[Sequence[Span]],
        progress: Callable[[int], None] | None,
    ) -> list[EncodedPassage]:
        if len(texts) != len(spans):
            raise ValueError(f"{len(texts)} texts, but spans for {len(spans)}")
        encoded: list[EncodedPassage] = []
        for first in range(0, len(texts), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            encoded += self._encode_some(texts[some], prompt, spans[some])
            if progress:
                progress(len(encoded))
        return encoded

    def _encode_some(self, texts: Sequence[str], prompt: str, spans: Sequence[Sequence[Span]]) -> list[EncodedPassage]:
        cut = [self._cutter.cut(text, prompt, wanted) for text, wanted in zip(texts, spans, strict=True)]
        places = [(t, w) for t, windows in enumerate(cut) for w in range(len(windows))]
        pooled = [np.empty((len(windows), self.dimension), np.float32) for windows in cut]
        sums = [np.zeros((len(wanted), self.dimension), np.float32) for wanted in spans]
        counts = [np.zeros(len(wanted), np.float32) for wanted in spans]
        for i, tokens, vector in self._run([cut[t][w].ids for t, w in places]):
            t, w = places[i]
            pooled[t][w] = unit(vector)
            if spans[t]:
                shares = covered_by(spans[t], cut[t][w].starts, cut[t][w].ends)
                sums[t] += shares @ tokens
                counts[t] += shares.sum(axis=1)
        return [_passage(*parts) for parts in zip(cut, pooled, sums, counts, strict=True)]


def _passage(windows: list[Window], vectors: Vectors, sums: Vectors, counts: Vectors) -> EncodedPassage:
    span_vectors = unit(sums)
    span_vectors[counts == 0] = unit(vectors.mean(axis=0))
    return EncodedPassage(vectors, tuple((window.start, window.end) for window in windows), span_vectors)


def unit(vectors: Vectors) -> Vectors:
    """The vectors along the last axis at length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
