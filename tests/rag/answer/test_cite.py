"""Numbers, statements and quotes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from rag import Assistant, Settings, add_documents, load_upload, split
from rag.answer.cite import Citations, write
from rag.answer.draft import Draft, Quote, whole
from tests.rag.conftest import Weighs


def test_numbers_go_by_first_use_and_one_place_has_one(weighs: Weighs) -> None:
    _, (a, b, *_) = weighs("谁生产烘干机")
    citations = Citations()
    assert [citations.cite(whole(e), e.start, e.end) for e in (b, a, b)] == [1, 2, 1]
    assert citations.cite(whole(b), b.start, b.end - 1) == 3
    assert [citation.id for citation in citations.all()] == [1, 2, 3]
    assert [citation.quote for citation in citations.all()] == [b.text, a.text, b.text[:-1]]


def test_a_draft_written_out(weighs: Weighs) -> None:
    _, (a, b, *_) = weighs("谁生产烘干机")
    quotes = (whole(a), Quote(b, b.start, b.end, "小标题"), whole(a))
    text, statements, items, short, citations = write(Draft(quotes, (("暖阳电器", 0),), (a.start, a.start + 2, 0)))
    assert [statement.citations for statement in statements] == [(1,), (2,), (1,)]
    assert text == f"{statements[0].text}[1]；{statements[1].text}[2]；{statements[2].text}[1]。"
    assert statements[1].text.startswith("小标题：")
    assert (items[0].text, items[0].citations) == ("暖阳电器", (1,))
    assert short is not None and (short.text, short.citation) == (a.text[:2], 1)
    assert len(citations) == 2


def test_an_empty_draft_says_nothing() -> None:
    assert write(Draft(())) == ("", (), (), None, ())


def test_what_a_quote_leans_on_is_cited_before_it(assistant: Assistant) -> None:
    answer = assistant.ask("晨星电子的总部设在哪里")
    statement = answer.statements[0]
    assert statement.text.startswith("晨星电子：其总部")
    before, itself = (answer.citations[number - 1] for number in statement.citations)
    assert "晨星电子" in before.quote and before.end <= itself.start


def printed(*paragraphs: str) -> bytes:
    """A PDF as a word processor would print it: the paragraphs run over from page to page."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("zh", fontName="STSong-Light", fontSize=14, leading=24, wordWrap="CJK")
    data = io.BytesIO()
    SimpleDocTemplate(data, pagesize=A5).build([Paragraph(text, style) for text in paragraphs])
    return data.getvalue()


@pytest.mark.parametrize(
    ("question", "words", "page"),
    [
        ("灰鸥灯塔的看守人是谁", "灰鸥灯塔", 1),
        ("海雀灯塔的看守人是谁", "海雀灯塔", 2),  # a later paragraph of a passage that begins on the page before
        ("白沙渡口的班船由谁经营", "白沙渡口", 3),  # the last sentence of a paragraph that begins on the page before
    ],
)
def test_a_citation_names_the_page_that_its_quote_begins_on(
    tmp_path: Path, question: str, words: str, page: int
) -> None:
    towers = [
        f"第{n}座灯塔建在第{n}号礁石上，由沿海的航标站派人看守，每天傍晚点灯，天亮以后熄灯。" for n in range(1, 6)
    ]
    ferries = "".join(f"第{n}号渡口的船工每天清晨检查缆绳和船桨。" for n in range(1, 25))
    data = printed(
        "灰鸥灯塔的看守人是顾远舟。",
        *towers,
        "第6座灯塔建在第6号礁石上，由沿海的航标站派人看守，每天傍晚点灯，天亮以后熄灯，遇到大雾还要每隔一刻钟鸣一次雾号。",
        "海雀灯塔的看守人是林晚汀。",
        ferries + "白沙渡口的班船由顺风船运公司经营。",
    )
    pages = [text.extract_text().replace("\n", "") for text in PdfReader(io.BytesIO(data)).pages]
    assert [number for number, text in enumerate(pages, 1) if words in text] == [page]
    settings = Settings(index=tmp_path / "index", model="hash")
    document = load_upload("harbour.pdf", data, title="港湾", published="2024-06-07", tags=["港口"])
    add_documents([document], settings)
    around = next(passage for passage in split(document) if words in passage.text)
    assert around.page == max(1, page - 1)
    assistant = Assistant.open(settings.index, settings=settings)
    citation = next(c for c in assistant.ask(question).citations if words in c.quote)
    assert citation.page == page
    assert document.text[citation.start : citation.end] == citation.quote
    told = citation.document
    assert (told.title, told.published, told.tags) == ("港湾", "2024-06-07", ("港口",))
