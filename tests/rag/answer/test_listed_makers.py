"""Lists of makers, and what they make."""

from __future__ import annotations

import pytest

from rag.answer.listed_makers import made, maker_names, maker_zones
from rag.text.enumerations import enumerations
from rag.text.words import Lexicon

LEXICON = Lexicon(["岚桥电气", "渝石科技", "高压开关"])
HEADINGS = ["配电设备", "避雷器", "市场格局"]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("国内高压开关厂商有岚桥电气、渝石科技、澜石股份等", "高压开关"),
        ("岚桥电气、渝石科技等高压开关厂商", "高压开关"),
        ("主要厂商有岚桥电气、渝石科技等", "避雷器"),  # the nearest heading that names a thing
        ("岚桥电气、渝石科技参加了展会", None),  # nothing says that they make anything
        ("岚桥电气、渝石科技两地的厂商", None),
    ],
)
def test_what_a_list_of_makers_makes(text: str, product: str | None) -> None:
    (listed,) = enumerations(text, LEXICON)
    told, zones = maker_zones(text, listed, (0, len(text)), LEXICON)
    assert told == bool(zones) == (product is not None)
    target = made(text, zones, HEADINGS, LEXICON) if zones else None
    assert (target and target[0]) == product
    if target is not None and target[1] is not None:
        assert text[slice(*target[1])] == product
    elif target is not None:
        assert HEADINGS[target[2]] == product


def test_a_list_that_holds_phrases_is_none_of_makers() -> None:
    names = [("岚桥电气", (0, 4)), ("渝石科技", (5, 9))]
    assert maker_names(names, LEXICON, told=True) == names
    assert maker_names([("高效的设备", (0, 5)), ("其客户", (6, 9))], LEXICON, told=True) == []
