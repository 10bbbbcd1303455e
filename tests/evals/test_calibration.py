"""What is told of confidence."""

from __future__ import annotations

import json

import pytest

from evals.calibration import FIGURES, calibration
from evals.intervals import intervals
from tests.evals.samples import answer, one, question, refusal, some


def test_refusals_count_among_all_and_not_among_the_answered() -> None:
    found = calibration(some(wrong=frozenset({0, 1})))
    assert (found["all"]["questions"], found["all"]["right"]) == (22, 18)
    assert (found["answered"]["questions"], found["answered"]["right"]) == (20, 18)
    assert found["all"]["brier"] != found["answered"]["brier"]
    assert found["auroc_answerable"] == 1.0
    json.dumps(found, allow_nan=False)


def test_bins_and_curve_are_there_for_plotting() -> None:
    found = calibration(some())["all"]
    assert sum(each["count"] for each in found["bins"]) == 22
    assert set(found["bins"][0]) == {"low", "high", "count", "confidence", "right"}
    assert [point["coverage"] for point in found["risk_coverage"]][-1] == 1.0
    assert set(found["risk_coverage"][0]) == {"confidence", "coverage", "risk"}


def test_where_all_are_right_nothing_is_told_apart() -> None:
    found = calibration([one(question(), answer(confidence=0.9))])
    assert (found["all"]["auroc"], found["all"]["aurc"]) == (None, 0.0)
    assert found["all"]["ece"] == pytest.approx(0.1)
    assert found["auroc_answerable"] is None


def test_of_nothing_there_is_no_figure() -> None:
    found = calibration([one(question(), refusal())])["answered"]
    assert {name: found[name] for name in FIGURES} == dict.fromkeys(FIGURES)
    assert (found["bins"], found["risk_coverage"]) == ([], [])


def test_every_figure_of_a_run_has_its_interval() -> None:
    found = intervals(some(wrong=frozenset({0, 5})))
    low, high = found["fully_right"]
    assert low < 0.9 < high <= 1.0
    assert {*FIGURES, "brevity_median", "quotes_verbatim", "mrr@10", "refusal"} <= set(found)
    assert "list_precision" not in found
    assert all(low <= high for low, high in found.values())
    assert not set(FIGURES) & set(intervals(some()[-2:]))
