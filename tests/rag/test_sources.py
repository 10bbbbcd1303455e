"""Citations as lines of text."""

from __future__ import annotations

from dataclasses import replace

from rag import Answer, Assistant, source_list
from tests.rag.conftest import Talks


def lines(answer: Answer) -> list[str]:
    listed = source_list(answer).split("\n")
    assert all(line.endswith("  ") for line in listed[:-1])  # Markdown would join the lines
    return [line.rstrip() for line in listed]


def test_a_line_a_citation_with_its_place(assistant: Assistant) -> None:
    answer = assistant.ask("青河铁路全长多少公里")
    assert lines(answer) == ["来源：", "[1] 青河铁路志 › 青河铁路 › 概况, 2021-09-30"]


def test_page_origin_and_address_where_they_are_known(assistant: Assistant) -> None:
    answer = assistant.ask("青河铁路全长多少公里")
    document = replace(
        answer.citations[0].document,
        title="志\n一",
        source="https://example.com/a",
        derived_from="转述自《县志》，2021-09-30",
    )
    citation = replace(answer.citations[0], document=document, section=("志\n一",), page=3)
    assert (
        lines(replace(answer, citations=(citation,)))[1]
        == "[1] 志 一, p. 3, 转述自《县志》，2021-09-30, https://example.com/a"
    )


def test_the_heading_is_in_the_questions_language(assistant: Assistant) -> None:
    answer = assistant.ask("青河铁路全长多少公里")
    assert lines(replace(answer, question="青河鐵路全長多少公里"))[0] == "來源："
    assert lines(replace(answer, question="How long is the railway"))[0] == "Sources:"


def test_none_for_a_refusal(assistant: Assistant) -> None:
    assert source_list(assistant.ask("火星上的海有多深")) == ""


def test_a_follow_up_is_read_as_if_it_were_not_there(assistant: Assistant, talks: Talks) -> None:
    """What a client of the OpenAI shape sends back: text and list."""
    for first, then in (
        ("国内谁生产揉捻机", "第二个的市场份额是多少"),
        ("国内谁生产揉捻机", "国外呢"),
        ("灯塔信号厂的子公司是谁", "它成立于哪年"),
        ("揉捻机的客户有哪些", "还有吗"),
    ):
        answer = assistant.ask(first)
        assert answer.citations
        said = f"{answer.text}\n\n{source_list(answer)}"
        messages = [("user", first), ("assistant", said), ("user", then)]
        listed = assistant.ask([{"role": role, "content": content} for role, content in messages])
        plain = talks(first, then)
        assert (listed.standalone_question, listed.text) == (plain.standalone_question, plain.text)
