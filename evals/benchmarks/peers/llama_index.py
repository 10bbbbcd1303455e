"""LlamaIndex: a vector index and a BM25Retriever under a QueryFusionRetriever, by reciprocal rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core import QueryBundle, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import TextNode
from llama_index.retrievers.bm25 import BM25Retriever
from pydantic import PrivateAttr

from evals.benchmarks.peers import DEPTH, Cut, Search


class _Embedding(BaseEmbedding):  # type: ignore[misc]
    """The encoder as LlamaIndex wants it."""

    _encoder: Any = PrivateAttr()

    def __init__(self, encoder: Any) -> None:
        super().__init__(model_name=encoder.name)
        self._encoder = encoder

    def _get_query_embedding(self, query: str) -> list[float]:
        found: list[float] = self._encoder.embed_query(query)
        return found

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        found: list[list[float]] = self._encoder.embed_documents(texts)
        return found


class _JiebaBM25(BM25Retriever):  # type: ignore[misc]
    """BM25 over jieba's words. The retriever has no setting for a tokenizer, so it is given texts with blanks between the
    words, and gives back the nodes as they are."""

    def __init__(self, nodes: list[TextNode], cut: Cut) -> None:
        spaced = [TextNode(id_=node.node_id, text=" ".join(cut(node.text))) for node in nodes]
        super().__init__(nodes=spaced, similarity_top_k=DEPTH, token_pattern=r"\S+", skip_stemming=True)
        self.corpus = BM25Retriever(nodes=nodes).corpus
        self._cut = cut

    def _retrieve(self, query_bundle: QueryBundle) -> Any:
        return super()._retrieve(QueryBundle(" ".join(self._cut(query_bundle.query_str))))


def index(texts: Sequence[str], encoder: Any, cut: Cut | None) -> Search:
    """See :mod:`evals.benchmarks.peers`. One query a question, so no language model is asked."""
    nodes = [TextNode(id_=str(number), text=text) for number, text in enumerate(texts)]
    dense = VectorStoreIndex(nodes, embed_model=_Embedding(encoder)).as_retriever(similarity_top_k=DEPTH)
    lexical = _JiebaBM25(nodes, cut) if cut else BM25Retriever.from_defaults(nodes=list(nodes), similarity_top_k=DEPTH)
    both = QueryFusionRetriever(
        [dense, lexical],
        llm=MockLLM(),
        mode="reciprocal_rerank",
        similarity_top_k=DEPTH,
        num_queries=1,
        use_async=False,
    )
    return lambda question: [int(found.node.node_id) for found in both.retrieve(question)]
