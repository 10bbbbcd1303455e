"""Numbers, statements and quotes."""

from __future__ import annotations

from rag import Assistant
from rag.answer.cite import Citations, write
from rag.answer.draft import Draft, Quote, whole
from tests.rag.conftest import Weighs


def test_numbers_go_by_first_use_and_one_place_has_one(weighs: Weighs) -> None:
    _, (a, b, *_) = weighs("谁生产烘干机")
    citations = Citations()
    assert [citations.cite(whole(e), e.start, e.end) for e in (b, a, b)] == [1, 2, 1]
    assert citations.cite(whole(b), b.start, b.end - 1) == 3
    assert [citation.id for citation in citations.all()] == [1, 2, 3]
    assert [citation.quote for citation in citations.all()] == [b.text, a.text, b.text[:-1]]


def test_a_draft_written_out(weighs: Weighs) -> None:
    _, (a, b, *_) = weighs("谁生产烘干机")
    quotes = (whole(a), Quote(b, b.start, b.end, "小标题"), whole(a))
    text, statements, items, short, citations = write(Draft(quotes, (("暖阳电器", 0),), (a.start, a.start + 2, 0)))
    assert [statement.citations for statement in statements] == [(1,), (2,), (1,)]
    assert text == f"{statements[0].text}[1]；{statements[1].text}[2]；{statements[2].text}[1]。"
    assert statements[1].text.startswith("小标题：")
    assert (items[0].text, items[0].citations) == ("暖阳电器", (1,))
    assert short is not None and (short.text, short.citation) == (a.text[:2], 1)
    assert len(citations) == 2


def test_an_empty_draft_says_nothing() -> None:
    assert write(Draft(())) == ("", (), (), None, ())


def test_what_a_quote_leans_on_is_cited_before_it(assistant: Assistant) -> None:
    answer = assistant.ask("晨星电子的总部设在哪里")
    statement = answer.statements[0]
    assert statement.text.startswith("晨星电子：其总部")
    before, itself = (answer.citations[number - 1] for number in statement.citations)
    assert "晨星电子" in before.quote and before.end <= itself.start
