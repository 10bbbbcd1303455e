import pytest

from rag.documents.assemble import assemble, document_from_text, document_id
from rag.documents.pieces import Draft, Piece
from rag.errors import InputError

PIECES = [
    Piece("heading", "茶", 1, bold=((0, 1),)),
    Piece("paragraph", "绿茶：香。", bold=((0, 3),)),
    Piece("item", "甲", 1, group=1),
    Piece("item", "乙", 1, group=1),
    Piece("item", "丙", 1, group=2),
    Piece("row", "名 | 价", group=3, header=True),
    Piece("row", "甲 | 1", group=3),
    Piece("code", "x = 1", page=4),
]


def test_text_and_blocks() -> None:
    document = assemble(Draft(pieces=PIECES), key="a/tea.md", stem="tea")
    assert document.text == "茶\n\n绿茶：香。\n\n甲\n乙\n\n丙\n\n名 | 价\n甲 | 1\n\nx = 1"
    assert [document.text[block.start : block.end] for block in document.blocks] == [piece.text for piece in PIECES]
    first, second = (block for block in document.blocks if block.kind == "row")
    assert (first.header, second.header) == (None, (first.start, first.end))
    assert document.blocks[-1].page == 4
    assert document.terms == ("绿茶",)


def test_title_by_precedence() -> None:
    def title(**fields: str) -> str:
        return assemble(Draft(pieces=PIECES, **fields), key="k", stem="tea").title  # type: ignore[arg-type]

    assert title(stated_title="甲", title="乙") == "甲"
    assert title(title="乙") == "茶"
    assert assemble(Draft(pieces=PIECES[1:], title="乙"), key="k", stem="tea").title == "乙"
    assert assemble(Draft(pieces=PIECES[1:]), key="k", stem="tea").title == "tea"


def test_id_is_of_the_key_and_digest_of_the_content() -> None:
    one = assemble(Draft(pieces=PIECES), key="a", stem="s")
    other = assemble(Draft(pieces=PIECES), key="b", stem="s")
    changed = assemble(Draft(pieces=PIECES, publisher="茶报"), key="a", stem="s")
    assert one.id == changed.id == document_id("a") == "doc_ca978112ca1bbdca"
    assert one.id != other.id
    assert one.sha256 == other.sha256 != changed.sha256
    assert len(one.sha256) == 64


def test_a_text_is_stored_as_it_is() -> None:
    text = "  # 绿茶：香。 \r\n\n- 红茶：浓。\n"
    document = document_from_text(text, key="notes/7", title="茶", source="手记", published="2024-05-01", tags=("饮",))
    assert document.text == text
    assert [document.text[block.start : block.end] for block in document.blocks] == ["# 绿茶：香。", "- 红茶：浓。"]
    assert {block.kind for block in document.blocks} == {"paragraph"}
    assert (document.id, document.title) == (document_id("notes/7"), "茶")
    assert (document.source, document.published, document.tags) == ("手记", "2024-05-01", ("饮",))


def test_a_text_s_digest_is_of_content_and_metadata() -> None:
    one = document_from_text("绿茶。", key="a")
    assert one.title == "a"
    assert one.sha256 == document_from_text("绿茶。", key="a").sha256
    assert one.sha256 != document_from_text("红茶。", key="a").sha256
    assert one.sha256 != document_from_text("绿茶。", key="a", source="手记").sha256


def test_a_blank_text_is_refused() -> None:
    with pytest.raises(InputError, match="notes/8 is blank"):
        document_from_text(" \n\t", key="notes/8")
