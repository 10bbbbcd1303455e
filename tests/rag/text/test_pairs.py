import pytest

from rag.text.normalize import folded
from rag.text.pairs import joined
from rag.text.words import Lexicon

PLAIN = Lexicon()


def listed(text: str, *, pairs: bool) -> list[list[str]]:
    text = folded(text)
    return [[text[start:end] for start, end in found.items] for found in joined(text, PLAIN, pairs=pairs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("它在稳定性和安全性等方面领先", [["稳定性", "安全性"]]),
        ("由松树和柏树两种组成", [["松树", "柏树"]]),
        ("著有《山与海》《花草》", [["山与海", "花草"]]),
        ("白鹭和云海有系统等多款软件", []),
        ("由甲方研发和生产等环节", []),
        ("松树和柏树都常见", []),
    ],
)
def test_what_says_itself_that_it_is_a_list(text: str, expected: list[list[str]]) -> None:
    assert listed(text, pairs=False) == expected


def test_a_pair_is_read_where_a_question_may_be_answered_by_one() -> None:
    assert listed("按用途分为训练和推理", pairs=True) == [["训练", "推理"]]
    assert listed("按用途分为训练和推理", pairs=False) == []
    assert listed("由第三方管理和提供", pairs=True) == []
