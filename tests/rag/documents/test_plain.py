from rag.documents.plain import parse


def test_paragraphs_of_a_text_file() -> None:
    draft = parse("　　第一段。\r\n\r\n　　第二段。\f第三段。".encode("gb18030"), "a.txt")
    assert [piece.text for piece in draft.pieces] == ["第一段。", "第二段。", "第三段。"]
    assert draft.title == ""
