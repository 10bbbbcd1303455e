"""Indexes to ask: one of invented material, one of the bundled documents; both with the real model, built once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Answer, Assistant, Settings, encoder_of, ingest, load_settings, store_of
from rag.answer.evidence import Evidence, gather
from rag.index.embed import Encoder
from rag.index.store import View
from rag.retrieve.hybrid import search
from rag.retrieve.query import Query, read
from rag.text.words import Lexicon
from tests.rag.material import FILES, written


@pytest.fixture(scope="session")
def encoder(model_dir: Path) -> Encoder:
    """The real embedding model."""
    return encoder_of(load_settings(model_dir=model_dir))


@pytest.fixture(scope="session")
def invented(model_dir: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an index that holds the invented material."""
    folder = tmp_path_factory.mktemp("invented")
    settings = load_settings(model_dir=model_dir, index=folder / "index")
    ingest([written(folder / "files", FILES)], settings, encoder=encoder)
    return settings


@pytest.fixture(scope="session")
def assistant(invented: Settings, encoder: Encoder) -> Assistant:
    """Answers from the invented material."""
    return Assistant.open(settings=invented, encoder=encoder)


@pytest.fixture(scope="session")
def bundled(model_dir: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Answers from the documents that come with the library."""
    settings = load_settings(model_dir=model_dir, index=tmp_path_factory.mktemp("bundled"))
    ingest([settings.documents], settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


@pytest.fixture(scope="session")
def view(invented: Settings) -> View:
    """The generation of the invented material."""
    return store_of(invented).view()


@pytest.fixture(scope="session")
def lexicon(view: View) -> Lexicon:
    """The words of the invented material."""
    return Lexicon(view.learned.terms, view.learned.aliases)


Reads = Callable[[str], Query]
Weighs = Callable[[str], tuple[Query, list[Evidence]]]
Talks = Callable[..., Answer]


@pytest.fixture(scope="session")
def reads(view: View, lexicon: Lexicon) -> Reads:
    """Reads a question as one about the invented material."""
    return lambda text: read(text, lexicon, view.idf, view.frequency)


@pytest.fixture(scope="session")
def weighs(view: View, lexicon: Lexicon, encoder: Encoder, reads: Reads) -> Weighs:
    """Reads a question and gathers its evidence from all of the invented material."""

    def weigh(text: str) -> tuple[Query, list[Evidence]]:
        query = reads(text)
        vector = encoder.encode_queries([text])[0]
        hits = search(view, query, vector, top_k=100, candidates=100, dense_weight=0.5)
        return query, gather(query, vector, hits, lexicon)

    return weigh


@pytest.fixture(scope="session")
def talks(assistant: Assistant) -> Talks:
    """Asks questions one after the other in one conversation; the last one's answer."""

    def talk(*questions: str) -> Answer:
        messages: list[dict[str, str]] = []
        for question in questions:
            messages.append({"role": "user", "content": question})
            answer = assistant.ask(messages)
            messages.append({"role": "assistant", "content": answer.text})
        return answer

    return talk
