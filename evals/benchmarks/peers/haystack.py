"""Haystack: the in-memory store's BM25 and embedding retrievers in a pipeline, joined by reciprocal rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from haystack import Document, Pipeline, component
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

from evals.benchmarks.peers import DEPTH, Cut, Search


@component
class _QueryEmbedder:
    """The encoder as a component."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder

    @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator]
    def run(self, text: str) -> dict[str, list[float]]:
        """A question's vector."""
        return {"embedding": self._encoder.embed_query(text)}


def index(texts: Sequence[str], encoder: Any, cut: Cut | None) -> Search:
    """See :mod:`evals.benchmarks.peers`. For jieba the store is given texts and questions with blanks between the words."""
    spaced = (lambda text: " ".join(cut(text))) if cut else (lambda text: text)
    store = InMemoryDocumentStore(**({"bm25_tokenization_regex": r"\S+"} if cut else {}))
    store.write_documents(
        [
            Document(id=str(number), content=spaced(text), embedding=vector)
            for number, (text, vector) in enumerate(zip(texts, encoder.embed_documents(list(texts)), strict=True))
        ]
    )
    both = Pipeline()
    both.add_component("embedder", _QueryEmbedder(encoder))
    both.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    both.add_component("lexical", InMemoryBM25Retriever(store, top_k=DEPTH))
    both.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH))
    both.connect("embedder.embedding", "dense.query_embedding")
    both.connect("dense", "joiner")
    both.connect("lexical", "joiner")

    def search(question: str) -> list[int]:
        found = both.run({"embedder": {"text": question}, "lexical": {"query": spaced(question)}})
        return [int(document.id) for document in found["joiner"]["documents"]]

    return search
