"""An answer's citations as lines of text, for readers that see nothing but text."""

from __future__ import annotations

from rag.text.wording import SOURCES, script_of
from rag.types import Answer, Citation

_BREAK = "  \n"  # a line break that Markdown keeps


def source_list(answer: Answer) -> str:
    """The sources of an answer, a line a citation, under a heading in the question's language; "" where there are none.

        来源：
        [1] 年鉴 › 上游 › 茶园, p. 3, 2024-03-18, https://example.com/tea

    Follow-ups are read without it, so that a client may send the whole text back as the conversation.
    """
    if not answer.citations:
        return ""
    return _BREAK.join((SOURCES[script_of(answer.question)], *map(_line, answer.citations)))


def _line(citation: Citation) -> str:
    """Title and section, page, and of the document its date, what it derives from and its address; nothing twice."""
    document = citation.document
    place = " › ".join(dict.fromkeys((document.title, *citation.section)))
    page = f"p. {citation.page}" if citation.page is not None else ""
    address = document.source if document.source.startswith(("http://", "https://")) else ""
    published = "" if document.published in document.derived_from else document.published
    told = ", ".join(filter(None, (place, page, published, document.derived_from, address)))
    return f"[{citation.id}] " + " ".join(told.split())
