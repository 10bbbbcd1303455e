"""Plain text → pieces."""

from __future__ import annotations

from rag.documents import lines
from rag.documents.decode import decode
from rag.documents.pieces import Draft


def parse(data: bytes, key: str) -> Draft:
    """The draft of a text file. Raises FileError if its bytes are not text."""
    text = decode(data, key)
    return Draft(pieces=lines.pieces([lines.Line(line) for line in text.replace("\f", "\n").split("\n")]))
