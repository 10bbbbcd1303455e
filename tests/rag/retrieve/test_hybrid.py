"""Lexical and dense search, fused."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from rag.index.embed import Encoder
from rag.index.store import Filter, View
from rag.retrieve.hybrid import search
from rag.retrieve.query import Query
from rag.types import Hit
from tests.rag.conftest import Reads

QUESTIONS = ["谁生产揉捻机", "青河铁路什么时候通车", "舒宁片有哪些不良反应", "雲溪城的古蹟", "Norvik NX7"]


@pytest.fixture(params=QUESTIONS)
def asked(request: pytest.FixtureRequest, reads: Reads, encoder: Encoder) -> tuple[Query, npt.NDArray[np.float32]]:
    """A question, read, and its vector."""
    return reads(request.param), encoder.encode_queries([request.param])[0]


def found(view: View, asked: tuple[Query, npt.NDArray[np.float32]], weight: float = 0.5, top_k: int = 100) -> list[Hit]:
    return search(view, *asked, top_k=top_k, candidates=100, dense_weight=weight)


def scaled(values: list[float]) -> list[float]:
    low, high = min(values), max(values)
    return [(value - low) / (high - low) if high > low else 0.0 for value in values]


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
def test_the_order_is_that_of_the_weighted_sum(
    view: View, asked: tuple[Query, npt.NDArray[np.float32]], weight: float
) -> None:
    candidates = view.candidates(asked[0].search, asked[1], 100, None)
    lexical, dense = scaled([c.lexical for c in candidates]), scaled([c.dense for c in candidates])
    fused = {c.number: weight * d + (1 - weight) * x for c, x, d in zip(candidates, lexical, dense, strict=True)}
    hits = found(view, asked, weight)
    assert [hit.score for hit in hits] == pytest.approx(sorted(fused.values(), reverse=True))
    assert {hit.number: pytest.approx(hit.score) for hit in hits} == fused


def test_each_hit_is_whole(view: View, asked: tuple[Query, npt.NDArray[np.float32]]) -> None:
    hits = found(view, asked)
    assert (
        sorted(hit.lexical_rank for hit in hits)
        == sorted(hit.dense_rank for hit in hits)
        == list(range(1, len(hits) + 1))
    )
    by_dense = sorted(hits, key=lambda hit: hit.dense_rank)
    assert [hit.dense for hit in by_dense] == sorted((hit.dense for hit in hits), reverse=True)
    for hit in hits:
        assert hit.document.id == hit.passage.document_id
        assert hit.unit_vectors.shape == (len(hit.passage.units), asked[1].size)
        assert 0 <= hit.score <= 1 + 1e-9


def test_it_is_deterministic_and_top_k_cuts(view: View, asked: tuple[Query, npt.NDArray[np.float32]]) -> None:
    numbers = [hit.number for hit in found(view, asked)]
    assert numbers == [hit.number for hit in found(view, asked)]
    assert [hit.number for hit in found(view, asked, top_k=3)] == numbers[:3]


def test_only_documents_that_pass_the_filter(view: View, asked: tuple[Query, npt.NDArray[np.float32]]) -> None:
    for document in view.documents():
        hits = search(
            view, *asked, top_k=100, candidates=100, dense_weight=0.5, filter=Filter(documents=(document.id,))
        )
        assert {hit.document.id for hit in hits} == {document.id}
    nothing = Filter(tags=("天文",))
    assert search(view, *asked, top_k=5, candidates=100, dense_weight=0.5, filter=nothing) == []
