"""This library, under the same conditions: each passage a document, no titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.benchmarks.peers import DEPTH, Cut, Search
from rag import Assistant, Settings, document_from_text, ingest_documents


def index(texts: Sequence[str], encoder: Any, cut: Cut | None, settings: Settings) -> Search:
    """See :mod:`evals.benchmarks.peers`. ``cut`` is not used: it has its own words. The settings name the index."""
    documents = [document_from_text(text, key=str(number)) for number, text in enumerate(texts)]
    ingest_documents(documents, settings, encoder=encoder, fresh=True)
    assistant = Assistant.open(settings=settings, encoder=encoder)
    numbers = {document.id: int(document.key) for document in documents}
    return lambda question: [numbers[result.document.id] for result in assistant.search(question, top_k=DEPTH)]
