"""points@k."""

from __future__ import annotations

import pytest

from evals.metrics import points_found
from evals.sets import Point
from tests.evals.samples import question

TWO = question(points=(Point(("1,880 年", "光绪六年")), Point(("河边",))))


@pytest.mark.parametrize(
    ("texts", "k", "expected"),
    [
        (["建于１８８０年，在河边"], 1, 1.0),
        (["建于1880年", "在河边"], 1, 0.0),
        (["建于光绪六年", "在河边"], 2, 1.0),
        (["在山上", "在河边"], 2, 0.0),
        ([], 5, 0.0),
    ],
)
def test_every_point_stands_somewhere_in_the_first_k(texts: list[str], k: int, expected: float) -> None:
    assert points_found.score(TWO, texts, k) == expected


def test_a_question_without_an_answer_has_none() -> None:
    assert points_found.score(question(answerable=False), ["河边"], 1) is None
