"""HTML → pieces, with Beautiful Soup on lxml."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from rag.documents.decode import decode
from rag.documents.pieces import Draft, Piece, Writer, flat

MAX_DEPTH = 1000  # of nested elements; the tree builder slows down with the square of the depth

_DROPPED = frozenset(
    "script style nav footer aside form iframe noscript template svg button select object head".split()
)
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd label mark q rp rt ruby s samp small span strike strong "
    "sub sup time tt u var big wbr o:p".split()
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.I)
_CONTAINER = re.compile(r"<(/?)(?:div|span|section|article|table|ul|ol|blockquote|font|b|i|em|strong|a)[\s>]", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}>")
_WHITE = re.compile(r"[ \t\n\r\f\v\xa0]+")


def parse(data: bytes, key: str) -> Draft:
    """The draft of an HTML file. Raises FileError if its bytes are not text."""
    found = _CHARSET.search(data[:4096])
    text = decode(data, key, declared=found.group(1).decode() if found else "")
    soup = _soup(text)
    title = flat(soup.title.get_text()) if soup.title else ""
    return Draft(pieces=_Walk().run(soup), title=title)


def fragment(markup: str, group: int = 0) -> list[Piece]:
    """Pieces of a stretch of HTML that stands inside another format; ``group`` numbers on from there."""
    return _Walk(group).run(_soup(markup))


def _soup(markup: str) -> BeautifulSoup:
    """The tree. An XML declaration and bare text are HTML here, so Beautiful Soup need not warn of them."""
    depth = 0
    for found in _CONTAINER.finditer(markup):
        depth = max(0, depth + (-1 if found.group(1) else 1))
        if depth > MAX_DEPTH:
            raise ValueError(f"elements nest deeper than {MAX_DEPTH}")
    markup = _XML_DECLARATION.sub("", markup, count=1)
    return BeautifulSoup(markup if "<" in markup else f"<p>{markup}</p>", "lxml")


class _Walk:
    """One pass over the tree, in document order."""

    def __init__(self, group: int = 0) -> None:
        self.pieces: list[Piece] = []
        self.writer = Writer()
        self.group = group
        self.lists: list[int] = []  # the open lists' numbers, outermost first
        self.fresh_item = False  # the next text opens a list item

    def run(self, soup: BeautifulSoup) -> list[Piece]:
        for tag in soup.find_all(True):
            if tag.decomposed:
                continue
            if tag.name in _DROPPED or tag.has_attr("hidden") or _HIDDEN.search(str(tag.get("style", ""))):
                tag.decompose()
        self.children(soup, bold=False, link=False)
        self.flush()
        return self.pieces

    def children(self, tag: Tag, *, bold: bool, link: bool) -> None:
        for child in tag.children:
            self.node(child, bold, link)

    def node(self, node: PageElement, bold: bool, link: bool) -> None:
        if isinstance(node, PreformattedString):  # comments, doctypes, processing instructions
            return
        if isinstance(node, NavigableString):
            text = _WHITE.sub(" ", str(node))
            last = self.writer.last
            self.writer.add(text.lstrip() if last in ("", " ", "\n") else text, bold=bold, link=link)
            return
        if not isinstance(node, Tag):
            return
        name = node.name
        if name == "br":
            self.writer.add("\n")
        elif name == "img":
            self.writer.image = True
        elif name in _INLINE:
            heavy = name in ("b", "strong") or bool(_BOLD.search(str(node.get("style", ""))))
            self.children(node, bold=bold or heavy, link=link or (name == "a" and node.has_attr("href")))
        else:
            self.flush()
            self.block(node, bold or bool(_BOLD.search(str(node.get("style", "")))), link)
            self.flush()

    def block(self, tag: Tag, bold: bool, link: bool) -> None:
        name = tag.name
        if re.fullmatch(r"h[1-6]", name):
            self.children(tag, bold=bold, link=link)
            self.flush(heading=int(name[1]))
        elif name == "pre":
            self.pieces.append(Piece("code", tag.get_text().strip("\n").rstrip()))
        elif name == "table" and tag.find(["table", "h1", "h2", "h3"]) is None:  # else it only lays out the page
            self.table(tag)
        elif name in ("ul", "ol"):
            if not self.lists:
                self.group += 1
            self.lists.append(self.group)
            self.children(tag, bold=bold, link=link)
            self.flush()
            self.lists.pop()
        elif name == "li" and self.lists:
            self.fresh_item = True
            self.children(tag, bold=bold, link=link)
            self.flush()
            self.fresh_item = False
        else:
            self.children(tag, bold=bold, link=link)

    def table(self, tag: Tag) -> None:
        """Rows of a table that holds data; the header is the row in ``thead``, or a first row all of ``th`` or bold."""
        self.group += 1
        caption = tag.find("caption")
        if isinstance(caption, Tag) and flat(caption.get_text()):
            self.pieces.append(Piece("paragraph", flat(caption.get_text())))
        for number, row in enumerate(tag.find_all("tr")):
            cells = list(row.find_all(["td", "th"], recursive=False))
            texts = [flat(cell.get_text(" " if cell.find(["p", "div", "li", "br"]) else "")) for cell in cells]
            if not any(texts):
                continue
            marked = all(
                c.name == "th" or c.find(["b", "strong"]) for c, text in zip(cells, texts, strict=True) if text
            )
            header = number == 0 and (marked or row.find_parent("thead") is not None)
            self.pieces.append(Piece("row", " | ".join(texts), group=self.group, header=header))

    def flush(self, *, heading: int = 0) -> None:
        """End the block that is being written, if there is one."""
        if heading:
            piece = self.writer.take("heading", level=heading)
        elif self.lists:
            piece = self.writer.take("item", level=len(self.lists), group=self.lists[0])
            if piece is not None and not self.fresh_item and self._continues():
                self.pieces[-1] = self.pieces[-1].joined(piece)
                return
            self.fresh_item = self.fresh_item and piece is None
        else:
            piece = self.writer.take("paragraph")
        if piece is not None:
            self.pieces.append(piece)

    def _continues(self) -> bool:
        """True if the last piece is the item of the list that is open, at its depth."""
        last = self.pieces[-1] if self.pieces else None
        return last is not None and last.kind == "item" and (last.group, last.level) == (self.lists[0], len(self.lists))
