"""Examples: candidates as the library reads them, and what each would gain."""

from __future__ import annotations

import numpy as np
import pytest

from evals.training.examples import Example, gains_of


def test_every_question_is_an_example_with_its_answer_in_reach(examples: list[Example]) -> None:
    assert len(examples) == 36 and all(example.known for example in examples)
    assert {example.sought.sort for example in examples} == {"person", "place", "year"}
    assert len({example.article for example in examples}) == 12


def test_the_best_gain_is_of_the_answer_itself(examples: list[Example]) -> None:
    exact = 0
    for example in examples:
        at = max(range(len(example.gains)), key=lambda i: float(example.gains[i].max()))
        one, gains = example.clauses[at], example.gains[at]
        first, more = np.unravel_index(int(gains.argmax()), gains.shape)
        assert one.allowed[first, more]
        start, end = one.span(int(first), int(first + more))
        said = one.evidence.hit.passage.words(start, end)
        assert (said in example.answers) == (gains.max() == pytest.approx(1.0))
        assert any(set(answer) & set(said) for answer in example.answers)
        exact += said in example.answers
    assert exact > 0.8 * len(examples)  # words may be cut otherwise than the answer is


def test_a_gain_is_the_overlap_with_the_nearest_gold(examples: list[Example]) -> None:
    one = examples[0].clauses[0]
    i, j = map(int, np.argwhere(one.allowed)[0])
    start, end = one.span(i, i + j)
    assert gains_of(one, [(start, end)], 0.7)[i, j] == pytest.approx(0.7)
    assert gains_of(one, [(start, end + (end - start))], 1.0)[i, j] == pytest.approx(2 / 3)
    assert not gains_of(one, [(10**6, 10**6 + 3)], 1.0).any()


def test_what_is_read_are_the_clauses_near_the_best(examples: list[Example]) -> None:
    for example in examples:
        assert example.near == list(example.clauses[: len(example.near)]) != []
