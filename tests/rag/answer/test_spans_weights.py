"""The weights of the fact reading: their file, and that nothing in it is about any one material."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from rag.answer import spans_features
from rag.answer.spans_features import length
from rag.answer.spans_sought import Sort
from rag.answer.spans_weights import Weights, fitted, fitted_for

CLASSES = r"[a-z]{1,2}|latin|new|#|1"  # of words: jieba's, and those of what it does not know
MARKS = "|".join(sorted({re.escape("." + mark) for mark in (*spans_features._MARKS.values(), "other")}))
FUNCTION = "|".join(sorted(map(re.escape, spans_features._CLOSED), key=len, reverse=True))
FAR = r"(?:0|1|2|4|8|far),?"
SORT = rf"(?:{CLASSES}|{MARKS})"
# What spans_features can say, as it is written there. Of words only function words are named.
FEATURE = re.compile(
    rf"[be]:(?:{SORT}|asked|(?:date|number)[1-4])|b:surname|e=(?:noun'?|human|land)|[be]=(?:{FUNCTION})"
    rf"|[be]\|(?:{SORT}|{SORT}\+{SORT}|=(?:{FUNCTION})|asked(?:[+-][12]?)?|joined|same|cross|none)"
    rf"|[be]~(?:none|[LR]?{FAR}|[+-]1:{FAR})"
    rf"|i:(?:{SORT}|asked1?|near|date|number|noun)|i=[的是在为于被了和与及]"
    r"|l(?:1|2|3|4|5|6|8|10|14|20|30|45|99)"
    r"|c:(?:score|coverage|own|cosine|kind|passage|first|[+-][12]|share|date|number|noun|ask)"
)


def test_every_weight_is_of_a_feature_that_there_is_and_of_a_type_that_is_sought() -> None:
    weights = fitted()
    named = {*weights.general, *(name for own in weights.own.values() for name in own)}
    assert len(named) > 500
    assert [name for name in sorted(named) if not FEATURE.fullmatch(name)] == []
    assert set(weights.own) <= set(get_args(Sort))


def test_the_types_add_to_what_is_general() -> None:
    weights = Weights.parse("# a remark 12\nb:nr 676\nb:# 5\nperson//b:nr -100\nperson//l2 40\n")
    assert weights.of("person") == pytest.approx({"b:nr": 0.576, "b:#": 0.005, "l2": 0.04})
    assert weights.of("place") == pytest.approx({"b:nr": 0.676, "b:#": 0.005})


def test_what_is_written_is_what_is_read() -> None:
    weights = Weights({"b:nr": 0.676, "e|=的": -0.25, "l1": 0.0004}, {"person": {"b:#": 0.01}})
    text = weights.text("how it was made")
    assert text.splitlines() == ["# how it was made", "b:nr 676", "e|=的 -250", "person//b:# 10"]
    assert Weights.parse(text) == Weights({"b:nr": 0.676, "e|=的": -0.25}, {"person": {"b:#": 0.01}})
    assert Weights.parse(fitted().text()) == fitted()


def test_a_person_is_a_name_and_a_year_is_none() -> None:
    assert fitted_for("person")["b:nr"] > 0 > fitted_for("person")["b:p"]
    assert fitted_for("year")["b:date1"] > fitted_for("person").get("b:date1", 0)


@pytest.mark.parametrize("chars", [1, 9, 31, 200])
def test_the_lengths_have_the_form_that_is_checked(chars: int) -> None:
    assert FEATURE.fullmatch(length(chars))
