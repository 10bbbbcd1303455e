"""Two runs compared."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evals.compare import Comparison, Difference, compare
from evals.runs import Run
from rag import InputError
from tests.evals.samples import answer, one, question, ranking, refusal, some


def of(found: Comparison, metric: str) -> Difference:
    return next(each for each in found.differences if each.metric == metric)


def test_a_run_does_not_differ_from_itself() -> None:
    found = compare(Run("a", some()), Run("a", some()))
    assert {(each.wins, each.losses, each.p, each.difference) for each in found.differences} == {(0, 0, 1.0, 0.0)}
    assert (found.only_a, found.only_b, found.changed) == ((), (), ())


def test_what_got_worse_and_better_is_named() -> None:
    before, after = Run("a", some(wrong=frozenset({0}))), Run("b", some(wrong=frozenset({3, 4, 5, 6, 7, 8, 9})))
    right = of(compare(before, after), "fully_right")
    assert (right.questions, right.a, right.b, right.difference) == (20, 0.95, 0.65, -0.3)
    assert right.worse == ("q3", "q4", "q5", "q6", "q7", "q8", "q9")
    assert right.better == ("q0",)
    assert (right.wins, right.losses, right.ties) == (1, 7, 12)
    assert right.p == pytest.approx(2 * 9 / 256, abs=1e-4)  # of eight flips, none or one the other way; both sides
    assert right.ci and right.ci[0] < -0.3 < right.ci[1] < 0
    assert not right.gained


def test_less_is_better_of_false_refusals_and_length() -> None:
    found = compare(
        Run("a", (one(question(), refusal()), one(question("q2"), answer("磨坊建于1880年，" * 5)))),
        Run("b", (one(question(), answer()), one(question("q2"), answer()))),
    )
    assert of(found, "false_refusal").better == ("q1",)
    assert of(found, "brevity").better == ("q2",)
    assert of(found, "brevity").gained and of(found, "brevity").difference < 0
    assert of(found, "brevity").questions == 1  # the refusal has no length


def test_confidence_counts_by_its_squared_error() -> None:
    a, b = (Run(str(sure), (one(question(), answer(confidence=sure)),)) for sure in (0.9, 0.5))
    brier = of(compare(a, b), "brier")
    assert (brier.a, brier.b, brier.losses) == (0.01, 0.25, 1)


def test_questions_that_do_not_match_are_left_out_and_named() -> None:
    scored = some()
    other = one(replace(scored[1].question, question="另一问"), answer("磨坊很大。"), ranking())
    found = compare(Run("a", scored), Run("b", (other, *scored[2:], one(question("new"), answer()))))
    assert (found.only_a, found.only_b, found.changed) == (("q0",), ("new",), ("q1",))
    assert of(found, "fully_right").questions == 18
    json.dumps(found.as_dict(), allow_nan=False)


def test_runs_of_other_questions_cannot_be_compared() -> None:
    with pytest.raises(InputError, match="no question in common"):
        compare(Run("a", some()), Run("b", (one(question("else"), answer()),)))
