"""Numbers and dates."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant, Settings, document_from_text, ingest_documents
from rag.answer.facts import draft_fact
from rag.index.embed import Encoder
from tests.rag.conftest import Weighs


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("青河铁路全长多少公里", "186公里"),
        ("青河铁路有多少个车站", "23个"),  # the other number of the clause
        ("青河铁路哪一年动工", "1936年"),
        ("青河铁路什么时候通车", "1941年8月1日"),  # the other date
        ("青河铁路的客运量排名第几", "第五"),
        ("青河铁路的货运量居全省第几", "第二"),
        ("望月隧道有多长", "2,140米"),
        ("望月隧道哪一年贯通", "1939年"),
        ("松岭机械的揉捻机市场份额是多少", "38%"),
        ("岩上科技的揉捻机市场份额是多少", "21%"),
        ("雾尖每斤多少钱", "480元"),  # of a table
        ("金芽什么时候采摘", "4月12日"),
        ("舒宁片成人每次服用几片", "2片"),
        ("舒宁片儿童每次服用几片", "1片"),
        ("舒宁片的有效期是多久", "36个月"),
        ("云溪城始建于哪一年", "1387年"),
        ("When did the Norvik NX7 enter the market?", "2019"),
    ],
)
def test_the_bare_fact(assistant: Assistant, question: str, fact: str) -> None:
    answer = assistant.ask(question)
    assert answer.short_answer is not None and answer.short_answer.text == fact


@pytest.mark.parametrize(
    "question",
    [
        "青河铁路的造价是多少钱",  # it holds numbers, but no money
        "青河铁路的客运量是多少",  # its rank alone is told
        "石牛隧道哪一年贯通",  # its length alone is told
        "岩上科技的揉捻机出口多少吨",
        "松岭机械哪一年上市",
    ],
)
def test_another_number_is_no_answer(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.refused and answer.short_answer is None


def test_a_long_clause_is_cut_to_what_is_asked(weighs: Weighs) -> None:
    query, evidence = weighs("青河铁路什么时候通车")
    draft = draft_fact(query, evidence)
    assert draft is not None and draft.short is not None
    start, end, at = draft.short
    assert draft.quotes[at].start <= start < end <= draft.quotes[at].end
    assert "通车" in draft.quotes[at].text


def test_without_a_number_there_is_no_fact(weighs: Weighs) -> None:
    query, evidence = weighs("青河铁路全长多少公里")
    assert draft_fact(query, [e for e in evidence if e.text.startswith("因为滚筒")]) is None


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("银杏项目的预算是多少", "420万元"),  # what it is, not what it was
        ("银杏项目的预算原来是多少", "300万元"),
        ("银杏项目的合同编号是多少", "BC-2024-017"),  # the whole code
        ("银杏项目什么时候验收", "2025年"),
    ],
)
def test_what_it_is_now_and_whole_codes(tmp_path: Path, encoder: Encoder, question: str, fact: str) -> None:
    text = "银杏项目的预算由300万元调整为420万元。银杏项目的合同编号为BC-2024-017。银杏项目2024年开工，2025年验收。"
    settings = Settings(index=tmp_path)
    ingest_documents([document_from_text(text, key="a", title="会议纪要")], settings, encoder=encoder)
    answer = Assistant.open(settings=settings, encoder=encoder).ask(question)
    assert answer.short_answer is not None and answer.short_answer.text == fact
