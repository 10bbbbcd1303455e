import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from rag.documents import docx as reader
from rag.documents.load import load_bytes
from rag.errors import FileError


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def test_blocks_in_document_order() -> None:
    document = docx.Document()
    document.core_properties.title = "属性里的标题"
    document.add_heading("茶", 1)
    paragraph = document.add_paragraph("茶是")
    paragraph.add_run("饮料").bold = True
    paragraph.add_run("。\t好喝。")
    document.add_paragraph("甲", style="List Bullet")
    document.add_paragraph("甲一", style="List Bullet 2")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table._cells, ["名", "价", "注", "绿茶", "8", ""], strict=True):
        cell.text = text
    table.cell(1, 1).merge(table.cell(1, 2))
    document.add_heading("产地", 2)
    document.add_paragraph("• 手打的项目")
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    outlined = document.add_paragraph("大纲级别的标题")
    outlined._p.get_or_add_pPr().append(level)
    document.add_paragraph("")
    draft = reader.parse(saved(document), "a.docx")
    assert draft.title == "属性里的标题"
    assert [(piece.kind, piece.text, piece.level) for piece in draft.pieces] == [
        ("heading", "茶", 1),
        ("paragraph", "茶是饮料。 好喝。", 0),
        ("item", "甲", 1),
        ("item", "甲一", 2),
        ("row", "名 | 价 | 注", 0),
        ("row", "绿茶 | 8", 0),
        ("heading", "产地", 2),
        ("item", "手打的项目", 1),
        ("heading", "大纲级别的标题", 3),
    ]
    assert [piece.text[a:b] for piece in draft.pieces for a, b in piece.bold] == ["饮料"]
    assert [piece.header for piece in draft.pieces if piece.kind == "row"] == [True, False]
    items = [piece.group for piece in draft.pieces if piece.kind == "item"]
    assert items[0] == items[1] != items[2]


def test_the_librarys_default_title_is_none() -> None:
    document = docx.Document()
    document.core_properties.title = "Word Document"
    document.add_paragraph("正文。")
    assert load_bytes(saved(document), name="甲.docx").title == "甲"


def test_other_archives_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileError, match=r"a\.docx is a ZIP archive but not a DOCX"):
        load_bytes(buffer.getvalue(), name="a.docx")


def test_an_archive_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    document = docx.Document()
    monkeypatch.setattr(reader, "MAX_UNPACKED", 1000)
    with pytest.raises(FileError, match=r"unpacks to more than"):
        load_bytes(saved(document), name="a.docx")


def test_a_damaged_docx_is_refused(tmp_path: Path) -> None:
    data = bytearray(saved(docx.Document()))
    data[len(data) // 3 : len(data) // 2] = b"\0" * (len(data) // 2 - len(data) // 3)
    with pytest.raises(FileError, match=r"a\.docx"):
        load_bytes(bytes(data), name="a.docx")
