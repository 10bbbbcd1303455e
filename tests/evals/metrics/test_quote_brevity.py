"""Quotes' length over the answer's."""

from __future__ import annotations

import pytest

from evals.metrics import quote_brevity
from tests.evals.samples import answer, question, refusal


def test_marks_do_not_count() -> None:
    said = answer("1880年[1]", quote="磨坊建于1880年。。")
    assert quote_brevity.score(question(), said) == pytest.approx(11 / 5)


def test_what_quotes_nothing_has_none() -> None:
    assert quote_brevity.score(question(), refusal()) is None
    assert quote_brevity.score(question(), answer(citations=())) is None
