"""What a piece cannot be said without; that it is said with it. All invented."""

import pytest

from rag.entail import Source, entailed
from rag.text.words import Lexicon

PLAIN = Lexicon()

# (sentence, statement)
CARRIED = [
    ("在雨季，渡轮停航。", "在雨季，渡轮停航。"),
    ("经医生同意后，患者可以出院。", "经医生同意后，患者可以出院。"),
    ("误区：抗生素可以治疗病毒感染。", "误区：抗生素可以治疗病毒感染。"),
    ("甲方可以转让合同，但需乙方书面同意。", "甲方可以转让合同，但需乙方书面同意。"),
    ("澄海航运盈利，但东港航运亏损。", "澄海航运盈利。"),
    ("澄海航运收购东港集团，其总部位于南湾市。", "澄海航运收购东港集团，其总部位于南湾市。"),
    ("澄海航运成立于1998年，其总部位于南湾市。", "澄海航运总部位于南湾市。"),
    ("澄海航运盈利，因为燃油降价。", "澄海航运盈利，因为燃油降价。"),
    ("由于燃油降价，澄海航运盈利。", "由于燃油降价，澄海航运盈利。"),
    ("由于燃油降价，澄海航运盈利。", "澄海航运盈利。"),
    ("澄海航运紧随东港航运之后，位列第二，市占率约为20%。", "澄海航运市占率约为20%。"),
    ("学校提供午餐（免费）。", "学校提供午餐。"),
    ("据港务局数据显示，澄海航运的运量为3亿吨。", "澄海航运的运量为3亿吨。"),
    ("学校加速建设操场。", "学校建设操场。"),
    ("优点：该品种抗旱。", "该品种抗旱。"),
]


@pytest.mark.parametrize(("sentence", "statement"), CARRIED)
def test_what_hangs_on_nothing_or_is_said_with_it(sentence: str, statement: str) -> None:
    assert entailed(statement, [Source(sentence)], PLAIN).supported


def test_under_mistakes_only_the_sentence_itself_is_said() -> None:
    source = Source("抗生素可以治疗病毒感染，见效快。", ("用药", "常见误区"))
    assert not entailed("抗生素可以治疗病毒感染。", [source], PLAIN).supported
    assert entailed("抗生素可以治疗病毒感染，见效快。", [source], PLAIN).supported
