"""How an attribute is asked for."""

import pytest

from rag.retrieve.attributes import attribute


@pytest.mark.parametrize(
    ("noun", "asked"),
    [
        ("营收", "是多少"),
        ("净利润", "是多少"),
        ("总部", "在哪里"),
        ("客户", "有哪些"),
        ("董事长", "是谁"),
        ("上市时间", "是什么时候"),
        ("揉捻机", ""),
        ("", ""),
    ],
)
def test_how_an_attribute_is_asked_for(noun: str, asked: str) -> None:
    assert attribute(noun) == asked
