"""Typing errors, mended where what was meant is clear; other names left as they are."""

from __future__ import annotations

import pytest

from rag import Assistant
from rag.retrieve.spell import Speller, corrected
from rag.text.normalize import folded
from rag.text.words import Lexicon

LEARNED = ["揉捻机", "烘干机", "松岭机械", "望月隧道", "云雾茶场", "远桥科技", "超导线圈", "蒸青机组"]
TEXT = (
    "揉捻机的材料由松岭机械供应，电源来自远桥科技。望月隧道的温度是十度。云雾茶场合作生产超导线圈，蒸青机组的铜缆、铜缆与铜缆。"
    "卫禾健康的份额最大，兆龙互联次之。Parker and HVDC-2 and GB200，Norvik 的 NX7。"
)
LEXICON = Lexicon(LEARNED)
TERMS = LEXICON.terms(folded(TEXT))
SPELLER = Speller(term for term in TERMS if not term.startswith("#"))


def mended(question: str) -> str:
    return corrected(question, SPELLER, LEXICON, TERMS.count)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("谁生产柔捻机", "谁生产揉捻机"),  # the same sound
        ("用什么才料", "用什么材料"),
        ("松领机械做什么", "松岭机械做什么"),
        ("电原是谁的", "电源是谁的"),
        ("跟谁合做", "跟谁合作"),
        ("最大的分额是谁的", "最大的份额是谁的"),
        ("蒸清机组是什么", "蒸青机组是什么"),
        ("桐缆有哪些", "铜缆有哪些"),  # a pair that no dictionary has
        ("卫禾建康的份额", "卫禾健康的份额"),  # a word of the dictionary, in the place of one far more common
        ("兆隆互联做什么", "兆龙互联做什么"),  # a name that was never learned
        ("超导钱圈是谁的", "超导线圈是谁的"),  # the same shape
        ("超导线圈有什么有点", "超导线圈有什么优点"),
        ("蒸青组机是什么", "蒸青机组是什么"),  # swapped
        ("揉揉捻机谁生产", "揉捻机谁生产"),  # twice
        ("Pakrer是哪国的", "Parker是哪国的"),
        ("HVCD2是什么", "HVDC-2是什么"),
        ("ＧＢ２０Ｏ是什么", "GB200是什么"),
        ("GB 200是什么", "GB200是什么"),
        ("nx-7是什么", "nx7是什么"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "question",
    [
        "松岭机械生产什么",
        "揉面机是谁的",  # one character of three, and another thing
        "望日隧道多长",  # neither sounds nor looks like 望月隧道
        "松山机械做什么",
        "远桥药业做什么",
        "袁桥集团做什么",  # the material has another 远桥
        "远乔软件做什么",
        "电元科技做什么",  # the beginning of a name is no mistyped word
        "云武茶业做什么",
        "运动员有多少",
        "谁买电源，谁卖电源",
        "GB300是什么",
        "NX8是什么",
        "HVAC是什么",
        "Norman是谁",
        "Parkway是什么",
        "材",
        "这个有点贵",
        "那些公司做什么",
    ],
)
def test_another_thing_stays_what_it_is(question: str) -> None:
    assert mended(question) == question


def test_nothing_is_mended_without_words_to_mend_it_to() -> None:
    assert corrected("谁生产柔捻机", Speller([]), Lexicon(), lambda term: 0) == "谁生产柔捻机"


def test_where_two_are_as_near_none_is_chosen() -> None:
    words = ["青岚谷", "青岚鼓"]
    lexicon = Lexicon(words)
    terms = lexicon.terms("青岚谷和青岚鼓")
    assert corrected("青岚古在哪", Speller(words), lexicon, terms.count) == "青岚古在哪"


def test_the_answer_says_how_the_question_was_read(assistant: Assistant) -> None:
    answer = assistant.ask("谁生产柔捻机")
    assert answer.question == "谁生产柔捻机" and answer.standalone_question == "谁生产揉捻机"
    assert "松岭机械" in {item.text for item in answer.items}


@pytest.mark.parametrize(
    "question", ["松山机械生产什么", "松岩机械的市场份额是多少", "岩上电子的市场份额是多少", "Norvig的NX8多重"]
)
def test_a_name_that_the_material_does_not_have_is_not_taken_for_one_it_has(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.refused and answer.standalone_question == question


def test_pinyin_spells_a_word_and_the_name_that_a_longer_one_begins_with() -> None:
    speller = Speller(["青岚", "青岚铁路", "重庆市政府", "乐亭县", "材料"])
    assert speller.spoken("qinglan") == {"青岚"}
    assert speller.spoken("qinglantielu") == {"青岚铁路"}
    assert speller.spoken("chongqing") == {"重庆"}  # as it is read there, not as either character is read alone
    assert speller.spoken("zhongqing") == frozenset()
    assert speller.spoken("laoting") == {"乐亭"}
    assert speller.spoken("qing") == speller.spoken("") == frozenset()


def test_what_is_made_beforehand_is_what_a_question_would_make() -> None:
    cold, warm = Speller(["青岚", "材料"]), Speller(["青岚", "材料"])
    warm.warm()
    assert warm.spoken("qinglan") == cold.spoken("qinglan") == {"青岚"}
    assert warm.alike("清") == cold.alike("清")
