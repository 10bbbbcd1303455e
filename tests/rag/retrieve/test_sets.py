"""Questions about two lists at once, and about a list's length."""

import pytest

from rag.retrieve.sets import SetQuestion, set_question


@pytest.mark.parametrize(
    "question",
    [
        "同时做揉捻机和烘干机的公司",
        "同时做揉捻机和烘干机的公司有哪些？",
        "哪些公司既做揉捻机又做烘干机",
        "哪些企业既生产揉捻机，又布局了烘干机？",
        "有没有公司既能生产揉捻机，又做烘干机？",
        "揉捻机和烘干机都做的有谁",
        "揉捻机、烘干机都有布局的厂商有哪些",
        "做揉捻机的厂商里，哪些也做烘干机？",
    ],
)
def test_who_is_in_both_lists(question: str) -> None:
    asked = set_question(question)
    assert asked is not None
    assert (asked.operation, asked.things) == ("both", ("揉捻机", "烘干机"))
    assert asked.questions == ("揉捻机的厂商有哪些", "烘干机的厂商有哪些")


@pytest.mark.parametrize(
    "question",
    [
        "做揉捻机但不做烘干机的公司",
        "只做揉捻机没有做烘干机的厂商有哪些？",
        "哪些公司做揉捻机但没做烘干机",
        "哪些厂商布局了揉捻机，却没有布局烘干机？",
    ],
)
def test_who_is_in_the_one_and_not_in_the_other(question: str) -> None:
    asked = set_question(question)
    assert asked is not None
    assert (asked.operation, asked.things) == ("only", ("揉捻机", "烘干机"))


@pytest.mark.parametrize(
    ("question", "side"),
    [
        ("做揉捻机的国内厂商有几家", "国内揉捻机"),
        ("揉捻机厂商有多少家？", "揉捻机"),
        ("一共列了多少家揉捻机厂商", "揉捻机"),
        ("有几家公司布局了揉捻机", "揉捻机"),
        ("揉捻机的厂商一共有几家", "揉捻机"),
    ],
)
def test_how_many_a_list_has(question: str, side: str) -> None:
    asked = set_question(question)
    assert asked is not None
    assert (asked.operation, asked.sides) == ("count", (side,))


@pytest.mark.parametrize(
    "question",
    [
        "谁生产揉捻机",
        "揉捻机和烘干机的区别是什么",
        "揉捻机和烘干机的厂商分别有哪些",
        "松岭机械的市场份额是多少",
        "青河铁路设有几个车站",
        "松岭机械做不做烘干机",
        "同时做揉捻机和揉捻机的公司",
        "",
    ],
)
def test_other_questions(question: str) -> None:
    assert set_question(question) is None


def test_sides_are_said_as_they_are_written() -> None:
    assert set_question("同时做 UPS 和 HVDC 的公司") == SetQuestion(
        "both", ("UPS", "HVDC"), ("UPS", "HVDC"), ("UPS的厂商有哪些", "HVDC的厂商有哪些")
    )
