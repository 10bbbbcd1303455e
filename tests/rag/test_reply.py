"""What leaves: each quote held against the stored text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag import Assistant, IndexCorruptError, package_version
from rag.index.store import View
from rag.reply import hold


def test_a_quote_that_the_stored_text_does_not_say_never_leaves(assistant: Assistant, view: View) -> None:
    answer = assistant.ask("青河铁路全长多少公里")
    (first, *_) = answer.citations
    hold(view, answer.citations, answer.short_answer)
    for wrong in (replace(first, quote=first.quote + "。"), replace(first, start=first.start + 1)):
        with pytest.raises(IndexCorruptError) as refused:
            hold(view, [wrong])
        assert "doctor --repair" in refused.value.en and "doctor --repair" in refused.value.zh


def test_the_bare_fact_is_held_too(assistant: Assistant, view: View) -> None:
    answer = assistant.ask("青河铁路全长多少公里")
    assert answer.short_answer is not None
    with pytest.raises(IndexCorruptError):
        hold(view, answer.citations, replace(answer.short_answer, text="187公里"))


@pytest.mark.parametrize(("asked", "words"), [("你好", "您好"), ("謝謝您", "不客氣"), ("hello", "Hello")])
def test_what_is_no_question_is_declined_in_its_own_script(assistant: Assistant, asked: str, words: str) -> None:
    answer = assistant.ask(asked)
    assert answer.refused and answer.text.startswith(words)
    assert answer.related == () and answer.missing == ()
    assert answer.standalone_question == answer.question == asked


def test_an_answer_to_a_part_names_the_part_left_open(assistant: Assistant) -> None:
    answer = assistant.ask("青河铁路全长多少公里？潜水艇由谁生产？")
    assert not answer.refused and "186公里" in answer.text
    assert "潜水艇" in answer.text and any("潜水艇" in term for term in answer.missing)


def test_the_explanation_is_there_only_where_it_was_asked_for(assistant: Assistant) -> None:
    plain, told = assistant.ask("谁生产揉捻机"), assistant.ask("谁生产揉捻机", explain=True)
    assert plain.trace is None and plain.understood is None
    assert "trace" not in plain.as_dict() and told.as_dict()["understood"][0]["kind"] == "list"
    assert told.trace and told.text == plain.text
    assert plain.version == package_version() and plain.config == told.config
