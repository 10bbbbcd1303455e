import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from rag.documents.load import load_bytes
from rag.documents.pdf import parse
from rag.documents.split import split
from rag.errors import FileError


def pdf(
    pages: list[list[str]], *, title: str = "", password: str = "", bookmarks: dict[str, int] | None = None
) -> bytes:
    """A PDF with these lines; its font's codes are UTF-16, which is what Identity-H without a map is read as."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/Any"),
            NameObject("/Encoding"): NameObject("/Identity-H"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td" for line in lines)
        content.set_data(f"BT /F1 12 Tf 50 800 Td {shown} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    for name, number in (bookmarks or {}).items():
        writer.add_outline_item(title=name, page_number=number)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


PAGES = [
    [
        "茶业年报",
        "产地",
        "云南和福建是主要的茶叶产区，两省的产量合计占到全国的一半以",
        "上，而浙江与安徽则以绿茶闻名，其中又以龙井与毛峰为人们所熟",
        "知。",
        "The leaves are fermented and then they are care-",
        "fully dried.",
        "- 1 -",
    ],
    ["茶业年报", "市场方面，出口的增长放缓，而国内的消费却在持续地上升，并且", "2"],
    ["茶业年报", "年轻人的占比提高。", "第 3 页"],
]


def test_lines_pages_headers_and_page_numbers() -> None:
    draft = parse(pdf(PAGES, bookmarks={"产地": 0}), "a.pdf")
    assert [(piece.kind, piece.text, piece.page) for piece in draft.pieces] == [
        ("heading", "产地", 1),
        (
            "paragraph",
            "云南和福建是主要的茶叶产区，两省的产量合计占到全国的一半以上，而浙江与安徽则以绿茶闻名，其中又以龙井与毛峰为人们所熟知。",
            1,
        ),
        ("paragraph", "The leaves are fermented and then they are carefully dried.", 1),
        ("paragraph", "市场方面，出口的增长放缓，而国内的消费却在持续地上升，并且年轻人的占比提高。", 2),
    ]


def test_passages_know_their_page() -> None:
    passages = split(load_bytes(pdf(PAGES), name="a.pdf"), max_chars=60)
    assert [passage.page for passage in passages][-1] == 2
    assert passages[0].page == 1


def test_the_title_of_the_metadata_unless_a_tool_wrote_it() -> None:
    assert load_bytes(pdf([["茶。"]], title="茶经"), name="a.pdf").title == "茶经"
    assert load_bytes(pdf([["茶。"]], title="Microsoft Word - 1.docx"), name="a.pdf").title == "a"


def test_encrypted_and_text_free_files_are_refused() -> None:
    with pytest.raises(FileError, match=r"a\.pdf is an encrypted PDF"):
        load_bytes(pdf([["茶。"]], password="secret"), name="a.pdf")
    with pytest.raises(FileError, match=r"a\.pdf is a PDF without text"):
        load_bytes(pdf([[]]), name="a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\ngarbage\nstartxref\n99999\n%%EOF", pdf(PAGES)[:300]])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(FileError, match=r"a\.pdf"):
        load_bytes(data, name="a.pdf")
