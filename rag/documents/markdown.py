"""Markdown → pieces, with markdown-it-py."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.documents import frontmatter, html
from rag.documents.decode import decode
from rag.documents.emphasis import cjk_emphasis
from rag.documents.pieces import Draft, Piece, Writer, flat
from rag.documents.script import is_cjk, join

_TASK = re.compile(r"\[[ xX]\]\s+")
_MARKER = re.compile(r"(?<!\*)\*\*(?!\*)")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_SILENT = frozenset(("script", "style", "iframe", "svg"))
_SENTENCE_END = re.compile(r"[。！？；，]\s*$|.{61}", re.S)


def parse(data: bytes, key: str) -> Draft:
    """The draft of a Markdown file, with its front matter.

    Raises:
        FileError: its bytes are not text, or its front matter is malformed.
    """
    draft, body = frontmatter.read(decode(data, key), key)
    md = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(cjk_emphasis)
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # nothing here is rendered as a link
    draft.pieces = _Walk().run(md.parse(body))
    return draft


class _Walk:
    """One pass over the tokens of the blocks."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.group = 0
        self.depth = 0  # of open lists
        self.fresh_item = False

    def run(self, tokens: Sequence[Token]) -> list[Piece]:
        cells: list[str] = []
        head = False
        for at, token in enumerate(tokens):
            before = tokens[at - 1].type if at else ""
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    self.group += self.depth == 0
                    self.depth += 1
                case "bullet_list_close" | "ordered_list_close":
                    self.depth -= 1
                case "list_item_open":
                    self.fresh_item = True
                case "table_open":
                    self.group += 1
                case "thead_open" | "tbody_open":
                    head = token.type == "thead_open"
                case "tr_open":
                    cells = []
                case "tr_close":
                    if any(cells):
                        self.pieces.append(Piece("row", " | ".join(cells), group=self.group, header=head))
                case "inline" if before in ("th_open", "td_open"):
                    cell = _inline(token).take("row")
                    cells.append(flat(cell.text) if cell else "")
                case "inline":
                    self.text(token, tokens[at - 1])
                case "fence" | "code_block":
                    self.code(token)
                case "html_block":
                    self.html(token.content)
        return self.pieces

    def text(self, token: Token, opening: Token) -> None:
        """A heading, a paragraph, or text of a list item."""
        writer = _inline(token)
        piece: Piece | None
        if opening.type == "heading_open":
            # A paragraph above a line of --- reads as a heading to Markdown, but hardly to its author.
            setext = opening.markup in ("-", "=") and _SENTENCE_END.search(token.content)
            piece = writer.take("paragraph") if setext else writer.take("heading", level=int(opening.tag[1]))
        elif self.depth:
            piece = writer.take("item", level=self.depth, group=self.group)
            if piece is not None and (task := _TASK.match(piece.text)):
                piece = piece.part(task.end(), len(piece.text))
            if piece is not None:
                self.item(_paired(piece))
            return
        else:
            piece = writer.take("paragraph")
        if piece is not None:
            self.pieces.append(_paired(piece))

    def item(self, piece: Piece) -> None:
        last = self.pieces[-1] if self.pieces else None
        same = last is not None and last.kind == "item" and (last.group, last.level) == (piece.group, piece.level)
        if last is not None and same and not self.fresh_item and piece.text:
            self.pieces[-1] = last.joined(piece)
        else:
            self.pieces.append(piece)
        self.fresh_item = False

    def code(self, token: Token) -> None:
        content = token.content.strip("\n").rstrip()
        if token.type == "code_block" and any(is_cjk(character) for character in content):
            # Chinese prose indented by four spaces is prose.
            self.pieces.extend(Piece("paragraph", flat(line)) for line in content.split("\n") if line.strip())
        elif content.strip():
            self.pieces.append(Piece("code", content))

    def html(self, content: str) -> None:
        pieces = html.fragment(content, self.group)
        self.group = max([self.group, *(piece.group for piece in pieces)])
        self.pieces.extend(pieces)


def _paired(piece: Piece) -> Piece:
    """Bold that even the lenient rule leaves open, for white space inside it: ``**显存 **是``. A lone ``**`` may mask
    letters (张**), so only pairs count."""
    marks = [found.span() for found in _MARKER.finditer(piece.text)]
    if not marks or len(marks) % 2:
        return piece
    bold = [(opening[1], closing[0]) for opening, closing in zip(marks[::2], marks[1::2], strict=True)]
    piece = replace(piece, bold=tuple(sorted([*piece.bold, *bold]))).without(marks)
    return piece.part(0, len(piece.text))


def _inline(token: Token) -> Writer:
    """The text of an inline token, with what is bold and what is linked."""
    writer = Writer()
    bold = link = silent = 0
    children = token.children or []
    for at, child in enumerate(children):
        match child.type:
            case "strong_open" | "strong_close":
                bold += child.nesting
            case "link_open" | "link_close":
                link += child.nesting
            case "image":
                writer.image = True
            case "hardbreak":
                writer.add("\n")
            case "softbreak":
                following = next((children[i].content for i in range(at + 1, len(children)) if children[i].content), "")
                writer.add(" " if join(writer.last, following[:1]) == f"{writer.last} {following[:1]}" else "")
            case "html_inline":
                found = _TAG.match(child.content)
                name, change = (found.group(2).lower(), -1 if found.group(1) else 1) if found else ("", 0)
                if name == "br":
                    writer.add("\n")
                elif name == "img":
                    writer.image = True
                elif name in ("b", "strong"):
                    bold = max(0, bold + change)
                elif name in _SILENT:
                    silent = max(0, silent + change)
            case _ if not silent:
                writer.add(child.content, bold=bold > 0, link=link > 0)
    return writer
