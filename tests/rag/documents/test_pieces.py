from hypothesis import given
from hypothesis import strategies as st

from rag.documents.pieces import Piece, Writer


def test_without_moves_the_spans_along() -> None:
    piece = Piece("paragraph", "甲 乙丙 丁", bold=((2, 4),), links=((4, 6),))
    left = piece.without([(1, 2), (4, 5)])
    assert left.text == "甲乙丙丁"
    assert [left.text[a:b] for a, b in left.bold] == ["乙丙"]
    assert [left.text[a:b] for a, b in left.links] == ["丁"]


def test_without_drops_a_span_that_is_wholly_cut() -> None:
    assert Piece("paragraph", "甲乙", bold=((0, 1),)).without([(0, 1)]) == Piece("paragraph", "乙")


def test_part_is_stripped() -> None:
    assert Piece("paragraph", "甲： 乙 ", bold=((0, 2),)).part(2, 5) == Piece("paragraph", "乙")


def test_joined_moves_the_second_ones_spans() -> None:
    joined = Piece("item", "甲").joined(Piece("item", "乙丙", bold=((1, 2),)))
    assert (joined.text, joined.bold) == ("甲\n乙丙", ((3, 4),))


def test_writer_merges_touching_stretches_and_starts_anew() -> None:
    writer = Writer()
    writer.add(" 显", bold=True)
    writer.add("存", bold=True)
    writer.add("很大", link=True)
    piece = writer.take("paragraph")
    assert piece == Piece("paragraph", "显存很大", bold=((0, 2),), links=((2, 4),))
    assert writer.take("paragraph") is None


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5))
def test_spans_stay_inside_the_text(text: str, cuts: list[tuple[int, int]]) -> None:
    piece = Piece("paragraph", text, bold=((0, len(text)),) if text else ())
    left = piece.without((min(a, b, len(text)), min(max(a, b), len(text))) for a, b in cuts)
    assert "".join(left.text[a:b] for a, b in left.bold) == left.text


def test_page_turns_move_along_and_what_is_cut_off_takes_its_page_with_it() -> None:
    piece = Piece("paragraph", "甲乙丙丁戊己", page=3, turns=((2, 4), (4, 5)))
    assert piece.without([(0, 1)]).turns == ((1, 4), (3, 5))
    later = piece.part(2, 6)
    assert (later.text, later.page, later.turns) == ("丙丁戊己", 4, ((2, 5),))
    last = piece.part(5, 6)
    assert (last.page, last.turns) == (5, ())
    first = piece.part(0, 2)
    assert (first.page, first.turns) == (3, ())
