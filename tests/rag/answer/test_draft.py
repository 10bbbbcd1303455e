"""Drafts."""

from __future__ import annotations

from rag.answer.draft import Draft, Quote, join, whole
from tests.rag.conftest import Weighs


def test_a_quote_is_the_words_at_its_span(weighs: Weighs) -> None:
    _, evidence = weighs("谁生产烘干机")
    quote = whole(evidence[0])
    assert quote.text == evidence[0].text
    assert Quote(evidence[0], quote.start + 2, quote.start + 5).text == quote.text[2:5]


def test_one_draft_joined_is_itself(weighs: Weighs) -> None:
    _, evidence = weighs("谁生产烘干机")
    draft = Draft((whole(evidence[0]),), (("甲", 0),), (0, 1, 0))
    assert join([draft]) is draft


def test_joined_drafts_say_the_same_words_once_and_keep_each_items_place(weighs: Weighs) -> None:
    _, (a, b, c, *_) = weighs("谁生产烘干机")
    one = Draft((whole(a), whole(b)), (("甲", 0), ("乙", 1)))
    other = Draft((whole(b), whole(c)), (("乙", 0), ("丙", 1)))
    joined = join([one, other])
    assert [quote.evidence for quote in joined.quotes] == [a, b, c]
    assert joined.items == (("甲", 0), ("乙", 1), ("丙", 2))
    assert joined.short is None
