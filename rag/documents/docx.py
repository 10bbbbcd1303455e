"""DOCX → pieces, with python-docx."""

from __future__ import annotations

import io
import re
import zipfile

import docx
from docx.table import Table, _Cell
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from rag.documents.pieces import Draft, Piece, Writer, flat
from rag.errors import FileError

MAX_UNPACKED = 500_000_000  # bytes

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$", re.I)
_BULLET = re.compile(r"\s*[•·●○■◆▪►]\s*")


def parse(data: bytes, key: str) -> Draft:
    """The draft of a DOCX: body text and tables in document order; headers, footers, comments and notes are left out.

    Raises:
        FileError: the file is a ZIP archive but no DOCX, or unpacks to more than ``MAX_UNPACKED`` bytes.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/document.xml" not in archive.namelist():
            raise FileError(
                f"{key} is a ZIP archive but not a DOCX document; save it as DOCX in a word processor and try again.",
                f"{key} 是 ZIP 压缩包，不是 DOCX 文档；请用文字处理软件另存为 DOCX 后重试。",
            )
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise FileError(
                f"{key} unpacks to more than {MAX_UNPACKED // 1_000_000} MB; split it and try again.",
                f"{key} 解压后超过 {MAX_UNPACKED // 1_000_000} MB；请拆分后重试。",
            )
    document = docx.Document(io.BytesIO(data))
    title = flat(document.core_properties.title)
    draft = Draft(title="" if title == "Word Document" else title)  # the library's own default
    group = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            group += 1
            draft.pieces.extend(_rows(block, group))
            continue
        listed = bool(draft.pieces) and draft.pieces[-1].kind == "item"
        piece = _paragraph(block, group if listed else group + 1)
        if piece is not None:
            group = max(group, piece.group)
            draft.pieces.append(piece)
    return draft


def _paragraph(paragraph: Paragraph, group: int) -> Piece | None:
    writer = Writer()
    for part in paragraph.iter_inner_content():
        for run in part.runs if isinstance(part, Hyperlink) else [part]:
            writer.add(run.text.replace("\t", " "), bold=_is_bold(run), link=isinstance(part, Hyperlink))
    writer.image = bool(paragraph._p.xpath(".//w:drawing | .//w:pict"))
    if level := _heading_level(paragraph):
        return writer.take("heading", level=level)
    if level := _list_level(paragraph):
        return writer.take("item", level=level, group=group)
    piece = writer.take("paragraph")
    if piece is not None and (bullet := _BULLET.match(piece.text)):  # a bullet typed by hand
        item = piece.part(bullet.end(), len(piece.text))
        return Piece("item", item.text, 1, None, item.bold, item.links, group)
    return piece


def _is_bold(run: Run) -> bool:
    if run.bold is not None:
        return run.bold
    return bool(run.style and run.style.font.bold)


def _heading_level(paragraph: Paragraph) -> int:
    """1–6 by the style's name, or its ancestors', or an outline level set by hand; 0 for other text."""
    style = paragraph.style
    for _ in range(10):  # styles derive from one another, in a malformed file in a circle
        if style is None:
            break
        name = style.name or ""
        if name.lower() in ("title", "标题"):
            return 1
        if found := _HEADING.match(name):
            return min(6, int(found.group(1)))
        style = style.base_style
    levels = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    return min(6, int(levels[0]) + 1) if levels and str(levels[0]) in "012345678" else 0


def _list_level(paragraph: Paragraph) -> int:
    """Depth of a list item from 1; 0 for other text."""
    depth = paragraph._p.xpath("./w:pPr/w:numPr/w:ilvl/@w:val")
    number = paragraph._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")
    if number and number[0] != "0":
        return min(9, int(depth[0]) + 1) if depth and str(depth[0]).isdigit() else 1
    name = (paragraph.style.name or "") if paragraph.style else ""
    found = re.match(r"List (?:Bullet|Number)(?: ([2-9]))?$", name)
    return int(found.group(1) or 1) if found else 0


def _rows(table: Table, group: int) -> list[Piece]:
    """The table's rows; the first is the header where there is more than one, and more than one column."""
    rows: list[Piece] = []
    for row in table.rows:
        cells: list[_Cell] = []
        for cell in row.cells:
            if not cells or cells[-1]._tc is not cell._tc:  # a merged cell comes once a column
                cells.append(cell)
        texts = [_cell_text(cell) for cell in cells]
        if any(texts):
            rows.append(Piece("row", " | ".join(texts), group=group, header=not rows and len(texts) > 1))
    if len(rows) == 1:
        rows[0] = Piece("row", rows[0].text, group=group)
    return rows


def _cell_text(cell: _Cell) -> str:
    parts: list[str] = []
    for block in cell.iter_inner_content():
        if isinstance(block, Table):
            parts.extend(row.text for row in _rows(block, 0))
        else:
            parts.append(flat(block.text))
    return flat(" ".join(part for part in parts if part))
