"""Texts in a temporary index, and what building it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.benchmarks.squad import Paragraph
from rag import Assistant, Document, Settings, document_from_text, encoder_of, ingest_documents


@dataclass(frozen=True, slots=True)
class Indexed:
    """An assistant over an index of documents (by key). ``passages`` is their number in the index; ``build_seconds`` is
    what making it took, the loading of the model apart, and ``encode_seconds`` the share of the embedding model."""

    assistant: Assistant
    documents: dict[str, Document]
    passages: int
    build_seconds: float
    encode_seconds: float
    encoder: Any

    def again(self, **changed: Any) -> Assistant:
        """The same index under settings that differ in some of the answering."""
        settings = self.assistant.settings.model_copy(update=changed)
        return Assistant.open(settings.index, settings=settings, encoder=self.encoder)

    def build_figures(self) -> dict[str, float]:
        """Passages, seconds, passages a second, and seconds outside the embedding model for 1,000 passages."""
        beside = (self.build_seconds - self.encode_seconds) * 1000 / max(1, self.passages)
        return {
            "passages": self.passages,
            "build_s": round(self.build_seconds, 1),
            "passages_per_s": round(self.passages / self.build_seconds, 1),
            "beside_model_s_per_1000": round(beside, 2),
        }


@contextmanager
def indexed(
    paragraphs: Sequence[Paragraph], settings: Settings, *, progress: Callable[[str, int, int], None] | None = None
) -> Iterator[Indexed]:
    """An index of the paragraphs, each one document, that is gone afterwards."""
    documents = {p.id: document_from_text(p.text, key=p.id, title=p.title) for p in paragraphs}
    encoder = encoder_of(settings)
    clocked: Any = Clocked(encoder)
    with TemporaryDirectory(prefix="suanlian-bench-") as folder:
        settings = settings.model_copy(update={"index": Path(folder), "collection": "bench"})
        begun = time.perf_counter()
        built = ingest_documents(list(documents.values()), settings, encoder=clocked, fresh=True, progress=progress)
        took = time.perf_counter() - begun
        assistant = Assistant.open(folder, settings=settings, encoder=encoder)
        yield Indexed(assistant, documents, built.passages, took, clocked.seconds, encoder)
        assistant.close()


class Clocked:
    """An encoder, and the seconds that encoding took it."""

    _METHODS = frozenset({"encode_passages", "encode_queries", "embed_documents", "embed_query"})

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._encoder, name)
        return self._clocked(found) if name in self._METHODS else found

    def _clocked(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        def clocked(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return encode(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - begun

        return clocked
