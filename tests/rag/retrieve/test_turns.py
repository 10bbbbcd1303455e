"""A conversation as turns."""

from __future__ import annotations

import pytest

from rag.retrieve.turns import Turn, said, turns
from rag.text.wording import CHAT, REFUSAL


def test_an_answer_without_its_marks_and_notes() -> None:
    assert said("有甲乙、丙丁等[1][2]。（资料没有回答“价格多少”：没有说到“价格”。）") == "有甲乙、丙丁等。"
    assert said("It weighs 3 kg [1, 2]. (Not found in the material: “price”.)") == "It weighs 3 kg ."


@pytest.mark.parametrize(
    "listed",
    [
        "\n\n来源：  \n[1] 志 › 概况, p. 3, 2021-09-30  \n[2] 手册",
        "\r\n\r\n來源：\r\n[1] 志\r\n",
        "\n**Sources:**\n\n- [1] Handbook\n- [12] Leaflet\n\n",
    ],
)
def test_an_answer_without_its_list_of_sources(listed: str) -> None:
    assert said("有甲乙、丙丁等[1][2]。" + listed) == "有甲乙、丙丁等。"
    assert said("有甲乙[1]。（资料没有回答“价格”。）" + listed) == "有甲乙。"


def test_words_that_only_look_like_sources_stay() -> None:
    assert said("水的来源：\n山泉[1]。") == "水的来源：\n山泉。"
    assert said("来源：甲乙[1]。") == "来源：甲乙。"
    assert said("甲。\n来源：\n") == "甲。\n来源："


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
