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
