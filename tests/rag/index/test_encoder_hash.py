import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.index.embed import HashEncoder


@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_text_has_unit_vectors(texts: list[str]) -> None:
    encoder = HashEncoder(64, max_tokens=16)
    queries = encoder.encode_queries(texts)
    assert queries.shape == (len(texts), 64)
    assert queries.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)
    for text, passage in zip(texts, encoder.encode_passages(texts), strict=True):
        assert passage.windows[0][0] == 0
        assert passage.windows[-1][1] == len(text)
        np.testing.assert_allclose(np.linalg.norm(passage.vectors, axis=1), 1, atol=1e-5)


def test_it_is_the_same_on_every_machine() -> None:
    vector = HashEncoder().encode_queries(["供应链"])[0]
    assert (HashEncoder().name, HashEncoder().fingerprint) == ("hash", "hash-1")
    assert np.flatnonzero(vector).tolist() == [16, 54, 111, 148, 169, 195]


def test_likeness_of_characters_is_likeness_of_vectors() -> None:
    encoder = HashEncoder()
    (query,) = encoder.encode_queries(["苹果的产地在哪里"])
    near, far = encoder.encode_passages(["苹果的产地是山东", "火车晚点了一小时"])
    assert query @ near.vector > query @ far.vector


def test_spans_have_vectors_and_an_empty_one_has_the_passages() -> None:
    encoder = HashEncoder(max_tokens=8)
    text = "苹果在山东。火车晚点了。"
    (passage,) = encoder.encode_passages([text], [[(0, 6), (6, 12), (3, 3)]])
    assert passage.windows == ((0, 6), (6, 12))
    np.testing.assert_allclose(passage.span_vectors[:2], passage.vectors, atol=1e-6)
    np.testing.assert_allclose(passage.span_vectors[2], passage.vector, atol=1e-6)
