"""Faithfulness, and how the check agrees with a reader."""

from __future__ import annotations

from evals.metrics import check_precision, check_recall, faithfulness, kept_share


def test_faithfulness_is_the_share_of_what_was_judged() -> None:
    assert faithfulness.score([True, True, True, False]) == 0.75
    assert faithfulness.score([True, None, None]) == 1.0
    assert faithfulness.score([]) is None


def test_the_check_s_precision_and_recall() -> None:
    decided = [(True, True), (True, True), (True, False), (False, True), (False, False), (True, None), (False, None)]
    assert check_precision.score(decided) == 2 / 3
    assert check_recall.score(decided) == 2 / 3
    assert check_precision.score([(False, True)]) is None
    assert check_recall.score([(True, False), (True, None)]) is None


def test_the_kept_share_is_of_all_that_was_written() -> None:
    assert kept_share.score(["kept", "dropped", "moved", "kept"]) == 0.5
    assert kept_share.score([]) is None
