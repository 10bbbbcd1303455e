"""The sections of a document, for those who show it."""

from __future__ import annotations

from rag.types import Document


def sections(document: Document) -> list[tuple[tuple[str, ...], int, int]]:
    """The path of headings of each section, and the span of the stored text from its heading to the next."""
    heads = [block for block in document.blocks if block.kind == "heading"]
    found: list[tuple[tuple[str, ...], int, int]] = []
    path: list[tuple[int, str]] = []
    for at, block in enumerate(heads):
        path = [(level, title) for level, title in path if level < block.level]
        path.append((block.level, document.text[block.start : block.end]))
        end = heads[at + 1].start if at + 1 < len(heads) else len(document.text)
        found.append((tuple(title for _, title in path), block.start, end))
    return found
