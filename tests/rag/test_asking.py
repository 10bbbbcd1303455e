"""A question on its way: its parts, its readings and what it is answered from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Settings
from rag.asking import Asking
from rag.clock import Clock
from rag.index.embed import Encoder
from rag.index.store import View
from rag.opened import Opened
from rag.retrieve.spell import Speller
from rag.text.words import Lexicon

Asks = Callable[..., Asking]


@pytest.fixture
def asks(view: View, lexicon: Lexicon, encoder: Encoder, invented: Settings) -> Asks:
    opened = Opened(view, lexicon, Speller(view.words()))
    return lambda asked, **more: Asking(opened, encoder, invented, asked, Clock(), **more)


def test_each_part_is_considered_alone(asks: Asks) -> None:
    asked = "青河铁路全长多少公里？谁生产揉捻机？"
    considered = asks(asked).considered([asked])
    assert [c.query.kind for c in considered] == ["number", "list"]
    assert all(c.draft is not None and c.sure > 0.5 for c in considered)


def test_another_reading_is_taken_only_where_it_is_surer(asks: Asks) -> None:
    likely, other = "青河铁路全长多少公里", "白鹤庄园全长多少公里"
    assert [c.query.text for c in asks(likely).considered([likely, other])] == [likely]
    assert [c.query.text for c in asks(likely).considered([other, likely])] == [likely]


def test_lists_are_gathered_from_more_passages_than_facts(asks: Asks) -> None:
    (fact,) = asks("青河铁路全长多少公里").considered(["青河铁路全长多少公里"])
    (listed,) = asks("谁生产揉捻机").considered(["谁生产揉捻机"])
    assert len(fact.hits) <= 8 < len(listed.hits)
    (few,) = asks("谁生产揉捻机", top_k=2).considered(["谁生产揉捻机"])
    assert len(few.hits) == 2 and few.beyond == []


def test_what_lies_below_is_kept_where_it_is_to_be_explained(asks: Asks) -> None:
    (told,) = asks("青河铁路全长多少公里", top_k=2, explain=True).considered(["青河铁路全长多少公里"])
    assert len(told.hits) == 2 and told.beyond
    assert {hit.number for hit in told.hits}.isdisjoint(hit.number for hit in told.beyond)


def test_where_one_of_two_lists_is_missing_nothing_is_said(asks: Asks) -> None:
    asked = "同时做揉捻机和潜水艇的公司有哪些"
    (side,) = asks(asked).considered([asked])
    assert side.draft is None and side.sure == 0
    assert "潜水艇" in side.query.text  # the side that a refusal has to name


def test_one_more_reading_is_asked_for_only_where_the_others_leave_it_unsure(asks: Asks) -> None:
    sure, unsure = "青河铁路全长多少公里", "白鹤庄园全长多少公里"
    assert [c.query.text for c in asks(sure).considered([sure], _never)] == [sure]
    assert [c.query.text for c in asks(unsure).considered([sure, unsure], _never)] == [sure]
    (written,) = asks(unsure).considered([unsure], lambda: sure)
    assert written.query.text == sure and written.rewritten and written.draft is not None


@pytest.mark.parametrize("more", [None, "白鹤庄园有多少个车站", "白鹤庄园全长多少公里？"])
def test_one_more_reading_has_to_be_surer(asks: Asks, more: str | None) -> None:
    unsure = "白鹤庄园全长多少公里"
    (kept,) = asks(unsure).considered([unsure], lambda: more)
    assert kept.query.text == unsure and not kept.rewritten


def test_one_more_reading_decides_between_two_that_are_as_good(asks: Asks) -> None:
    first, second = "石牛隧道长多少米", "双溪隧道长多少米"
    asking = asks("它长多少米")
    assert [c.query.text for c in asking.considered([first, second])] == [first]
    (other,) = asking.considered([first, second], lambda: second + "？")
    assert other.query.text == second and other.rewritten
    (same,) = asking.considered([first, second], lambda: first)
    assert same.query.text == first and not same.rewritten
    assert [c.query.text for c in asking.considered([first, second], lambda: None)] == [first]


def test_two_readings_that_say_the_same_are_not_in_doubt(asks: Asks) -> None:
    asked = "青河铁路全长多少公里"
    assert [c.query.text for c in asks(asked).considered([asked, asked + "？"], _never)] == [asked]


def _never() -> str:
    raise AssertionError("asked for without need")
