"""A model's reply cut into statements, however it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.statements import Claim, claims, is_nothing, says_absent

REPLIES = {
    "a line a statement": (
        "甲厂生产阀门。[3]\n乙厂生产水泵。[1]\n",
        [("甲厂生产阀门", (3,)), ("乙厂生产水泵", (1,))],
    ),
    "marks inside the sentence": (
        "国际厂商有 Norvik[1]、Tessen[2]；国内有松岭机械[4]。",
        [("国际厂商有 Norvik、Tessen；国内有松岭机械", (1, 2, 4))],
    ),
    "marks before the full stop, two sentences a line": (
        "甲厂在青岚[2]。乙厂在石门[5]。",
        [("甲厂在青岚", (2,)), ("乙厂在石门", (5,))],
    ),
    "one mark for the line": ("甲厂在青岚。乙厂在石门。[2]\n", [("甲厂在青岚", (2,)), ("乙厂在石门", (2,))]),
    "several numbers": ("份额为30%。[2, 4]\n排名第一。[1-3]\n", [("份额为30%", (2, 4)), ("排名第一", (1, 2, 3))]),
    "other brackets": ("投产于2024年。【2】【3】\n见图（[7]）", [("投产于2024年", (2, 3)), ("见图", (7,))]),
    "what it is called": ("甲厂生产阀门。[S1]\n乙厂也是。[句子2]", [("甲厂生产阀门", (1,)), ("乙厂也是", (2,))]),
    "bullets and bold": ("- **甲厂**生产阀门。[1]\n2. 乙厂有3.5亿元收入。[2]", [("甲厂生产阀门", (1,)), ("乙厂有3.5亿元收入", (2,))]),
    "an opening": ("好的，以下是回答：\n根据资料，甲厂有三家分厂。[1]", [("甲厂有三家分厂", (1,))]),
    "thinking aloud": ("<think>第[9]句像是？\n不，是第一句。</think>\n甲厂在青岚。[1]", [("甲厂在青岚", (1,))]),
    "the end of thinking alone": ("</think>\n甲厂在青岚。[1]", [("甲厂在青岚", (1,))]),
    "no marks": ("甲厂在青岚。\n", [("甲厂在青岚", ())]),
    "English": (
        "Makers are A Corp. and B Inc. [1]\nC sells pumps since 2019 [2].",
        [("Makers are A Corp. and B Inc", (1,)), ("C sells pumps since 2019", (2,))],
    ),
    "a figure with a dot": ("茶园有3.5万亩[1]。", [("茶园有3.5万亩", (1,))]),
    "nothing at all": ("\n  \n。\n[3]\n", []),
    "a wide range is a slip": ("茶园很大。[1-400]", [("茶园很大", (1, 400))]),
}  # fmt: skip


@pytest.mark.parametrize("name", REPLIES)
def test_statements_and_what_they_name(name: str) -> None:
    reply, expected = REPLIES[name]
    assert [(claim.text, claim.named) for claim in claims([reply])] == expected
    assert [(claim.text, claim.named) for claim in claims(reply)] == expected, "a character at a time"


@given(st.sampled_from(sorted(REPLIES)), st.lists(st.integers(1, 7), min_size=40, max_size=80))
def test_how_a_reply_is_cut_into_pieces_changes_nothing(name: str, sizes: list[int]) -> None:
    reply = REPLIES[name][0]
    pieces = []
    for size in sizes:
        pieces.append(reply[:size])
        reply = reply[size:]
    assert list(claims([*pieces, reply])) == list(claims([REPLIES[name][0]]))


@given(st.text(alphabet="甲乙。.[]【】1 2-,<>think/\n：、", max_size=60))
def test_no_reply_is_too_odd(text: str) -> None:
    for claim in claims(text):
        assert claim.text and "\n" not in claim.text


def test_a_statement_leaves_when_it_is_over() -> None:
    given = iter(["甲厂在青岚", "。", "[1", "]", "\n", "乙厂", "在石门。[2]"])
    left: list[str] = []

    def told():  # type: ignore[no-untyped-def]
        for piece in given:
            left.append(piece)
            yield piece

    statements = claims(told())
    assert next(statements) == Claim("甲厂在青岚", (1,))
    assert left[-1] == "\n", "it waited for no more than the end of the line"
    assert next(statements) == Claim("乙厂在石门", (2,))


@pytest.mark.parametrize("reply", ["甲厂在青岚。[1]\n乙厂在", "甲厂在青岚。[1]乙厂在"])
def test_only_the_last_may_be_unfinished(reply: str) -> None:
    first, last = claims(reply)
    assert first.whole
    assert (last.text, last.named, last.whole) == ("乙厂在", (), False)


@pytest.mark.parametrize("reply", ["无", "无。", "無", "NONE", "None."])
def test_what_the_rules_ask_for_where_nothing_answers(reply: str) -> None:
    assert is_nothing(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "资料中没有提到雾尖的价格",
        "抱歉，我无法回答这个问题",
        "The material does not mention the price",
        "I cannot tell",
    ],
)
def test_absence_in_other_words(reply: str) -> None:
    assert says_absent(reply)


@pytest.mark.parametrize(
    "reply", ["雾尖未经揉捻", "茶园没有电", "无锡有茶园", "The roller does not leak", "机器无法在低温下启动"]
)
def test_a_negation_is_not_absence(reply: str) -> None:
    assert not is_nothing(reply) and not says_absent(reply)
