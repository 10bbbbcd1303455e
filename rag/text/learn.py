"""Terms learned from the material itself: what its authors set in bold, its headings, and the names it lists."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text.aliases import learn_aliases
from rag.text.boundaries import GENERIC
from rag.text.enumerations import enumerations
from rag.text.normalize import folded
from rag.text.words import Lexicon
from rag.types import Document

_HAN_TERM = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]{2,10}")
_PIECES = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_MAX_HEADING_PIECE = 8


def learn(documents: Iterable[Document]) -> Lexicon:
    """A lexicon that keeps the terms of these documents whole.

    Two passes: names that stand between two separators are certain and are learned first; knowing them, the open
    ends of the same lists are found better.
    """
    documents = list(documents)
    plain = Lexicon()
    headed = {term for document in documents for term in _set_off(document, plain)}
    lexicon = Lexicon(headed)
    for certain_only in (True, False):
        names = {name for document in documents for name in _listed(document, lexicon, certain_only)}
        lexicon = Lexicon(lexicon.learned | names)
    aliases = learn_aliases(documents, lexicon)
    long_forms = {name for pair in aliases for name in pair if _HAN_TERM.fullmatch(name) and not lexicon.knows(name)}
    return Lexicon(lexicon.learned | long_forms, aliases)


def _set_off(document: Document, plain: Lexicon) -> Iterable[str]:
    """Bold terms, and pieces of headings that are noun-like."""
    headings = [document.text[block.start : block.end] for block in document.blocks if block.kind == "heading"]
    for text in (*document.terms, *headings):
        for piece in _PIECES.findall(folded(text)):
            if 2 <= len(piece) <= _MAX_HEADING_PIECE and _is_name(piece, plain, verbs=True):
                yield piece


def _listed(document: Document, lexicon: Lexicon, certain_only: bool) -> Iterable[str]:
    for block in document.blocks:
        text = folded(document.text[block.start : block.end])
        for listed in enumerations(text, lexicon):
            names = listed.items[1:] if listed.open_ended else listed.items[1:-1]
            for start, end in names if certain_only else listed.items:
                name = text[start:end]
                if _HAN_TERM.fullmatch(name) and _is_name(name, lexicon):
                    yield name


def _is_name(term: str, lexicon: Lexicon, *, verbs: bool = False) -> bool:
    """Not a word already, and without a function word inside; without a longer verb too unless ``verbs``."""
    if lexicon.knows(term):
        return False
    words = [word for word, _, _ in lexicon.words(term)]
    return not any(
        lexicon.word_class(w) in ("p", "c", "u", "r", "d")
        or (len(w) > 1 and not verbs and (lexicon.word_class(w) == "v" or w in GENERIC))
        for w in words
    )
