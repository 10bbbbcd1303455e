"""Honest ways of saying less, or the same around its link: each of them a statement of the kind that language models write. All
invented."""

import pytest

from rag.entail import Source, entailed
from rag.text.words import Lexicon

PLAIN = Lexicon()

# (sentence, statement)
CARRIED = [
    ("据港务局数据显示，松岭机械在全世界前16大水泵厂商里排名首位，市占率约为69%。", "松岭机械市占率约为69%。"),
    ("离心泵主要是靠叶轮输送液体的泵，应用场景有供水、灌溉等。", "离心泵的应用场景包括供水、灌溉。"),
    ("参与白石市供水建设的厂商有松岭机械、青川股份。", "松岭机械参与白石市供水建设。"),
    ("松岭机械的子公司青川股份亏损。", "青川股份是松岭机械的子公司。"),
    ("离心泵的国际厂商有赤山机械、蓝海机械；国内厂商有松岭机械、青川股份。", "离心泵的国内厂商有松岭机械。"),
    ("离心泵的国际厂商有赤山机械、蓝海机械；国内厂商有松岭机械、青川股份。", "离心泵的国内厂商有松岭机械、青川股份。"),
    ("从市场格局看，松岭机械排名第一。", "松岭机械排名第一。"),
    ("从市场格局看，松岭机械排名第一。", "从市场格局看，松岭机械排名第一。"),
    ("国内的离心泵厂商有松岭机械、青川股份。", "离心泵的国内厂商有松岭机械、青川股份。"),
    ("松岭机械已成立研究院，推出了教学产品，还打造了服务平台。", "松岭机械还打造了服务平台。"),
    ("参与白石市供水建设的厂商有松岭机械、青川股份。", "参与白石市供水建设的厂商是松岭机械、青川股份。"),
    ("岑耀电子在全世界前16大水泵厂商里排名首位，市占率约为69%。", "岑耀电子市占率约为69%。"),
    ("岑达教育已成立人工智能研究院，推出了教学产品小泉，还打造了服务平台。", "岑达教育还打造了服务平台。"),
    ("松岭机械的子公司岑耀科技亏损。", "岑耀科技是松岭机械的子公司。"),
    ("中岑教育已成立研究院，还打造了服务平台。", "中岑教育还打造了服务平台。"),
    ("松岭机械的主要产品是水泵，市占率为30%。", "松岭机械的主要产品是水泵。"),
]


@pytest.mark.parametrize(("sentence", "statement"), CARRIED)
def test_it_is_carried(sentence: str, statement: str) -> None:
    assert entailed(statement, [Source(sentence)], PLAIN).supported
