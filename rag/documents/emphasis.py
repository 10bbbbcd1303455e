"""Bold beside Chinese punctuation.

CommonMark closes ``**`` only where the characters on its two sides look right for a language with spaces, so that
``**显存：**是`` stays as it stands (commonmark-spec issue 650). Here ``*`` may also open or close wherever a Chinese
character is on either side of it, which is what the CJK-friendly amendment to CommonMark proposes.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize

from rag.documents.script import is_cjk


def cjk_emphasis(md: MarkdownIt) -> None:
    """A plugin: ``MarkdownIt().use(cjk_emphasis)``."""
    md.inline.ruler.at("emphasis", _tokenize)


def _tokenize(state: StateInline, silent: bool) -> bool:
    start, first = state.pos, len(state.delimiters)
    if not tokenize(state, silent):
        return False
    before, after = state.src[start - 1 : start] or " ", state.src[state.pos : state.pos + 1] or " "
    if state.src[start] == "*" and (is_cjk(before) or is_cjk(after)):
        for delimiter in state.delimiters[first:]:
            delimiter.open = delimiter.open or not after.isspace()
            delimiter.close = delimiter.close or not before.isspace()
    return True
