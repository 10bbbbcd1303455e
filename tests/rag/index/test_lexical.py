import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.lexical import Bm25

WORDS = "abcdef"
VOCABULARY = {word: place for place, word in enumerate(WORDS)}
PASSAGES = st.lists(st.lists(st.sampled_from(WORDS[:5]), max_size=12), min_size=1, max_size=8)


def made(passages: list[list[str]], *, k1: float = 1.2, b: float = 0.75) -> Bm25:
    return Bm25([[VOCABULARY[word] for word in words] for words in passages], VOCABULARY, k1=k1, b=b)


def formula(query: list[str], passages: list[list[str]], k1: float, b: float) -> list[float]:
    """Robertson & Zaragoza's BM25 with Lucene's weight of a term, as it is written down."""
    mean = sum(map(len, passages)) / len(passages)
    scores = []
    for words in passages:
        score = 0.0
        for term in query:
            n = sum(term in other for other in passages)
            if n:
                idf = math.log(1 + (len(passages) - n + 0.5) / (n + 0.5))
                tf = words.count(term)
                if tf:
                    score += idf * tf / (tf + k1 * (1 - b + b * len(words) / mean))
        scores.append(score)
    return scores


@given(
    PASSAGES,
    st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=6),
    st.floats(0.1, 3),
    st.floats(0, 1),
)
def test_scores_are_those_of_the_formula(passages: list[list[str]], query: list[str], k1: float, b: float) -> None:
    scores = made(passages, k1=k1, b=b).scores(query)
    assert scores.dtype == np.float32
    if any(passages):
        np.testing.assert_allclose(scores, formula(query, passages, k1, b), rtol=1e-4, atol=1e-5)
    else:
        assert not scores.any()


@given(PASSAGES)
def test_frequencies_count_passages_not_occurrences(passages: list[list[str]]) -> None:
    index = made(passages)
    for word in WORDS:
        n = sum(word in words for words in passages)
        assert index.frequency(word) == n
        assert index.idf(word) == pytest.approx(math.log(1 + (len(passages) - n + 0.5) / (n + 0.5)))
    assert index.frequency("unknown") == 0


def test_a_rare_term_weighs_more_and_an_absent_one_most() -> None:
    index = made([list("ab"), list("a"), list("ac")])
    assert index.idf("unknown") == index.idf("f") > index.idf("b") > index.idf("a")


def test_an_index_of_nothing_scores_nothing() -> None:
    assert Bm25([], {}, k1=1.2, b=0.75).scores(["a"]).shape == (0,)
    assert made([[], []]).scores(["a"]).tolist() == [0, 0]
