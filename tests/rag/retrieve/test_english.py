"""English questions over Chinese material."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.retrieve.english import meanings
from rag.text.normalize import folded
from rag.text.words import Lexicon
from tests.rag.conftest import Reads

TERMS = Lexicon(["数据中心"]).terms(
    folded("数据中心的液冷系统，液冷的液冷，液冷。深圳的电源，芯片排名第二，营业额在6月公布。办公软件。英国的开发者。")
)


@pytest.mark.parametrize(
    ("words", "of", "said"),
    [
        (["data", "center"], "data", "数据中心"),
        (["liquid", "cooling"], "cooling", "液冷"),  # the first characters of two words
        (["power", "supply"], "power", "电源"),  # the beginning of a longer word
        (["chips"], "chips", "芯片"),
        (["second"], "second", "第二"),
        (["june"], "june", "6月"),
        (["british"], "british", "英国"),
        (["office"], "office", "办公"),
    ],
)
def test_what_the_material_holds_of_what_it_means(words: list[str], of: str, said: str) -> None:
    assert said in meanings(words, TERMS.count)[of].others


def test_what_the_material_never_speaks_of() -> None:
    assert meanings(["turbine"], TERMS.count)["turbine"].general
    assert not meanings(["qwxzk"], TERMS.count)["qwxzk"].general


def test_a_name_by_its_pinyin() -> None:
    spoken = {"qinglan": ["青岚"]}
    terms = [*TERMS, "青岚"]
    assert "青岚" in meanings(["qinglan"], terms.count, lambda word: spoken.get(word, []))["qinglan"].others


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How long is the Wangyue tunnel?", "2,140米"),
        ("When was Chenxing Electronics founded?", "1988年"),
        ("How heavy is the Norvik NX7 roller?", "340 kg"),
        ("How many stations does the Qinghe railway have?", "23个"),
        ("Which company's market share ranks second?", "岩上科技"),
        ("Who produces signals?", "灯塔信号厂"),
    ],
)
def test_it_is_answered(assistant: Assistant, question: str, words: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused and words in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How long is the Eurotunnel?",
        "When did the Tokyo railway open to traffic?",
        "What is the price of Shuning tablets in Germany?",
        "How many employees does the signal factory have?",
        "Who is the president of the tea association?",
        "What is the weather tomorrow?",
        "How many airports does the city have?",
    ],
)
def test_what_the_material_does_not_say_is_refused(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).refused


def test_a_name_in_two_scripts_counts_once(reads: Reads) -> None:
    terms = [term.text for term in reads("What does the Qingfeng (松岭机械) company make?").terms]
    assert "松岭机械" in terms and "qingfeng" not in terms


def test_a_chinese_question_with_latin_names_is_none(reads: Reads) -> None:
    assert not reads("Norvik、Tessen和Halmar是什么").english and reads("What is 揉捻机 used for?").english
