"""What a number question measures."""

from __future__ import annotations

import pytest

from rag.answer.measures import measure_of
from tests.rag.conftest import Reads


@pytest.mark.parametrize(
    ("question", "named", "told", "untold"),
    [
        ("铁塔有多重", "重量", "12吨", "12米"),
        ("铁塔有多高", "长度", "42米", "42吨"),
        ("新桥的造价是多少", "金额", "3亿元", "3公里"),
        ("一张票卖多少英镑", "金额", "20英镑", "20个"),
        ("该市面积是多少", "面积", "30平方公里", "30人"),
        ("广告占收入多少", "百分比", "12%", "12人"),
        ("他多大年纪", "年龄", "70岁", "70元"),
        ("厂里有多少名员工", "人数", "500名", "5吨"),
        ("机场有几条跑道", "条", "三条", "20公里"),
    ],
)
def test_a_figure_is_in_the_unit_or_not(reads: Reads, question: str, named: str, told: str, untold: str) -> None:
    asked = measure_of(reads(question))
    assert asked is not None and asked.named == named
    assert asked.told_by(told, told, told) and not asked.told_by(untold, untold, untold)


@pytest.mark.parametrize("question", ["市占率有多高", "花费多少时间", "谁生产揉捻机", "建于哪一年"])
def test_other_questions_measure_nothing_of_the_kind(reads: Reads, question: str) -> None:
    asked = measure_of(reads(question))
    assert asked is None or asked.named not in ("长度", "金额")
