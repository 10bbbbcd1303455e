"""Questions that ask several things."""

from __future__ import annotations

import pytest

from rag.retrieve.parts import parts
from rag.text.words import Lexicon

LEXICON = Lexicon(["青河铁路", "舒宁片", "揉捻机"])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("青河铁路全长多少公里", ["青河铁路全长多少公里"]),
        ("青河铁路全长多少公里？舒宁片的有效期是多久？", ["青河铁路全长多少公里？", "舒宁片的有效期是多久？"]),
        ("青河铁路全长多少公里，又有几个车站", ["青河铁路全长多少公里", "青河铁路有几个车站"]),
        ("我们在写报告，揉捻机由谁生产", ["揉捻机由谁生产"]),
        ("谁生产揉捻机、烘干机和滚筒", ["谁生产揉捻机、烘干机和滚筒"]),
        ("揉捻机", ["揉捻机"]),
        ("揉捻机、烘干机、滚筒分别由谁生产？", ["揉捻机由谁生产", "烘干机由谁生产", "滚筒由谁生产"]),
        ("青河铁路的客运量和货运量分别排第几", ["青河铁路的客运量排第几", "青河铁路的货运量排第几"]),
        ("揉捻机是什么，有哪些厂商？", ["揉捻机是什么", "揉捻机有哪些厂商？"]),
        ("1. 揉捻机是什么 2. 今天的金价多少", ["揉捻机是什么", "今天的金价多少"]),
        ("①舒宁片怎么贮藏②有效期是多久", ["舒宁片怎么贮藏", "舒宁片的有效期是多久"]),
        ("揉捻机的第二名是谁，占多少？", ["揉捻机的第二名是谁", "揉捻机的第二名占多少？"]),
        ("我想知道青河铁路全长多少公里", ["青河铁路全长多少公里"]),
        ("2023年揉捻机排名第二和第四分别是哪家", ["2023年揉捻机排名第二和第四分别是哪家"]),
    ],
)
def test_each_part_stands_alone(question: str, expected: list[str]) -> None:
    assert parts(question, LEXICON) == expected


def test_who_makes_a_thing_is_asked_of_that_thing_alone() -> None:
    asked = "松岭机械的市场份额是多少？谁生产烘干机？"
    lexicon = Lexicon(["松岭机械", "烘干机"])
    assert [part.rstrip("？") for part in parts(asked, lexicon)] == ["松岭机械的市场份额是多少", "谁生产烘干机"]
