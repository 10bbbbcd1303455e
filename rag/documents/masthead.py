"""The lines between an article's title and its first sentence: author, account, date, place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.documents.debris import is_link_only, is_wordless
from rag.documents.frontmatter import iso_date
from rag.documents.pieces import Piece, flat

_LINES = 10  # text lines below the title that may belong to the masthead
_ORIGINAL = re.compile(r"(?:original|原创)(?=\s|$)", re.I)
_DATED = re.compile(
    r"(?P<names>(?:\S{1,20}\s+){0,4})(?P<date>\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)"
    r"(?P<time>\s+\d{1,2}:\d{2}(?::\d{2})?)?(?P<place>\s+[\u4e00-\u9fff]{2,8})?$"
)
_CREDITED = re.compile(r"(?:作者|文|撰文|编辑|责编|责任编辑|记者|排版|审核|校对|来源|出品)\s*[:：丨|｜/]\s*\S.{0,20}$")
_SENTENCE = re.compile(r"[。！？；]")


def read(pieces: Sequence[Piece]) -> tuple[list[Piece], str, str]:
    """The pieces without the masthead, the publication date (ISO or "") and the publisher ("" if not told).

    A masthead is taken for one only where a line says 原创 / Original, or gives the hour beside the date; else the
    lines stay, and only the date is read.
    """
    dropped: set[int] = set()
    accounts: dict[int, str] = {}
    published = publisher = ""
    dated = len(pieces)
    is_masthead = False
    for at in _top(pieces):
        text = flat(pieces[at].text)
        found = _DATED.match(text)
        original = _ORIGINAL.match(text)
        names = _ORIGINAL.sub("", found["names"]).split() if found else []
        if found and not published and (found["time"] or original or not names):
            published, dated = iso_date(found["date"]), at
            publisher = names[-1] if names else ""
            is_masthead = is_masthead or bool(found["time"] or original)
            dropped.add(at)
        elif original and len(text) <= 40:
            is_masthead = True
            dropped.add(at)
        elif is_link_only(pieces[at]) and len(text) <= 24:
            accounts[at] = text
            dropped.add(at)
        elif _CREDITED.match(text):
            dropped.add(at)
    if not is_masthead:
        return list(pieces), published, ""
    near = [name for at, name in accounts.items() if at < dated]
    return [piece for at, piece in enumerate(pieces) if at not in dropped], published, publisher or (near or [""])[-1]


def _top(pieces: Sequence[Piece]) -> list[int]:
    """Indices of the paragraphs that come before the first sentence, section or list."""
    found: list[int] = []
    for at, piece in enumerate(pieces):
        if piece.kind == "heading" and piece.level == 1 and not found:
            continue
        if is_wordless(piece.text):
            continue
        if piece.kind != "paragraph" or _SENTENCE.search(piece.text) or len(piece.text) > 80 or len(found) == _LINES:
            break
        found.append(at)
    return found
