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
    ],
)
def test_each_part_stands_alone(question: str, expected: list[str]) -> None:
    assert parts(question, LEXICON) == expected
