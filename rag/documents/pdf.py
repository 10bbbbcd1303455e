"""PDF → pieces, with pypdf."""

from __future__ import annotations

import io
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import Destination

from rag.documents import lines
from rag.documents.lines import Line
from rag.documents.pieces import Draft, flat
from rag.errors import FileError

_EDGE = 2  # lines at the top and the bottom of a page that may be its header or footer
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—·\s]*(?:第|page|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})\s*页?\s*(?:(?:/|／|of|共)\s*(?:共|第)?\s*\d{1,4}\s*页?)?[-–—·\s]*$",
    re.I,
)
_TOOL_TITLE = re.compile(r"microsoft |untitled|无标题|幻灯片|.*\.(?:docx?|pptx?|pdf|indd|tex|dvi)$", re.I)


def parse(data: bytes, key: str) -> Draft:
    """The draft of a PDF, a page number on every piece.

    Raises:
        FileError: the PDF needs a password, or no page of it holds text.
    """
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not _opens_without_password(reader):
        raise FileError(
            f"{key} is an encrypted PDF; save a copy without a password and try again.",
            f"{key} 是加密的 PDF；请另存一份不带密码的文件后重试。",
        )
    pages = [page.extract_text().split("\n") for page in reader.pages]
    if not any(line.strip() for page in pages for line in page):
        raise FileError(
            f"{key} is a PDF without text, most likely scanned; run OCR on it and try again.",
            f"{key} 是没有文字层的 PDF（可能是扫描件）；请先做文字识别（OCR）再试。",
        )
    title = flat(str(reader.metadata.title or "")) if reader.metadata else ""
    outline = _outline(reader)
    running = _running_lines(pages)
    found: list[Line] = []
    for number, page in enumerate(pages, 1):
        for text in _body(page, running):
            found.append(Line(text, number, outline.get(_plain(text), 0)))
    return Draft(pieces=lines.pieces(found), title="" if _TOOL_TITLE.match(title) else title)


def _opens_without_password(reader: PdfReader) -> bool:
    """True where only printing or changing is locked, not reading."""
    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


def _plain(line: str) -> str:
    return "".join(line.split())


def _edges(page: list[str]) -> list[int]:
    """Indices of the page's first and last lines that are not empty."""
    filled = [at for at, line in enumerate(page) if line.strip()]
    return sorted({*filled[:_EDGE], *filled[-_EDGE:]})


def _running_lines(pages: list[list[str]]) -> set[str]:
    """Headers and footers: lines that stand at the edge of at least half the pages (three or more), numbers apart."""
    counts = Counter(form for page in pages for form in {_DIGITS.sub("#", _plain(page[at])) for at in _edges(page)})
    return {form for form, count in counts.items() if count >= max(3, len(pages) / 2)}


def _body(page: list[str], running: set[str]) -> list[str]:
    """The page's lines without page numbers and running headers and footers, and without empty lines, which in
    extracted text say nothing about paragraphs."""
    dropped = {
        at
        for at in _edges(page)
        if _DIGITS.sub("#", _plain(page[at])) in running or _PAGE_NUMBER.match(page[at].strip())
    }
    return [line for at, line in enumerate(page) if line.strip() and at not in dropped]


def _outline(reader: PdfReader) -> dict[str, int]:
    """Bookmark titles without white space → heading level, from 2 (the title is 1)."""
    levels: dict[str, int] = {}

    def walk(entries: list[object], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, min(6, level + 1))
            elif isinstance(entry, Destination) and entry.title:
                levels.setdefault(_plain(str(entry.title)), level)

    try:
        walk(list(reader.outline), 2)
    except Exception:  # bookmarks are a hint; a file with broken ones is still readable
        return {}
    return levels
