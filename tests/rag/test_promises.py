"""Every answer keeps the promises of the reply: over the bundled questions, and over any words of the material."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.sets import load_set
from rag import Assistant, QuestionError
from rag.text.normalize import folded
from rag.text.words import Lexicon
from tests.rag.material import FILES
from tests.rag.promises import keep

ASKING = "谁 哪些 哪家 多少 什么 什么时候 为什么 第几 区别 和 的 是 有 生产 呢 它 第二个 那 吗 ？ ， who what how many".split()
WORDS = sorted({word for text in FILES.values() for word, _, _ in Lexicon().words(folded(text))})
QUESTIONS = st.lists(st.sampled_from(ASKING) | st.sampled_from(WORDS), min_size=1, max_size=8).map("".join)


@pytest.mark.parametrize("name", ["dev", "test"])
def test_every_bundled_question(bundled: Assistant, name: str) -> None:
    for question in load_set(name):
        keep(bundled.ask(question.messages()), bundled)


@settings(deadline=None, max_examples=80)
@given(QUESTIONS)
def test_any_words_of_the_material(assistant: Assistant, question: str) -> None:
    with suppress(QuestionError):
        keep(assistant.ask(question, explain=True), assistant)


@settings(deadline=None, max_examples=30)
@given(st.lists(QUESTIONS, min_size=2, max_size=3))
def test_any_conversation(assistant: Assistant, questions: list[str]) -> None:
    messages: list[dict[str, str]] = []
    for question in questions:
        messages.append({"role": "user", "content": question})
        with suppress(QuestionError):
            answer = assistant.ask(messages)
            keep(answer, assistant)
            messages.append({"role": "assistant", "content": answer.text})


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=60))
def test_any_text_at_all(assistant: Assistant, question: str) -> None:
    with suppress(QuestionError):
        keep(assistant.ask(question), assistant)
