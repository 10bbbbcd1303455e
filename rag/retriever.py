"""The assistant's search as a LangChain retriever, so that any LangChain app can take it as a part."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForRetrieverRun, CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from rag.index.store import Filter
from rag.retrieve.result import SearchResult


class PassageRetriever(BaseRetriever):
    """Passages for a query, best first.

    Each document's metadata says where it stands: document id, version, title, source, published, section, start and
    end (code points in the stored text), and the fused score.

    >>> Assistant.open().as_retriever().invoke("谁生产快速接头")[0].page_content  # doctest: +SKIP
    """

    assistant: Any
    top_k: int = 8
    filter: Filter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [_document(found) for found in self.assistant.search(query, top_k=self.top_k, filter=self.filter)]

    async def _aget_relevant_documents(
        self, query: str, *, run_manager: AsyncCallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        found = await self.assistant.asearch(query, top_k=self.top_k, filter=self.filter)
        return [_document(one) for one in found]


def _document(found: SearchResult) -> LangChainDocument:
    return LangChainDocument(
        page_content=found.text,
        metadata={
            "id": found.document.id,
            "version": found.document.version,
            "title": found.document.title,
            "source": found.document.source,
            "published": found.document.published,
            "section": list(found.section),
            "start": found.start,
            "end": found.end,
            "score": found.score,
        },
    )
