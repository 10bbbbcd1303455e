"""Forms of English words."""

from __future__ import annotations

import pytest

from rag.text.inflect import forms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("connectors", "connector"),
        ("companies", "company"),
        ("boxes", "box"),
        ("cooling", "cool"),
        ("making", "make"),
        ("planned", "plan"),
        ("made", "make"),
        ("people", "person"),
        ("used", "use"),
        ("widely", "wide"),
    ],
)
def test_forms_go_both_ways(one: str, other: str) -> None:
    assert other in forms(one)
    assert one in forms(other) or one == "widely"


@pytest.mark.parametrize("word", ["ai", "nx7", "über", "液", ""])
def test_what_is_no_english_word_has_none(word: str) -> None:
    assert forms(word) == frozenset()


def test_a_word_is_no_form_of_itself() -> None:
    assert "class" not in forms("class") and "clas" not in forms("class")
