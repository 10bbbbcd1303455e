"""The events of a stream, of answers that are finished and of one in the making. (What every answer's events keep is in
tests/rag/promises.py.)"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag import Answer, Assistant, Event, QuestionError, events_of
from rag.events import Heading, Piece, pieces_of, tell
from tests.rag.conftest import Talks


@pytest.fixture
def answer(assistant: Assistant) -> Answer:
    """One of two statements and what is left open."""
    return assistant.ask("揉捻机的客户有哪些？青河铁路全长多少公里？它的票价是多少？")


def test_a_statement_a_delta(answer: Answer) -> None:
    pieces = list(pieces_of(answer))
    assert len(answer.statements) > 1
    assert [piece.text[-1] for piece in pieces[: len(answer.statements)]] == [
        *"；" * (len(answer.statements) - 1),
        "。",
    ]
    for statement, piece in zip(answer.statements, pieces, strict=False):
        assert statement.text in piece.text
        assert {citation.id for citation in piece.citations} == set(statement.citations)


def test_what_is_left_open_comes_last(answer: Answer) -> None:
    last = list(pieces_of(answer))[-1]
    assert last.text.startswith("（资料没有回答")
    assert last.citations == ()


def test_a_text_that_is_not_made_of_its_statements_is_one_piece(answer: Answer) -> None:
    first, second = answer.citations[:2]
    other = replace(answer, text=f"甲[{second.id}]，乙[{first.id}]。")
    assert list(pieces_of(other)) == [Piece(other.text, answer.citations[:2])]


def test_an_answer_in_the_making_is_told_as_it_comes(answer: Answer) -> None:
    """What a language model's stream will use: nothing leaves before the first piece is there."""
    first, second = answer.citations[:2]
    made: list[str] = []

    def making() -> Iterator[Piece]:
        made.append("first")
        yield Piece("甲[1]。", (first,))
        made.append("second")
        yield Piece("乙[1][2]。", (first, second))

    broken = replace(answer, text="甲[1]。乙[1][2]。", incomplete=True)
    events = tell(Heading("ans_x", "llm", "问"), making(), lambda: broken)
    assert made == []
    assert next(events) == Event("meta", {"id": "ans_x", "mode": "llm", "standalone_question": "问"})
    assert made == ["first"]
    assert [event.name for event in (next(events), next(events))] == ["citations", "delta"]
    assert made == ["first"]
    citations, delta, done = events
    assert [citation["id"] for citation in citations.data["citations"]] == [second.id]
    assert delta.data == {"text": "乙[1][2]。"}
    assert done.data["incomplete"]


def test_the_assistant_streams_what_it_answers(assistant: Assistant, talks: Talks) -> None:
    messages = [
        {"role": "user", "content": "国内谁生产揉捻机"},
        {"role": "assistant", "content": talks("国内谁生产揉捻机").text},
        {"role": "user", "content": "国外呢"},
    ]
    *_, done = assistant.stream(messages, explain=True)
    whole = assistant.ask(messages, explain=True)
    assert done.answer is not None
    assert (done.answer.text, done.answer.citations) == (whole.text, whole.citations)
    assert done.data["trace"]
    assert list(events_of(done.answer))[-1] == done


def test_what_is_wrong_is_raised_before_the_first_event(assistant: Assistant) -> None:
    with pytest.raises(QuestionError):
        next(assistant.stream(""))
