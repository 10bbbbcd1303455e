"""Two documents that say different things of one fact: both are given, each with its date."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Answer, Assistant, Document, Filter, Settings, document_from_text, ingest_documents
from rag.index.embed import Encoder
from tests.rag.promises import keep

OLD = "岚山制茶有限公司位于岚山镇。岚山制茶现有员工300人，董事长是王小松。岚山制茶于2019年投产，注册资本为5,000万元。"
NEW = "岚山制茶有限公司是当地最大的茶厂。岚山制茶现有员工约450人，董事长是李大川。岚山制茶于2019年投产，注册资本为0.5亿元。"
OTHER = "河湾陶艺有限公司现有员工70人，董事长是陈木。"


def opened(folder: Path, encoder: Encoder, *documents: Document) -> Assistant:
    settings = Settings(index=folder / "index")
    ingest_documents(documents, settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


def document(key: str, title: str, published: str, text: str) -> Document:
    return document_from_text(text, key=key, title=title, published=published)


@pytest.fixture
def assistant(tmp_path: Path, encoder: Encoder) -> Assistant:
    return opened(
        tmp_path,
        encoder,
        document("old", "岚山报", "2023-05-01", OLD),
        document("new", "茶业周刊", "2024-06-01", NEW),
        document("other", "河湾报", "2024-07-01", OTHER),
    )


def accounts(answer: Answer) -> list[tuple[str, str]]:
    """The document and the words of each citation, in order."""
    return [(citation.document.title, citation.quote) for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [("岚山制茶有多少员工", "约450人", "300人"), ("岚山制茶的董事长是谁", "李大川", "王小松")],
)
def test_both_are_given_the_newest_first(assistant: Assistant, question: str, newer: str, older: str) -> None:
    answer = assistant.ask(question)
    keep(answer, assistant)
    assert answer.disagreeing and not answer.refused
    assert answer.text.startswith("各资料所述不同：《茶业周刊》（2024-06-01）：")
    assert "；《岚山报》（2023-05-01）：" in answer.text
    (first, said_first), (second, said_second) = accounts(answer)
    assert (first, second) == ("茶业周刊", "岚山报")
    assert newer in said_first and older in said_second
    assert answer.short_answer is not None and answer.short_answer.text == newer


@pytest.mark.parametrize("question", ["岚山制茶哪一年投产", "岚山制茶的注册资本是多少", "河湾陶艺有多少员工"])
def test_what_says_the_same_or_speaks_of_another_is_no_other_account(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.refused and not answer.disagreeing
    assert "所述不同" not in answer.text and len(answer.citations) == 1


def test_a_filter_by_date_leaves_one_account(assistant: Assistant) -> None:
    answer = assistant.ask("岚山制茶有多少员工", filter=Filter(published_before="2023-12-31"))
    assert not answer.disagreeing
    assert answer.short_answer is not None and answer.short_answer.text == "300人"


def test_the_words_are_in_the_script_of_the_question(assistant: Assistant) -> None:
    assert assistant.ask("嵐山製茶有多少員工？").text.startswith("各資料所述不同：")


def test_without_dates_both_are_given_and_none_is_called_newer(tmp_path: Path, encoder: Encoder) -> None:
    assistant = opened(tmp_path, encoder, document("old", "岚山报", "", OLD), document("new", "茶业周刊", "", NEW))
    answer = assistant.ask("岚山制茶有多少员工")
    assert answer.disagreeing and {title for title, _ in accounts(answer)} == {"岚山报", "茶业周刊"}
    assert "（" not in answer.text


def test_a_rough_figure_that_fits_is_the_same(tmp_path: Path, encoder: Encoder) -> None:
    assistant = opened(
        tmp_path,
        encoder,
        document("one", "岚山报", "2023-05-01", "岚山制茶现有员工448人。"),
        document("two", "茶业周刊", "2024-06-01", "岚山制茶现有员工约450人。"),
    )
    assert not assistant.ask("岚山制茶有多少员工").disagreeing
