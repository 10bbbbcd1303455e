"""Statements over what stands around a sentence: headings, the clause before it, a table's header; over several sentences."""

import pytest

from rag.entail import Source, entailed
from rag.text.words import Lexicon

PLAIN = Lexicon()
PUMPS = Source("主要厂商有松岭机械、白石泵业、青川股份。", ("水泵", "离心泵"))
ROW = Source("甲厂 | 30亩", (), "茶厂 | 面积")
YEARS = Source("2023年 | 甲厂 | 30吨", (), "年份 | 茶厂 | 产量")
ITS = Source("其市占率为30%。", before="松岭机械成立于1998年")


@pytest.mark.parametrize(
    ("source", "statement", "carried"),
    [
        (PUMPS, "离心泵的主要厂商有松岭机械、青川股份。", True),
        (PUMPS, "生产离心泵的厂商包括松岭机械、青川股份。", True),
        (PUMPS, "阀门的主要厂商有松岭机械、青川股份。", False),
        (Source("效率高于齿轮泵。", ("水泵", "离心泵")), "离心泵的效率高于齿轮泵。", True),
        (Source("效率高于齿轮泵。", ("水泵", "离心泵", "特点")), "离心泵的效率高于齿轮泵。", True),
        (Source("效率高于齿轮泵。", ("水泵", "离心泵")), "水泵的效率高于齿轮泵。", False),
        (Source("松岭机械的市场份额第一。", ("离心泵市场",)), "在离心泵市场，松岭机械的市场份额第一。", True),
        (Source("松岭机械的市场份额第一。", ("离心泵市场",)), "在阀门市场，松岭机械的市场份额第一。", False),
        (ITS, "松岭机械的市占率为30%。", True),
        (ITS, "青川股份的市占率为30%。", False),
        (ITS, "松岭机械成立于1998年。", False),
        (Source("其市占率为30%。", before="据称松岭机械已上市"), "松岭机械的市占率为30%。", False),
        (ROW, "甲厂的面积为30亩。", True),
        (ROW, "甲厂的产量为30亩。", False),
        (ROW, "乙厂的面积为30亩。", False),
        (YEARS, "2023年，甲厂的产量是30吨。", True),
        (YEARS, "甲厂的产量是30吨。", False),
        (Source("甲厂 | 第5名", (), "茶厂 | 2023年排名"), "甲厂的排名是第5名。", False),
        (Source("白石市 | 厂商有松岭机械、青川股份", (), "城市 | 厂商"), "白石市的厂商有青川股份。", True),
        (Source("白石市 | 厂商有松岭机械、青川股份", (), "城市 | 厂商"), "厂商有青川股份。", False),
    ],
)
def test_what_stands_around_a_sentence(source: Source, statement: str, carried: bool) -> None:
    assert entailed(statement, [source], PLAIN).supported is carried


THREE = (
    Source("青川股份生产阀门。"),
    Source("松岭机械成立于1998年。"),
    Source("松岭机械生产离心泵，并表示2026年扩产。"),
)


@pytest.mark.parametrize(
    ("statement", "rests_on"),
    [
        ("松岭机械成立于1998年。", (1,)),
        ("松岭机械成立于1998年，生产离心泵。", (1, 2)),
        ("松岭机械成立于1998年，青川股份生产阀门。", (0, 1)),
        ("松岭机械成立于1998年，生产阀门。", ()),
        ("青川股份生产阀门，成立于1998年。", ()),
        ("松岭机械生产离心泵，成立于1998年，青川股份生产阀门。", (0, 1, 2)),
    ],
)
def test_it_rests_on_those_that_are_needed(statement: str, rests_on: tuple[int, ...]) -> None:
    assert entailed(statement, THREE, PLAIN).rests_on == rests_on


def test_the_fewest_are_named() -> None:
    both = Source("松岭机械成立于1998年，生产离心泵。")
    assert entailed("松岭机械成立于1998年，生产离心泵。", [*THREE, both], PLAIN).rests_on == (3,)
    assert entailed("松岭机械1998年成立，生产离心泵。", [*THREE, both], PLAIN).rests_on == (3,)


def test_an_operator_of_one_sentence_does_not_go_with_the_words_of_another() -> None:
    sources = [Source("松岭机械表示，青川股份生产阀门。"), Source("白石泵业生产离心泵。")]
    assert not entailed("松岭机械表示，白石泵业生产离心泵。", sources, PLAIN).supported
    assert entailed("松岭机械表示，青川股份生产阀门。", sources, PLAIN).rests_on == (0,)
    causes = [Source("由于需求增长，价格上涨。"), Source("产量下降。")]
    assert not entailed("由于需求增长，产量下降。", causes, PLAIN).supported


def test_names_are_exchanged_only_where_the_material_gives_both() -> None:
    source = Source("CDU的水泵由松岭机械生产。")
    learned = Lexicon(["冷却分配单元"], [("cdu", "冷却分配单元"), ("冷却分配单元", "cdu")])
    assert entailed("冷却分配单元的水泵由松岭机械生产。", [source], learned).supported
    assert not entailed("冷却分配单元的水泵由松岭机械生产。", [source], PLAIN).supported
