"""Vectors made once, as an encoder that only looks them up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray


class GivenVectors(Embeddings):
    """What an encoder says of some passages and questions, and of nothing else.

    Args:
        passages, questions: text → vector, ``(d,) float32``, unit length.
    """

    name = "given"

    def __init__(self, passages: dict[str, NDArray[np.float32]], questions: dict[str, NDArray[np.float32]]) -> None:
        self._passages = passages
        self._questions = questions

    @classmethod
    def of(cls, passages: Sequence[str], questions: Sequence[str], encoder: Any) -> Self:
        """Encode them."""
        encoded = [passage.vector for passage in encoder.encode_passages(passages)]
        asked = encoder.encode_queries(questions)
        return cls(dict(zip(passages, encoded, strict=True)), dict(zip(questions, asked, strict=True)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's face."""
        return [self._passages[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's face."""
        found: list[float] = self._questions[text].tolist()
        return found

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, d)``."""
        return np.stack([self._questions[text] for text in texts])
