"""Questions that lean on the ones before them."""

from __future__ import annotations

import pytest

from rag.retrieve.followup import readings, standalone, subject_of
from rag.text.words import Lexicon
from tests.rag.conftest import Talks
from tests.rag.conversations import CONVERSATIONS, LEARNED

LEXICON = Lexicon(["揉捻机", "烘干机", "松岭机械", "岩上科技", "青河铁路", "望月隧道", "舒宁片"])


def alone(*turns: str) -> str:
    """Turns: question, answer, question, …; the last question, standing alone."""
    roles = ("user", "assistant")
    return standalone([{"role": roles[i % 2], "content": turn} for i, turn in enumerate(turns)], LEXICON)


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [
        # a slot changed
        ("松岭机械的市场份额是多少", "岩上科技呢？", "岩上科技的市场份额是多少"),
        ("松岭机械的市场份额是多少", "那岩上科技呢", "岩上科技的市场份额是多少"),
        ("谁生产揉捻机？", "烘干机呢？", "谁生产烘干机"),
        ("What is Norvik?", "what about Tessen?", "What is Tessen"),
        # a qualifier added or changed
        ("谁生产揉捻机", "那国内呢？", "国内谁生产揉捻机"),
        ("国内谁生产揉捻机", "国外呢", "国外谁生产揉捻机"),
        # a pronoun
        ("青河铁路什么时候通车", "它有多少个车站", "青河铁路有多少个车站"),
        ("松岭机械是做什么的", "该公司的市场份额是多少", "松岭机械的市场份额是多少"),
        ("灯塔信号厂在哪里", "它的主要产品是什么", "灯塔信号厂的主要产品是什么"),
        # the subject left out
        ("舒宁片怎么贮藏", "有效期是多久", "舒宁片的有效期是多久"),
        # a subject of its own
        ("谁生产揉捻机", "舒宁片怎么贮藏", "舒宁片怎么贮藏"),
        ("青河铁路什么时候通车", "望月隧道有多长", "望月隧道有多长"),
        ("谁生产揉捻机", "其中哪家最大，是松岭机械吗", "揉捻机哪家最大，是松岭机械吗"),
    ],
)
def test_a_second_question(before: str, text: str, expected: str) -> None:
    assert alone(before, "……", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第二个是做什么的", "岩上科技是做什么的"),
        ("第1家的份额是多少", "松岭机械的份额是多少"),
        ("最后一家在哪里", "绿洲股份在哪里"),
        ("第九个是做什么的", "揉捻机第九个是做什么的"),  # there is no ninth
    ],
)
def test_a_place_in_the_list_just_given(text: str, expected: str) -> None:
    assert alone("揉捻机厂商有哪些", "国内厂商有松岭机械、岩上科技、绿洲股份等[1]。", text) == expected


def test_the_first_question_stands_as_it_is() -> None:
    assert alone(" 它是什么 ") == "它是什么"


def test_without_a_name_before_it_a_pronoun_stays() -> None:
    assert alone("为什么？", "……", "它是什么") == "它是什么"


def test_a_third_question_leans_on_the_second_as_it_was_meant() -> None:
    assert alone("松岭机械的市场份额是多少", "38%", "岩上科技呢", "21%", "它是做什么的") == "岩上科技是做什么的"


def test_the_subject_of_a_question() -> None:
    assert subject_of("谁生产揉捻机", LEXICON) == "揉捻机"
    assert subject_of("How much does Norvik weigh", Lexicon()) == "Norvik"
    assert subject_of("有多少种", LEXICON) is None


@pytest.mark.parametrize(("turns", "meant"), CONVERSATIONS)
def test_a_conversation(turns: tuple[str, ...], meant: str) -> None:
    messages = [{"role": ("user", "assistant")[i % 2], "content": turn} for i, turn in enumerate(turns)]
    assert standalone(messages, Lexicon(LEARNED)).rstrip("？?") in [text.rstrip("？?") for text in meant.split("||")]


def test_the_words_as_typed_are_a_reading_where_they_can_stand_alone() -> None:
    def read(*turns: str) -> tuple[str, ...]:
        return readings([{"role": ("user", "assistant")[i % 2], "content": t} for i, t in enumerate(turns)], LEXICON)

    assert read("谁生产揉捻机", "……", "火灾保险怎么买")[-1] == "火灾保险怎么买"
    assert read("青河铁路什么时候通车", "……", "有几个车站") == ("青河铁路有几个车站",)
    assert read("你好") == ("你好",) and read() == ("",)


# Through to the answer


@pytest.mark.parametrize(
    ("questions", "fact"),
    [
        (("松岭机械的揉捻机市场份额是多少", "岩上科技呢"), "21%"),
        (("青河铁路什么时候通车", "它有多少个车站"), "23个"),
        (("舒宁片怎么贮藏", "有效期是多久"), "36个月"),
        (("国内揉捻机厂商有哪些", "第二家的市场份额是多少"), "21%"),
        (("谁生产揉捻机", "舒宁片的有效期是多久"), "36个月"),  # another topic
    ],
)
def test_the_fact_asked_for_last(talks: Talks, questions: tuple[str, ...], fact: str) -> None:
    answer = talks(*questions)
    assert answer.short_answer is not None and answer.short_answer.text == fact
    assert answer.question == questions[-1]


def test_a_list_narrowed_down(talks: Talks) -> None:
    assert {item.text for item in talks("谁生产揉捻机", "那国内呢").items} == {"松岭机械", "岩上科技", "绿洲股份"}
    assert {item.text for item in talks("谁生产揉捻机", "烘干机呢").items} == {"暖阳电器", "赤炉科技"}


def test_another_topic_does_not_inherit(talks: Talks) -> None:
    answer = talks("谁生产揉捻机", "火星上有多少人")
    assert answer.refused or "揉捻机" not in answer.text
