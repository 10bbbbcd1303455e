"""Which script a question is answered in."""

from __future__ import annotations

import pytest

from rag.text.wording import CHAT, listed, script_of


@pytest.mark.parametrize(
    ("question", "script"),
    [
        ("谁生产揉捻机", "zh-Hans"),
        ("誰生產揉捻機", "zh-Hant"),
        ("台积电在哪里", "zh-Hans"),  # 台, 里 are of both
        ("臺灣的電源廠商有哪些", "zh-Hant"),
        ("ＵＰＳ是什么", "zh-Hans"),
        ("Who makes the roller?", "en"),
        ("In which year was the Moon Tunnel (望月隧道) opened?", "en"),
        ("123", "zh-Hans"),
    ],
)
def test_the_script_of_a_question(question: str, script: str) -> None:
    assert script_of(question) == script


def test_each_sentence_in_each_script() -> None:
    for texts in CHAT.values():
        assert {script_of(text) for text in texts.values()} == set(texts)


def test_names_in_the_marks_of_a_script() -> None:
    assert listed(["甲", "乙"], "zh-Hans") == "“甲”、“乙”"
    assert listed(["甲"], "zh-Hant") == "「甲」" and listed(["a", "b"], "en") == "a, b"
