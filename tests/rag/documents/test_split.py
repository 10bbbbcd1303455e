import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.assemble import assemble
from rag.documents.pieces import Draft, Piece
from rag.documents.split import split
from rag.text.sentences import sentences
from rag.types import Document, Passage


def document(*pieces: Piece) -> Document:
    return assemble(Draft(pieces=list(pieces)), key="k", stem="stem")


def heading(text: str, level: int) -> Piece:
    return Piece("heading", text, level)


def paragraph(text: str) -> Piece:
    return Piece("paragraph", text)


def items(*texts: str, group: int = 1) -> list[Piece]:
    return [Piece("item", text, 1, group=group) for text in texts]


def texts(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def test_sections_are_never_mixed_and_the_title_is_no_section() -> None:
    found = split(
        document(
            heading("茶", 1),
            paragraph("开头。"),
            heading("绿茶", 2),
            paragraph("香。"),
            heading("空的一节", 2),
            heading("红茶", 2),
            heading("产地", 3),
            paragraph("安徽。"),
            heading("附", 1),
            paragraph("完。"),
        )
    )
    assert [(passage.section, passage.text, passage.ordinal) for passage in found] == [
        ((), "开头。", 0),
        (("绿茶",), "香。", 1),
        (("红茶", "产地"), "安徽。", 2),
        (("附",), "完。", 3),
    ]


def test_units_fill_a_passage_and_a_long_one_stands_alone() -> None:
    found = split(document(paragraph("一二三。四五六。七八九十一二三四五六。末。")), max_chars=8)
    assert texts(found) == ["一二三。四五六。", "七八九十一二三四五六。", "末。"]
    assert [unit.kind for unit in found[0].units] == ["sentence", "sentence"]


def test_a_list_that_fits_is_kept_whole_with_its_intro() -> None:
    found = split(document(paragraph("开头的话。厂商包括："), *items("甲厂", "乙厂")), max_chars=14)
    assert texts(found) == ["开头的话。", "厂商包括：\n\n甲厂\n乙厂"]


def test_the_intro_stays_with_the_first_item_of_a_long_list() -> None:
    found = split(
        document(paragraph("开头的一句话。厂商包括："), *items("甲甲甲厂", "乙乙乙厂", "丙丙丙厂")), max_chars=12
    )
    assert texts(found) == ["开头的一句话。", "厂商包括：\n\n甲甲甲厂", "乙乙乙厂\n丙丙丙厂"]


def test_two_lists_in_a_row_are_two() -> None:
    found = split(document(*items("甲甲", "乙乙"), *items("丙丙", "丁丁", group=2)), max_chars=8)
    assert texts(found) == ["甲甲\n乙乙", "丙丙\n丁丁"]


def test_rows_carry_their_header() -> None:
    rows = [
        Piece("row", "名 | 价", group=1, header=True),
        Piece("row", "甲 | 1", group=1),
        Piece("row", "乙 | 2", group=1),
    ]
    built = document(*rows)
    units = [unit for passage in split(built, max_chars=12) for unit in passage.units]
    assert [unit.context and built.text[slice(*unit.context)] for unit in units] == [None, "名 | 价", "名 | 价"]


def test_only_headings() -> None:
    (passage,) = split(document(heading("茶", 1), heading("绿茶", 2)))
    assert (passage.text, passage.section) == ("茶\n\n绿茶", ())
    assert {unit.kind for unit in passage.units} == {"heading"}


def test_page_of_the_first_unit() -> None:
    pieces = [Piece("paragraph", "一。", page=3), Piece("paragraph", "二。", page=4)]
    assert [passage.page for passage in split(document(*pieces))] == [3]


def test_a_passage_knows_where_its_pages_begin() -> None:
    pieces = [
        Piece("paragraph", "第一页。", page=1),
        Piece("paragraph", "还是第一页，到第二页。第二页。", page=1, turns=((6, 2),)),
        Piece("paragraph", "第三页。", page=3),
    ]
    document = assemble(Draft(pieces=pieces), key="a.pdf", stem="a")
    (whole,) = split(document)
    assert whole.page == 1
    for words, page in (("第一页。", 1), ("还是", 1), ("到第二页", 2), ("第二页。\n", 2), ("第三页", 3)):
        assert whole.page_at(document.text.index(words)) == page, words
    *_, last = split(document, max_chars=4)
    assert (last.page, last.turns) == (3, ())
    over = next(p for p in split(document, max_chars=4) if "到第二页" in p.text)
    assert (over.page, [page for _, page in over.turns]) == (1, [2])


def test_a_size_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="max_chars is 0"):
        split(document(paragraph("茶。")), max_chars=0)


PROSE = st.text(alphabet="甲乙丙丁a。！；：\n ", min_size=1, max_size=40).map(str.strip).filter(bool)
PIECE = st.one_of(
    st.builds(heading, PROSE, st.integers(1, 6)),
    st.builds(paragraph, PROSE),
    st.builds(lambda text, group: Piece("item", text, 1, group=group), PROSE, st.integers(1, 3)),
    st.builds(
        lambda text, group, header: Piece("row", text, group=group, header=header),
        PROSE,
        st.integers(4, 5),
        st.booleans(),
    ),
    st.builds(lambda text: Piece("code", text), PROSE),
)


@given(st.lists(PIECE, min_size=1, max_size=15), st.integers(1, 60))
def test_every_unit_is_in_exactly_one_passage(pieces: list[Piece], max_chars: int) -> None:
    built = document(*pieces)
    body = [block for block in built.blocks if block.kind != "heading"]
    expected = [
        (block.start + start, block.start + end)
        for block in body or built.blocks
        for start, end in (
            sentences(built.text[block.start : block.end])
            if block.kind == "paragraph"
            else [(0, block.end - block.start)]
        )
    ]
    passages = split(built, max_chars=max_chars)
    assert [(unit.start, unit.end) for passage in passages for unit in passage.units] == expected
    headings = [block.start for block in built.blocks if block.kind == "heading"]
    for number, passage in enumerate(passages):
        assert passage.ordinal == number
        assert passage.text == built.text[passage.start : passage.end]
        assert (passage.start, passage.end) == (passage.units[0].start, passage.units[-1].end)
        assert len(passage.text) <= max_chars or len(passage.units) == 1
        assert not body or not any(passage.start <= start < passage.end for start in headings)
