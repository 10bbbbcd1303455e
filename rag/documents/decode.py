"""Bytes → text, and what kind of file bytes really are."""

from __future__ import annotations

import codecs
import re

from rag.errors import FileError

_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
)
_NAMES = {
    "ZIP": "a ZIP archive",
    "OLE": "an old Office file (.doc, .xls)",
    "GZIP": "a GZIP archive",
    "ELF": "a program",
}
_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffe\uffff]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def signature(data: bytes) -> str:
    """The format that the first bytes give away ("PDF", "ZIP", "PNG", …), or "" for what may be text."""
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return "PDF"
    return next((name for start, name in _SIGNATURES if data.startswith(start)), "")


def described(name: str) -> str:
    """A signature's name for a sentence: ``a PNG image``, ``a PDF``."""
    return _NAMES.get(name, f"a {name} image" if name in ("PNG", "JPEG", "GIF") else f"a {name} file")


def decode(data: bytes, key: str, *, declared: str = "") -> str:
    """Text of ``data``: by its byte-order mark, else as UTF-8, else as GB18030, or Big5 where that reads better.

    Args:
        declared: the encoding that the file states for itself (an HTML ``meta``), tried after UTF-8.

    Raises:
        FileError: the bytes are none of these, or not text at all.
    """
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if marked:
        text = _attempt(data, marked)
    elif (text := _attempt(data, "utf-8")) is None:
        text = _attempt(data, declared) if declared else None
        text = _legacy(data) if text is None or _CONTROL.search(text) else text
    if text is None or len(_CONTROL.findall(text)) * 500 > len(text) or "\0" in text:
        raise FileError(
            f"{key} is not text in UTF-8, UTF-16 or GB18030; save it as UTF-8 and try again.",
            f"{key} 不是 UTF-8、UTF-16 或 GB18030 编码的文本；请另存为 UTF-8 后重试。",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _legacy(data: bytes) -> str | None:
    """GB18030 accepts nearly any bytes, those of Big5 too; how common the characters are tells the two apart."""
    text, other = _attempt(data, "gb18030"), _attempt(data, "big5")
    if text is None or (other is not None and _common(text, "gb2312", 0xD8) < _common(other, "big5", 0xC7)):
        return other
    return text


def _common(text: str, encoding: str, end: int) -> float:
    """Share of ``text``'s first ideographs that stand in the encoding's rows of common characters, below ``end``."""
    characters = _HAN.findall(text[:20_000])
    rows = [character.encode(encoding, errors="ignore")[:1] for character in characters]
    return sum(1 for row in rows if row and row[0] < end) / max(1, len(rows))
