"""A conversation as turns."""

from __future__ import annotations

from rag.retrieve.turns import Turn, said, turns
from rag.text.wording import CHAT, REFUSAL


def test_an_answer_without_its_marks_and_notes() -> None:
    assert said("有甲乙、丙丁等[1][2]。（资料没有回答“价格多少”：没有说到“价格”。）") == "有甲乙、丙丁等。"
    assert said("It weighs 3 kg [1, 2]. (Not found in the material: “price”.)") == "It weighs 3 kg ."


def test_a_refusal_says_nothing() -> None:
    assert all(said(text + "。") == "" for text in REFUSAL.values())
    assert said(CHAT["task"]["zh-Hant"]) == ""


def test_turns_in_order_without_what_others_say() -> None:
    messages = [
        {"role": "system", "content": "x"},
        {"role": "assistant", "content": "您好"},
        {"role": "user", "content": " 甲？ "},
        {"role": "assistant", "content": "乙[1]"},
        {"role": "user", "content": "丙"},
    ]
    assert turns(messages) == [Turn("甲？", "乙"), Turn("丙")]
