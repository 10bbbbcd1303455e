"""LangChain: BM25Retriever and FAISS under an EnsembleRetriever with equal weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS

from evals.benchmarks.peers import DEPTH, Cut, Search


def index(texts: Sequence[str], encoder: Any, cut: Cut | None) -> Search:
    """See :mod:`evals.benchmarks.peers`. The encoder is a LangChain ``Embeddings`` as it is."""
    numbered = [{"number": number} for number in range(len(texts))]
    words: dict[str, Any] = {"preprocess_func": cut} if cut else {}
    lexical = BM25Retriever.from_texts(list(texts), metadatas=numbered, k=DEPTH, **words)
    dense = FAISS.from_texts(list(texts), encoder, metadatas=numbered)
    both = EnsembleRetriever(
        retrievers=[lexical, dense.as_retriever(search_kwargs={"k": DEPTH})], weights=[0.5, 0.5], id_key="number"
    )
    return lambda question: [document.metadata["number"] for document in both.invoke(question)]
