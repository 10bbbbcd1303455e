"""What is not content is dropped: link lists, share lines, adverts, counters, disclaimers.

Every sentence of content stays, as it was written; only stray spaces between Chinese characters go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.documents import debris, masthead, sections
from rag.documents.pieces import Draft, Piece, Span
from rag.documents.script import FULL_WIDTH, IDEOGRAPHS
from rag.text.sentences import sentences

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ODD_SPACE = re.compile("[\u00a0\u2002-\u200a\u202f\u205f\t]")
_REPEATED_SPACE = re.compile("(?<= ) +")
_BESIDE_PUNCTUATION = re.compile(rf" (?=[{FULL_WIDTH}])|(?<=[{FULL_WIDTH}]) ")
_BETWEEN_IDEOGRAPHS = re.compile(rf"(?<=[{IDEOGRAPHS}]) (?=[{IDEOGRAPHS}])")
_NUMERALS = "一二三四五六七八九十百千零〇两0-9"
_NUMBERING = re.compile(
    rf"(?:第[{_NUMERALS}]{{1,6}}[编篇章节条款讲回部课]|[图表附][{_NUMERALS}]{{1,3}}|^[一二三四五六七八九十]{{1,3}})$"
)
_INTRO = re.compile(r"[：:]\W*$")
_READING_LIST = re.compile(r"阅读|推荐|相关|往期|链接|精选|更多|回顾")


def clean(draft: Draft) -> Draft:
    """The draft with its content only; date and publisher are read from the lines under the title where it has none."""
    pieces = [line for piece in draft.pieces for line in _lines(_tidied(piece))]
    pieces, published, publisher = masthead.read(pieces)
    pieces = sections.find(_content(_without_last_disclaimer(pieces)))
    return replace(
        draft,
        pieces=[piece for piece in pieces if piece.text],
        published=draft.published or published,
        publisher=draft.publisher or publisher,
    )


def _tidied(piece: Piece) -> Piece:
    if piece.kind == "code":
        return piece
    piece = piece.without(found.span() for found in _INVISIBLE.finditer(piece.text))
    piece = replace(piece, text=_ODD_SPACE.sub(" ", piece.text))
    piece = piece.without(found.span() for found in _REPEATED_SPACE.finditer(piece.text))
    return piece.without(_stray_spaces(piece))


def _lines(piece: Piece) -> list[Piece]:
    """A paragraph broken by hand is a paragraph a line."""
    if "\n" not in piece.text or piece.kind not in ("paragraph", "heading"):
        return [piece.part(0, len(piece.text))]
    if piece.kind == "heading":
        text = re.sub(r"\n", " ", piece.text)
        return [replace(piece, text=text).part(0, len(text))]
    found: list[Piece] = []
    start = 0
    for line in piece.text.split("\n"):
        if line.strip():
            found.append(replace(piece.part(start, start + len(line)), image=piece.image and not found))
        start += len(line) + 1
    return found or [replace(piece, text="", bold=(), links=())]


def _stray_spaces(piece: Piece) -> list[Span]:
    """Spaces that layout left in Chinese text. Beside full-width punctuation all are; between two ideographs only
    in sentences where they are rare, or where they part every character; else they may part words of a list."""
    if piece.kind == "row":
        return []
    spans = [found.span() for found in _BESIDE_PUNCTUATION.finditer(piece.text)]
    between = [found.span() for found in _BETWEEN_IDEOGRAPHS.finditer(piece.text)]
    lengths = [len(word) for word in piece.text.split()]
    scattered = len(lengths) > 1 and sum(lengths) <= 1.5 * len(lengths)
    rare = re.search(r"[，。；！？、]", piece.text) and len(between) <= max(1, len(piece.text) // 15)
    if scattered or (rare and piece.kind != "heading"):
        spans += [span for span in between if not _NUMBERING.search(piece.text[max(0, span[0] - 8) : span[0]])]
    return spans


def _without_last_disclaimer(pieces: Sequence[Piece]) -> list[Piece]:
    """Without a last section headed 免责声明."""
    last = max((at for at, piece in enumerate(pieces) if piece.kind == "heading"), default=-1)
    if last > 0 and debris.is_disclaimer_heading(pieces[last].text):
        return list(pieces[:last])
    return list(pieces)


def _content(pieces: Sequence[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    below_image = False
    introduced = 0  # the list that a line of content announces: its links are names, not pointers elsewhere
    before: Piece | None = None
    for piece in pieces:
        if piece.kind == "item" and before is not None and before.group != piece.group:
            announced = bool(_INTRO.search(before.text)) and not _READING_LIST.search(before.text)
            introduced = piece.group if announced else 0
        rest = _rest(piece, below_image or piece.image, piece.kind == "item" and piece.group == introduced)
        below_image = piece.image or (below_image and rest is None)
        if piece.text:
            before = piece
        if rest is not None:
            kept.append(rest)
    return kept


def _rest(piece: Piece, below_image: bool, introduced: bool) -> Piece | None:
    """What is left of a piece without debris; None if nothing is."""
    if piece.kind in ("row", "code"):
        return piece
    noise = debris.is_noise if piece.kind == "paragraph" else debris.is_wordless
    if noise(piece.text) or debris.is_disclaimer(piece.text):
        return None
    if piece.kind == "heading":
        return None if debris.is_advert(piece.text) else piece
    if debris.is_reading_list(piece.text) or debris.is_credit(piece.text, below_image=below_image):
        return None
    if debris.is_link_only(piece) and not introduced:
        return None
    spans = sentences(piece.text)
    adverts = [span for span in spans if debris.is_advert(piece.text[span[0] : span[1]])]
    if not adverts:
        return piece
    linked = [span for span in spans if debris.is_link_only(piece.part(*span))]  # what an advert links to
    left = piece.without(adverts + linked)
    left = left.part(0, len(left.text))
    return None if debris.is_noise(left.text) else left
