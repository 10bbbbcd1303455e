"""Which clauses are said."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.answer.extract import extract
from tests.rag.conftest import Reads


def test_without_evidence_there_is_no_draft(reads: Reads) -> None:
    assert extract(reads("谁生产揉捻机"), []) is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("什么是白毫银针", "以单芽为原料"),
        ("为什么热风烘干机更省燃料", "受热均匀"),
        ("舒宁片怎么贮藏", "避光保存"),
        ("揉捻机市场份额排名第一的是哪家", "松岭机械的揉捻机市场份额为38%"),
        ("揉捻机市场份额排名第二的是哪家", "岩上科技的揉捻机市场份额为21%"),
        ("谁生产铁路信号机", "灯塔信号厂"),  # a single one, in no list
        ("云溪城最大的丝绸作坊叫什么", "錦瑞堂"),
    ],
)
def test_the_statement_that_answers(assistant: Assistant, question: str, words: str) -> None:
    answer = assistant.ask(question)
    assert words in answer.statements[0].text
    assert len(answer.statements) <= 2


def test_the_heading_is_said_where_the_words_do_not_name_it(assistant: Assistant) -> None:
    statement = assistant.ask("舒宁片成人每次服用几片").statements[0]
    assert statement.text.startswith("舒宁片：成人每次服用2片")
