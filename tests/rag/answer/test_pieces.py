"""Pieces of clauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.pieces import closed, is_lead, piece_spans, pieces
from rag.text.words import Lexicon

LEXICON = Lexicon(["松岭机械", "岩上科技"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("甲,乙", ["甲", "乙"]),
        ("长2,140米,宽三米", ["长2,140米", "宽三米"]),
        ("甲(乙,丙),丁", ["甲(乙,丙)", "丁"]),
        ('他说"甲,乙",丙', ['他说"甲,乙"', "丙"]),
        ("《甲,乙》,丙", ["《甲,乙》", "丙"]),
        ("甲(乙,丙", ["甲(乙,丙"]),
    ],
)
def test_commas_part_pieces_outside_marks_and_numbers(text: str, parts: list[str]) -> None:
    assert [text[s:e] for s, e in piece_spans(text)] == parts


@given(st.text(alphabet='甲乙,:()"《》12,', max_size=30))
def test_pieces_are_in_order_and_leave_out_only_their_marks(text: str) -> None:
    found = piece_spans(text, colons=True)
    assert all(s < e for s, e in found)
    assert all(e <= s for (_, e), (s, _) in pairwise(found))
    rest = "".join(text[e:s] for (_, e), (s, _) in pairwise(found))
    assert set(rest) <= {",", ":"}


@pytest.mark.parametrize(
    "lead", ["据有关部门统计", "根据协会发布的报告", "在揉捻机领域", "此外", "其中", "2023年", "从整体看"]
)
def test_what_only_leads_in(lead: str) -> None:
    assert is_lead(lead)


@pytest.mark.parametrize("piece", ["松岭机械生产揉捻机", "在全省排名第一", "用于制茶"])
def test_what_says_something_itself(piece: str) -> None:
    assert not is_lead(piece)


@pytest.mark.parametrize(
    ("text", "wanted", "kept"),
    [
        ("松岭机械成立很早,生产揉捻机,岩上科技在南坡", "生产揉捻机", ["松岭机械成立很早", "生产揉捻机"]),  # its subject
        ("如果滚筒过热,机器会停下", "机器会停下", ["如果滚筒过热", "机器会停下"]),  # its condition
        ("机器会停下,除非滚筒已经冷却", "机器会停下", ["机器会停下", "除非滚筒已经冷却"]),
        ("协会预计,产量会翻倍", "产量会翻倍", ["协会预计", "产量会翻倍"]),  # who claims it
        ("虽然机器很旧,产量仍然很高", "产量仍然很高", ["虽然机器很旧", "产量仍然很高"]),
        ("在云岭市场,松岭机械排名第一", "松岭机械排名第一", ["在云岭市场", "松岭机械排名第一"]),  # where that holds
        ("松岭机械凭借低价,占了市场", "松岭机械凭借低价", ["松岭机械凭借低价", "占了市场"]),
        ("松岭机械生产揉捻机,岩上科技生产烘干机", "松岭机械生产揉捻机", ["松岭机械生产揉捻机"]),
    ],
)
def test_what_a_piece_takes_with_it(text: str, wanted: str, kept: list[str]) -> None:
    found = pieces(text, LEXICON)
    at = next(i for i, piece in enumerate(found) if piece.text == wanted)
    assert [found[i].text for i in closed(text, found, {at})] == kept
