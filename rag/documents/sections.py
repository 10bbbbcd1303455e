"""Bold lines and bold lead-ins → headings.

Many articles mark their sections only with bold type. Three kinds, from the outside in: a bold line under a part
number (01, 一、), a bold line, and a bold lead-in (**显存：**是…) that opens a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.documents.pieces import Piece

MAX_LINE = 40  # characters of a bold line that can be a heading
MAX_LEAD_IN = 20

_PART_NUMBER = re.compile(
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[ivxⅠ-Ⅹ]{1,4}|part\s*\.?\s*(?:\d{1,2}|one|two|three|four|five|six)"
    r"|第[一二三四五六七八九十\d]{1,3}部分)$",
    re.I,
)
_NUMBERED_LINE = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,3}(?:部分|[章编篇])|part\s*\d|0\d\s)", re.I
)
_MARKS = " \t*\\_/|丨.、·-—#"
_CAPTION = re.compile(r"(?:图|表|图表)\s*[\d一二三四五六七八九十]")
_SENTENCE = re.compile(r"[。；;，,]\s*$|。")
# Lead-ins that say what kind of remark follows, not what it is about.
_REMARKS = frozenset("注意 注 提示 说明 备注 警告 重要 问 答 问题 回答 note tip warning caution important q a".split())


def find(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with bold lines and lead-ins as headings, and with the part numbers above them gone."""
    numbers = {at for at in range(len(pieces)) if _is_part_number(pieces, at)}
    lines = {at for at, piece in enumerate(pieces) if _is_bold_line(piece) and at not in numbers}
    paragraphs = sum(piece.kind == "paragraph" for piece in pieces)
    if len(lines) > 5 and len(lines) > 0.6 * paragraphs:
        lines = set()  # everything is bold: it marks nothing
    parts = {at for at in lines if _last_text(pieces, at) in numbers or _NUMBERED_LINE.match(pieces[at].text)}
    depth = 2 if parts else 1
    found: list[Piece] = []
    base = 1  # level of the true heading above
    for at, piece in enumerate(pieces):
        if at in numbers:
            continue
        if piece.kind == "heading":
            base = piece.level
            found.append(piece)
        elif at in lines:
            level = base + (1 if at in parts else depth)
            found.append(_without_colon(replace(piece, kind="heading", level=min(6, level))))
        elif lead := _lead_in(piece):
            heading = replace(piece.part(0, lead), kind="heading", level=min(6, base + depth + 1))
            rest = piece.part(lead, len(piece.text))
            found += [
                _without_colon(heading),
                rest.part(len(rest.text) - len(rest.text.lstrip("：: ")), len(rest.text)),
            ]
        else:
            found.append(piece)
    return found


def _last_text(pieces: Sequence[Piece], at: int) -> int:
    """Index of the piece before ``at`` that is more than a picture; -1 if there is none."""
    return next((i for i in range(at - 1, -1, -1) if pieces[i].text), -1)


def _is_part_number(pieces: Sequence[Piece], at: int) -> bool:
    """True for a bare number right above a bold line or a heading."""
    piece = pieces[at]
    if piece.kind not in ("paragraph", "heading") or not _PART_NUMBER.match(piece.text.strip(_MARKS)):
        return False
    below = next((other for other in pieces[at + 1 :] if other.text), None)
    return below is not None and (below.kind == "heading" or _is_bold_line(below))


def _is_bold_line(piece: Piece) -> bool:
    if piece.kind != "paragraph" or not piece.bold or len(piece.text) > MAX_LINE:
        return False
    plain = piece.without(piece.bold).text
    return not (any(map(str.isalnum, plain)) or _SENTENCE.search(piece.text) or _CAPTION.match(piece.text))


def _lead_in(piece: Piece) -> int:
    """Length of the bold words with a colon that open a paragraph; 0 if it opens otherwise."""
    if piece.kind != "paragraph" or not piece.bold or piece.bold[0][0] != 0:
        return 0
    end = piece.bold[0][1]
    words = piece.text[:end].strip()
    if not words.endswith(("：", ":")) and not piece.text[end:].lstrip().startswith(("：", ":")):
        return 0
    words = words.rstrip("：: ")
    if not 0 < len(words) <= MAX_LEAD_IN or words.lower() in _REMARKS or re.search(r"[。！？；\n]", words):
        return 0
    return end if piece.text[end:].strip("：: \n") else 0


def _without_colon(piece: Piece) -> Piece:
    return piece.part(0, len(piece.text.rstrip("：: ")))
