"""Plain text → pieces."""

from __future__ import annotations

import re

from rag.documents import lines
from rag.documents.decode import decode
from rag.documents.pieces import Draft

_TITLE_CHARS = 40
_ENDS = re.compile(r"[。！？!?…；;，,：:.、]$")
_LISTED = re.compile(r"[-*•·]|\d+[.、)）]|[（(]")  # an item of a list is no title


def parse(data: bytes, key: str) -> Draft:
    """The draft of a text file. Raises FileError if its bytes are not text."""
    text = decode(data, key)
    found = [lines.Line(line) for line in text.replace("\f", "\n").split("\n")]
    return Draft(pieces=lines.pieces(_titled(found)))


def _titled(found: list[lines.Line]) -> list[lines.Line]:
    """The lines with the first as the title, where it stands alone, is short and ends no sentence."""
    first = next((at for at, line in enumerate(found) if line.text.strip()), None)
    if first is None or first + 2 >= len(found) or found[first + 1].text.strip():
        return found
    text = found[first].text.strip()
    more = any(line.text.strip() for line in found[first + 2 :])
    if not more or len(text) > _TITLE_CHARS or _ENDS.search(text) or _LISTED.match(text):
        return found
    return [*found[:first], lines.Line(text, level=1), *found[first + 1 :]]
