"""Rows of tables as they are said."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.answer.rows import _under


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("价格", "480元", "价格480元"),
        ("产地", "云岭", "产地：云岭"),
        ("2023年排名", "排名第5", "2023年排名第5"),
        ("产茶厂商", "产茶的主要厂商有甲、乙", "产茶的主要厂商有甲、乙"),
        ("", "480元", "480元"),
    ],
)
def test_a_cell_under_its_column(column: str, cell: str, words: str) -> None:
    assert _under(column, cell) == words


def test_a_row_is_said_with_the_cell_that_is_asked_for(assistant: Assistant) -> None:
    answer = assistant.ask("岩韵每斤售价多少钱")
    assert answer.statements[0].text.endswith("岩韵：每斤售价260元")
    assert answer.citations[-1].quote == "岩韵 | 石门 | 260元 | 5月5日"
