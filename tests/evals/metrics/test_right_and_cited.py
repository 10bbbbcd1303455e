"""What confidence predicts."""

from __future__ import annotations

import pytest

from evals.metrics import right_and_cited
from evals.sets import Point, Question
from rag import Answer
from tests.evals.samples import answer, listed, question, refusal

NAMES = question(points=(Point(("甲厂",)), Point(("乙厂",))), items=("甲厂", "乙厂"))


@pytest.mark.parametrize(
    ("asked", "said", "event"),
    [
        (question(), answer(), 1.0),
        (question(), answer("磨坊很大。"), 0.0),
        (question(), answer(quote="磨坊很大。"), 0.0),
        (question(), refusal(), 0.0),
        (question(answerable=False), refusal(), 0.0),
        (question(answerable=False), answer(), 0.0),
        (NAMES, listed("甲厂", "乙厂"), 1.0),
        (NAMES, listed("甲厂"), 0.0),
        (NAMES, listed("甲厂", "乙厂", "丙厂"), 0.0),
    ],
    ids=["right", "wrong", "not cited", "refused", "rightly refused", "made up", "list", "short list", "long list"],
)
def test_every_point_is_right_and_cited(asked: Question, said: Answer, event: float) -> None:
    assert right_and_cited.score(asked, said) == event
