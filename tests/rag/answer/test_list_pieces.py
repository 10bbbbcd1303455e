"""Which list of a clause answers, by the words around each."""

from __future__ import annotations

import pytest

from rag import Assistant, Settings, ingest
from rag.index.embed import Encoder
from tests.rag.material import written

TEXT = """# 阀门

引领阀门国产化的厂商有青松电器、白鹭机械等，正在跟进的厂商还有云海仪表、星河重工等。

# 水泵

水泵的主要玩家有Norvik、Tessen等公司。国内能够生产水泵的公司有松岭机械、岩上科技等企业。

# 作者

林默曾任《海风》编委、《山月》主编等职，写有《北岭记》、《河谷书》和《盐路》等书。

# 旅游

全国共有四条线路，东线、西线立足于城市观光，而南线、北线则承接山地徒步。
"""


@pytest.fixture(scope="module")
def valves(invented: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("valves")
    settings = invented.model_copy(update={"index": folder / "index"})
    ingest([written(folder / "files", {"valves.md": TEXT})], settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("引领阀门国产化的是哪几家公司？", ["青松电器", "白鹭机械"]),
        ("正在跟进阀门的厂商有谁？", ["云海仪表", "星河重工"]),
        ("阀门，除了引领的厂商，还有谁？", ["云海仪表", "星河重工"]),
        ("阀门厂商有哪些？", ["青松电器", "白鹭机械", "云海仪表", "星河重工"]),
        ("除了青松电器和白鹭机械，阀门厂商还有谁？", ["云海仪表", "星河重工"]),
        ("水泵的国际玩家有谁？", ["Norvik", "Tessen"]),
        ("林默写过哪些书？", ["《北岭记》", "《河谷书》", "《盐路》"]),
    ],
)
def test_the_list_whose_own_words_answer(valves: Assistant, question: str, items: list[str]) -> None:
    assert [item.text for item in valves.ask(question).items] == items
