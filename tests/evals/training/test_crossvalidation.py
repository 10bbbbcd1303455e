"""Cross-validation: every example once, by weights that did not see its article."""

from __future__ import annotations

import pytest

from evals.training import crossvalidation
from evals.training.crossvalidation import FOLDS, cross_validated, fold_of
from evals.training.examples import Example
from evals.training.loglinear import Penalty
from rag.answer.spans_weights import Weights


def test_an_article_is_read_by_weights_that_did_not_see_it(
    examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []

    def fit(given: list[Example], penalty: Penalty) -> Weights:
        seen.append({example.article for example in given})
        return Weights({}, {})

    monkeypatch.setattr(crossvalidation, "fit", fit)
    reads = cross_validated(examples, Penalty())
    assert sorted(id(one.example) for one in reads) == sorted(map(id, examples))
    every = {example.article for example in examples}
    assert all({fold_of(article) for article in every - given} != set() for given in seen)
    assert all(not {fold_of(a) for a in every - given} & {fold_of(a) for a in given} for given in seen)
    assert {fold_of(str(n)) for n in range(99)} == set(range(FOLDS))


def test_the_scores_are_of_the_fact_and_of_its_clause(examples: list[Example]) -> None:
    example = examples[0]
    answer = example.answers[0]
    right = crossvalidation.Read(example, answer, f"这里写着{answer}。").scores()
    assert right == {"f1": 1.0, "em": 1.0, "clause": 1.0}
    assert crossvalidation.Read(example, "", "").scores() == {"f1": 0.0, "em": 0.0, "clause": 0.0}
