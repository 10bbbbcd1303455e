"""What is not answered, and how that is said."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.answer.extract import extract
from rag.answer.refuse import confidence, missing_terms, refusal, unanswered
from rag.text.wording import REFUSAL
from tests.rag.conftest import Reads, Weighs


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("火星上有多少人", "火星"),
        ("青河铁路的造价是多少钱", "造价"),
        ("青河铁路的总工程师是谁", "总工程师"),
        ("第三大揉捻机厂商是谁", "第三"),
        ("揉捻机市场份额排名第三的是哪家", "第三"),
        ("2020年茶叶出口多少吨", "出口"),
        ("松岭机械收购了哪家公司", "收购"),
        ("白沙灯塔有多高", "白沙"),
        ("Who founded Zebulon?", "Zebulon"),
    ],
)
def test_a_refusal_names_what_is_missing(assistant: Assistant, question: str, term: str) -> None:
    answer = assistant.ask(question)
    assert answer.refused and term in answer.missing and term in answer.text
    assert not answer.citations and 0 < len(answer.related) <= 3


@pytest.mark.parametrize("question", ["青河铁路全长多少公里", "谁生产揉捻机", "什么是白毫银针", "松岭机械是做什么的"])
def test_what_is_answered_is_surer_than_what_is_not(weighs: Weighs, question: str) -> None:
    def sure(text: str) -> float:
        query, evidence = weighs(text)
        return confidence(query, evidence, extract(query, evidence))

    assert 0 <= sure("彩虹瀑布的总工程师是谁") < sure(question) <= 1


def test_nothing_said_is_nothing_sure(reads: Reads) -> None:
    assert confidence(reads("谁生产揉捻机"), [], None) == 0


def test_without_evidence_every_word_that_counts_is_missing(reads: Reads) -> None:
    query = reads("揉捻机的客户")
    assert missing_terms(query, []) == ("揉捻机",)


def test_the_words_of_a_refusal(reads: Reads) -> None:
    chinese, english = reads("火星上有谁"), reads("Who lives on Mars?")
    assert refusal(chinese, ["火星"]).startswith(REFUSAL["zh-Hans"]) and "“火星”" in refusal(chinese, ["火星"])
    assert refusal(english, ["mars"]).startswith(REFUSAL["en"]) and "mars" in refusal(english, ["mars"])
    for query in (chinese, english):
        assert refusal(query, []).endswith(("。", "."))
        assert "x1" in unanswered([query], ["x1"]) and unanswered([query], [])


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_threshold_is_a_setting(assistant: Assistant, threshold: float) -> None:
    settings = assistant.settings.model_copy(update={"refuse_below": threshold})
    other = Assistant(assistant._store, assistant._encoder, settings)
    assert other.ask("白沙灯塔有多高").refused is (threshold == 1.0)


def test_a_refusal_keeps_to_the_script_and_the_spelling_of_the_question(reads: Reads) -> None:
    query = reads("ＧＷ９壓路機由誰生產？")
    missing = missing_terms(query, [])
    assert "ＧＷ９" in missing and any("壓路機" in term for term in missing)
    assert refusal(query, missing).startswith("資料裡沒有找到")
    assert unanswered([query], missing).startswith("（資料沒有回答「ＧＷ９壓路機由誰生產」")


def test_a_judgement_that_no_clause_makes_is_refused(weighs: Weighs) -> None:
    query, evidence = weighs("哪家揉捻机厂商最便宜")
    assert confidence(query, evidence, extract(query, evidence)) < 0.45
    assert missing_terms(query, evidence)[0] == "最便宜"


@pytest.mark.parametrize(
    ("question", "named"),
    [("晨星电子的客运量怎样", "晨星电子的客运量"), ("信号设备的销路怎么样", "销路")],
)
def test_a_refusal_names_the_thing_and_what_is_asked_of_it(assistant: Assistant, question: str, named: str) -> None:
    answer = assistant.ask(question)
    assert answer.refused and answer.missing == (named,)
