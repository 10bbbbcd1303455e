"""What may be said of a statement that a model wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag import Assistant
from rag.answer.consider import Considered
from rag.answer.found_again import item, items, short_answer
from rag.answer.generate import Checked, Written, check, checked, written
from rag.answer.numbered import Numbered, numbered
from rag.answer.statements import Claim
from rag.answer.tied import is_bare, is_confirmed, names_the_subject
from rag.asking import Asking
from rag.clock import Clock
from rag.text.words import Lexicon
from rag.types import Statement


def parts_of(assistant: Assistant, question: str) -> list[Considered]:
    """The parts of a question, weighed."""
    opened = assistant._opened()
    return Asking(opened, assistant.encoder, assistant.settings, question, Clock()).considered([question])


def given(assistant: Assistant, question: str, most: int = 2000) -> Numbered:
    return numbered(parts_of(assistant, question), most)


def number(sentences: Numbered, words: str) -> int:
    return next(at + 1 for at, e in enumerate(sentences.evidence) if words in e.text)


SHARE = "松岭机械的揉捻机市场份额是多少？"


def test_the_sentences_are_those_of_the_answer_and_the_next_best_within_a_bound(assistant: Assistant) -> None:
    few, many = given(assistant, SHARE, 1), given(assistant, SHARE, 300)
    assert any("38%" in e.text for e in few.evidence), "what the extractive answer quotes is always there"
    assert len(few.evidence) < len(many.evidence)
    assert sum(len(e.text) for e in many.evidence) <= 300 + max(len(e.text) for e in many.evidence)


def test_numbers_go_by_place_and_not_by_rank(assistant: Assistant) -> None:
    for question in (SHARE, "国内有哪些揉捻机厂商？", "烘干机由谁生产？"):
        evidence = given(assistant, question).evidence
        assert [(e.hit.document.id, e.start) for e in evidence] == sorted(
            (e.hit.document.id, e.start) for e in evidence
        )
        assert len({(e.hit.document.id, e.start) for e in evidence}) == len(evidence)


def test_a_sentence_brings_the_one_that_it_leans_on(assistant: Assistant) -> None:
    sentences = given(assistant, "晨星电子的总部设在哪里？", 60)
    assert number(sentences, "其总部设在柳溪镇") > number(sentences, "晨星电子成立于1988年")
    assert "晨星电子" in sentences.sources[number(sentences, "其总部设在柳溪镇") - 1].before


def test_an_instruction_is_not_among_them(assistant: Assistant) -> None:
    sentences = given(assistant, "舒宁片应在多少度以下保存？")
    assert sentences.evidence and not any("包治百病" in e.text for e in sentences.evidence)


def test_a_row_is_shown_with_the_names_of_its_columns(assistant: Assistant) -> None:
    sentences = given(assistant, "岩韵每斤售价多少？")
    at = number(sentences, "岩韵") - 1
    assert "260元" in sentences.shown_at(at) and "售价" in sentences.shown_at(at)
    assert "每斤售价" in sentences.sources[at].header
    assert check(Claim(sentences.shown_at(at), (at + 1,)), sentences, Lexicon()).repair is None


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("松岭机械的揉捻机市场份额为38%", "38%", (None, "", True)),
        ("松岭机械的揉捻机市场份额为38%", "Norvik", ("moved", "misnamed", True)),
        ("松岭机械的揉捻机市场份额为38%", "", ("moved", "unnamed", True)),
        ("松岭机械的揉捻机市场份额为83%", "38%", ("replaced", "number", True)),
        ("松岭机械的揉捻机市场份额为83%", "", ("dropped", "number", False)),
        ("38%", "38%", (None, "", True)),
        ("21%", "38%", ("replaced", "word", True)),
    ],
)
def test_what_becomes_of_a_statement(
    assistant: Assistant, lexicon: Lexicon, text: str, names: str, expected: tuple[Any, ...]
) -> None:
    sentences = given(assistant, SHARE)
    made = check(Claim(text, (number(sentences, names),) if names else ()), sentences, lexicon)
    assert (made.repair, made.reason, bool(made.quotes)) == expected
    assert not made.quotes or "38%" in made.quotes[0].text
    assert made.text == ("" if made.repair in ("replaced", "dropped") else text)


def test_no_more_is_quoted_than_carries_it(assistant: Assistant, lexicon: Lexicon) -> None:
    sentences = given(assistant, SHARE)
    made = check(Claim("松岭机械的揉捻机市场份额为38%", (number(sentences, "38%"),)), sentences, lexicon)
    assert "21%" not in made.quotes[0].text
    other = check(Claim("岩上科技的揉捻机市场份额为21%", (number(sentences, "21%"),)), sentences, lexicon)
    assert "21%" in other.quotes[0].text, "another clause than the extractive answer's"


def test_a_statement_once_and_the_rest_of_a_reply_that_goes_in_circles_not_at_all(
    assistant: Assistant, lexicon: Lexicon
) -> None:
    sentences = given(assistant, SHARE)
    claim = Claim("松岭机械的揉捻机市场份额为38%", (number(sentences, "38%"),))
    asked: list[int] = []

    def endless():  # type: ignore[no-untyped-def]
        while True:
            asked.append(1)
            yield claim

    made = list(checked(endless(), sentences, lexicon, cut=lambda: False))
    assert [(one.repair, one.reason) for one in made] == [
        (None, ""),
        ("dropped", "repeated"),
        ("dropped", "repeated"),
        ("dropped", "circling"),
    ]
    assert len(asked) == 4


def test_a_quote_in_the_place_of_a_statement_is_not_said_twice(assistant: Assistant, lexicon: Lexicon) -> None:
    sentences = given(assistant, SHARE)
    at = number(sentences, "38%")
    lies = [Claim(f"松岭机械的揉捻机市场份额为{n}%", (at,)) for n in (81, 82, 83)]
    made = list(checked(lies, sentences, lexicon, cut=lambda: False))
    assert [one.repair for one in made] == ["replaced", "dropped", "dropped"]


@pytest.mark.parametrize(("is_cut", "repair"), [(True, "dropped"), (False, None)])
def test_an_unfinished_statement_of_a_reply_that_was_cut(
    assistant: Assistant, lexicon: Lexicon, is_cut: bool, repair: str | None
) -> None:
    sentences = given(assistant, SHARE)
    claim = Claim("松岭机械的揉捻机市场份额为38%", (number(sentences, "38%"),), whole=False)
    (made,) = checked([claim], sentences, lexicon, cut=lambda: is_cut)
    assert made.repair == repair


def test_the_record_of_a_statement(assistant: Assistant) -> None:
    sentences = given(assistant, SHARE)
    at = number(sentences, "38%")
    quote = sentences.quote(at - 1)
    told = written("问？", Claim("三成八", (at, 99)), Checked((quote,), "", "replaced", "number"), sentences)
    assert told == Written(
        "问？",
        "三成八",
        (sentences.sources[at - 1].text,),
        "replaced",
        "number",
        told.said,
        (quote.text,),
        (sentences.sources[at - 1].section,),
        (sentences.sources[at - 1].section,),
    )
    assert "38%" in told.said


@pytest.mark.parametrize(
    "text", ["38%", "松岭机械、岩上科技等", "2019年", "Norvik and Tessen", "飞机设计、天气预报", "华为、公有云"]
)
def test_what_has_no_predicate_is_bare(lexicon: Lexicon, text: str) -> None:
    assert is_bare(text, lexicon)


@pytest.mark.parametrize("text", ["份额为38%", "松岭机械生产揉捻机", "It was built in 1936", "有三家"])
def test_what_has_one_is_not(lexicon: Lexicon, text: str) -> None:
    assert not is_bare(text, lexicon)


def test_a_bare_statement_is_confirmed_by_the_extractive_answer_alone(assistant: Assistant) -> None:
    share, makers = given(assistant, SHARE), given(assistant, "国内有哪些揉捻机厂商？")
    assert is_confirmed("38%", share) and not is_confirmed("21%", share)
    assert is_confirmed("岩上科技、松岭机械等", makers) and not is_confirmed("岩上科技、暖阳电器", makers)
    assert not is_confirmed("", makers)
    assert names_the_subject("揉捻机有三种", makers) and not names_the_subject("烘干机有三种", makers)


def test_what_is_found_again(assistant: Assistant) -> None:
    answer = assistant.ask("国内有哪些揉捻机厂商？")
    (part,) = parts_of(assistant, "国内有哪些揉捻机厂商？")
    assert part.draft is not None
    found = items([part.draft], answer.statements, answer.citations)
    assert {one.text for one in found} == {one.text for one in answer.items} and len(found) == 3
    said = (Statement("松岭机械生产揉捻机", "quoted", (1,)),)
    assert [one.text for one in items([part.draft], said, answer.citations)] == ["松岭机械"]
    quote = part.draft.quotes[part.draft.items[0][1]]
    assert item("松岭机械", quote, (Statement("松岭机械", "quoted", ()),), answer.citations) is None
    elsewhere = replace(answer.citations[0], start=0, end=2)
    assert item("松岭机械", quote, said, (elsewhere,)) is None, "said of another place"
    assert short_answer([part.draft], answer.statements, answer.citations) is None


def test_the_bare_fact_is_found_again_where_it_is_said_and_cited(assistant: Assistant) -> None:
    answer = assistant.ask(SHARE)
    (part,) = parts_of(assistant, SHARE)
    assert part.draft is not None
    assert short_answer([part.draft], answer.statements, answer.citations) == answer.short_answer
    assert short_answer([part.draft], (Statement("不知道", "quoted", (1,)),), answer.citations) is None
    assert short_answer([part.draft], answer.statements, ()) is None
    assert short_answer([part.draft] * 2, answer.statements, answer.citations) is None
