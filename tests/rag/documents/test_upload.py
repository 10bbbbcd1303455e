import io
from typing import Any

import pytest
from docx import Document as Docx

from rag.documents.upload import MAX_NAME, load_upload
from rag.errors import FileError, InputError

TEA = "---\ntitle: 茶叶手册\npublished: 2023-04-05\ntags: [农业]\n---\n# 茶\n\n绿茶产于云岭。\n".encode()


def docx(*paragraphs: str) -> bytes:
    made, data = Docx(), io.BytesIO()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.save(data)
    return data.getvalue()


def test_a_file_is_read_as_one_of_a_folder_is() -> None:
    read = load_upload("tea.md", TEA)
    assert (read.key, read.title, read.published, read.tags) == ("tea.md", "茶叶手册", "2023-04-05", ("农业",))
    assert "绿茶产于云岭。" in load_upload("note.docx", docx("绿茶产于云岭。")).text


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("../../etc/tea.md", "tea.md"),
        ("notes\\inner\\tea.md", "tea.md"),
        ("/tea.md", "tea.md"),
        ("te\0a\n.md", "tea.md"),
        ("茶 叶\ud800.md", "茶 叶.md"),
        ("x" * 400 + ".md", "x" * (MAX_NAME - 3) + ".md"),
    ],
)
def test_a_name_is_a_label(name: str, key: str) -> None:
    assert load_upload(name, TEA).key == key


def test_the_key_is_the_senders() -> None:
    first, second = load_upload("tea.md", TEA, key="库/茶"), load_upload("other.md", TEA, key="库/茶")
    assert first.key == "库/茶"
    assert (first.id, first.sha256) == (second.id, second.sha256)
    assert load_upload("tea.md", TEA, key=" ").key == "tea.md"


def test_what_the_sender_says_stands_for_what_is_read() -> None:
    read = load_upload("tea.md", TEA)
    told = load_upload(
        "tea.md", TEA, title=" 新 茶 ", source="https://example.com/t", published="2024-06-07", tags=["茶", " 茶", ""]
    )
    assert (told.title, told.source, told.published, told.tags) == (
        "新 茶",
        "https://example.com/t",
        "2024-06-07",
        ("茶",),
    )
    assert (told.text, told.blocks, told.id) == (read.text, read.blocks, read.id)
    assert told.sha256 != read.sha256
    assert load_upload("tea.md", TEA, title="", tags=()) == read


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("", TEA),
        ("..", TEA),
        ("folder/", b""),
        ("tea", TEA),
        ("tea.exe", TEA),
        ("tea.md", b""),
        ("tea.md", b"%PDF-1.7 no markdown"),
        ("tea.pdf", b"%PDF-1.7 broken"),
        ("tea.docx", b"PK\x03\x04 broken"),
        ("tea.pdf", TEA),
    ],
)
def test_what_cannot_be_read_is_a_file_error(name: str, data: bytes) -> None:
    with pytest.raises(FileError) as caught:
        load_upload(name, data)
    assert caught.value.zh != caught.value.en


@pytest.mark.parametrize("published", ["soon", "2024-13-01", "31.12.2024"])
def test_what_is_no_date(published: str) -> None:
    more: dict[str, Any] = {"published": published}
    with pytest.raises(InputError, match="no date") as caught:
        load_upload("tea.md", TEA, **more)
    assert caught.value.param == "published"
