"""The model: its slope against differences, its scores against the library's, and that it learns."""

from __future__ import annotations

import numpy as np
import pytest

from evals.training.crossvalidation import read
from evals.training.examples import Example
from evals.training.loglinear import Penalty, _Rows, _vocabulary, fit
from rag.answer.spans_weights import Weights

FEW = Penalty(weight=1.0, seen=3, seen_own=5)


@pytest.fixture(scope="module")
def rows(examples: list[Example]) -> tuple[_Rows, list[tuple[str, str]]]:
    names = _vocabulary(examples, FEW)
    return _Rows.of(examples, names), names


def test_the_slope_is_that_of_the_loss(rows: tuple[_Rows, list[tuple[str, str]]]) -> None:
    made, names = rows
    rng = np.random.default_rng(3)
    w = rng.normal(0, 0.3, len(names))
    _, slope = made.loss(w)
    for _ in range(20):
        way = rng.normal(0, 1, len(names))
        ahead, behind = made.loss(w + 1e-5 * way)[0], made.loss(w - 1e-5 * way)[0]
        assert (ahead - behind) / 2e-5 == pytest.approx(float(slope @ way), rel=1e-4, abs=1e-5)


def test_the_loss_is_that_of_the_scores_that_the_library_gives(
    rows: tuple[_Rows, list[tuple[str, str]]], examples: list[Example]
) -> None:
    made, names = rows
    w = np.random.default_rng(4).normal(0, 0.3, len(names))
    general = {feature: v for (sort, feature), v in zip(names, w, strict=True) if not sort}
    own: dict[str, dict[str, float]] = {}
    for (sort, feature), v in zip(names, w, strict=True):
        if sort:
            own.setdefault(sort, {})[feature] = v
    expected = 0.0
    for example in examples:
        weights = Weights(general, own).of(example.sought.sort)
        scores = np.concatenate([one.scores(weights).ravel() for one in example.clauses])
        gains = np.concatenate([gains.ravel() for gains in example.gains])
        chances = np.exp(scores - scores.max())
        expected -= float(np.log(chances @ gains / chances.sum()))
    assert made.loss(w)[0] == pytest.approx(expected, rel=1e-6)


def test_it_learns_to_read_articles_that_it_has_not_seen(examples: list[Example]) -> None:
    articles = sorted({example.article for example in examples})
    unseen = [example for example in examples if example.article in articles[:4]]
    weights = fit([example for example in examples if example.article not in articles[:4]], FEW)
    before = np.mean([one.scores()["f1"] for one in read(unseen, Weights({}, {}))])
    after = np.mean([one.scores()["f1"] for one in read(unseen, weights)])
    assert after > 0.8 > before + 0.2


def test_the_same_examples_give_the_same_weights(examples: list[Example]) -> None:
    assert fit(examples, FEW) == fit(list(examples), FEW)


def test_rare_features_and_small_weights_are_left_out(examples: list[Example]) -> None:
    assert fit(examples, Penalty(seen=10**6, seen_own=10**6)) == Weights({}, {})
    weights = fit(examples, Penalty(weight=1.0, seen=3, seen_own=10**6, least=0.1))
    assert not weights.own and min(abs(w) for w in weights.general.values()) >= 0.1
