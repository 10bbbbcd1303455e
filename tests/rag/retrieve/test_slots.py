"""The question before, with the one thing changed that a follow-up names."""

from __future__ import annotations

import pytest

from rag.retrieve.slots import changed
from rag.text.words import Lexicon

LEXICON = Lexicon(["松岭机械", "岩上科技", "揉捻机", "烘干机"])


@pytest.mark.parametrize(
    ("slot", "before", "after"),
    [
        ("2023年", "松岭机械2022年的营收是多少？", "松岭机械2023年的营收是多少"),
        ("国外", "国内谁生产揉捻机", "国外谁生产揉捻机"),
        ("二期", "蓝鲸计划的首期投资多少", "蓝鲸计划的二期投资多少"),
        ("第二名", "谁的揉捻机市场份额排第一", "谁的揉捻机市场份额排第二"),
        ("岩上科技", "松岭机械的市场份额是多少", "岩上科技的市场份额是多少"),
        ("客户", "松岭机械是做什么的", "松岭机械的客户有哪些"),
        ("按产地分", "茶叶按发酵程度分哪几类", "茶叶按产地分哪几类"),
        ("缺点", "传统烘干机有什么优点", "传统烘干机有什么缺点"),
    ],
)
def test_like_takes_the_place_of_like(slot: str, before: str, after: str) -> None:
    assert changed(slot, before, LEXICON) == after
