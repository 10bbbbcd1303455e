"""A generation, opened."""

from __future__ import annotations

import pytest

from rag import Filter, Settings
from rag.index.embed import Encoder
from rag.index.store import View
from rag.opened import Opened
from rag.retrieve.spell import Speller
from rag.text.words import Lexicon


@pytest.fixture
def opened(view: View, lexicon: Lexicon) -> Opened:
    return Opened(view, lexicon, Speller(view.words()))


def test_a_question_is_mended_where_what_was_meant_is_clear(opened: Opened) -> None:
    assert opened.mended("谁生产柔捻机").text == "谁生产揉捻机"
    assert opened.mended("谁生产揉捻机") == opened.read("谁生产揉捻机")
    assert opened.read("谁生产柔捻机").text == "谁生产柔捻机"  # words to search for stay as they are


def test_the_best_passages_of_the_documents_asked_for(opened: Opened, invented: Settings, encoder: Encoder) -> None:
    query = opened.read("青河铁路全长多少公里")
    vector = encoder.encode_queries([query.text])[0]
    hits = opened.search(query, vector, invented, 3, None)
    assert 0 < len(hits) <= 3
    assert "186公里" in hits[0].passage.text
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    other = next(d.id for d in opened.view.documents() if d.id != hits[0].document.id)
    within = opened.search(query, vector, invented, 3, Filter(documents=(other,)))
    assert {hit.document.id for hit in within} <= {other}
