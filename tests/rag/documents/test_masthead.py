from rag.documents.masthead import read
from rag.documents.pieces import Piece

TITLE = Piece("heading", "茶业观察", level=1)
BODY = Piece("paragraph", "茶产量增长。")


def paragraph(text: str, *, link: bool = False) -> Piece:
    return Piece("paragraph", text, links=((0, len(text)),) if link else ())


def test_lines_of_an_article() -> None:
    lines = [paragraph("Original 小茶"), paragraph("茶刊", link=True), paragraph("2024年03月05日 08:30 云南"), BODY]
    assert read([TITLE, *lines]) == ([TITLE, BODY], "2024-03-05", "茶刊")


def test_all_in_one_line() -> None:
    assert read([TITLE, paragraph("原创 小茶 茶刊 2024-3-5 08:30"), BODY]) == ([TITLE, BODY], "2024-03-05", "茶刊")


def test_author_lines_go_with_the_rest() -> None:
    lines = [paragraph("文丨小茶"), paragraph("2024年3月5日 08:30"), BODY]
    assert read([TITLE, *lines]) == ([TITLE, BODY], "2024-03-05", "")


def test_a_plain_date_is_read_but_stays() -> None:
    pieces = [TITLE, paragraph("作者：小茶"), paragraph("2024年3月5日"), BODY]
    assert read(pieces) == (pieces, "2024-03-05", "")


def test_dates_below_the_first_sentence_are_content() -> None:
    pieces = [TITLE, BODY, paragraph("2024年3月5日 08:30")]
    assert read(pieces) == (pieces, "", "")
