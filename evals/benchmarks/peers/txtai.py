"""txtai: embeddings with ``hybrid``, its convex combination of BM25 and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings

from evals.benchmarks.peers import DEPTH, Cut, Search

_QUERY, _PASSAGE = "query: ", "passage: "  # txtai's instructions tell a question from a passage


def index(texts: Sequence[str], encoder: Any, cut: Cut | None) -> Search:
    """See :mod:`evals.benchmarks.peers`. For jieba it is given texts and questions with blanks between the words, while
    the vectors are made of them as they are."""
    whole: dict[str, str] = {}  # jieba's cut for search says parts twice: what was cut cannot be put together again

    def spaced(text: str) -> str:
        blanks = " ".join(cut(text)) if cut else text
        whole[blanks] = text
        return blanks

    def transform(prefixed: list[str]) -> NDArray[np.float32]:
        if prefixed[0].startswith(_QUERY):
            return np.asarray(encoder.encode_queries([whole[text.removeprefix(_QUERY)] for text in prefixed]))
        vectors = encoder.embed_documents([whole[text.removeprefix(_PASSAGE)] for text in prefixed])
        return np.asarray(vectors, dtype=np.float32)

    words: dict[str, Any] = {"hybrid": True}
    if cut:  # what hybrid stands for, with another tokenizer
        scoring = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"whitespace": True}}
        words = {"dense": True, "scoring": scoring}
    both = Embeddings(
        method="external",
        transform=transform,
        instructions={"query": _QUERY, "data": _PASSAGE},
        **words,
    )
    both.index([(number, spaced(text), None) for number, text in enumerate(texts)])
    return lambda question: [int(number) for number, _ in both.search(spaced(question), DEPTH)]
