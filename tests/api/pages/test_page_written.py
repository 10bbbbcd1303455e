"""Answers that a language model wrote, on the page and in the widget, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Settings
from tests.api.browsing import Browser, Page, ask, expect, fits, opened
from tests.api.fake import FakeAssistant
from tests.api.live import running
from tests.api.pages.test_page import browser
from tests.api.pages.test_widget import ask as ask_widget
from tests.api.pages.test_widget import visited
from tests.api.site import another_site

__all__ = ["browser"]  # a fixture

WRITTEN = "由语言模型撰写，逐句核对，改动 3 处"
MENDED = ["改引正确的出处 1 处", "以原文替代 1 处", "删去无依据 1 处"]


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant(Settings(llm_model="tea-writer"))


@pytest.fixture
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0), fake) as url:
        yield url


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    with opened(browser, url) as page:
        yield page


def test_an_answer_says_that_a_language_model_wrote_it_and_what_was_mended(page: Page) -> None:
    ask(page, "请撰写：谁在种茶和制茶？")
    made = page.locator(".made")
    expect(made.locator("summary")).to_have_text(WRITTEN)
    expect(made.locator("li").first).to_be_hidden()
    made.locator("summary").focus()
    page.keyboard.press("Enter")  # of the keyboard too
    expect(made.locator("li")).to_have_text(MENDED)
    expect(made.locator("li").first).to_be_visible()
    expect(page.locator(".facts")).not_to_contain_text("摘自原文")
    expect(page.locator(".facts")).to_contain_text("1.5 秒")
    expect(page.locator(".prose .chip")).to_have_count(2)

    page.click("#language")
    expect(made.locator("summary")).to_have_text("Written by a language model, each statement checked, 3 mended")
    expect(made.locator("li").nth(1)).to_have_text("1 replaced by the quote")


def test_an_answer_that_fell_back_says_why_and_another_that_it_is_quoted(page: Page) -> None:
    ask(page, "退回：谁在种茶和制茶？")
    expect(page.locator(".made")).to_have_text("语言模型超时，已改用原文语句")
    expect(page.locator("details.made")).to_have_count(0)
    ask(page, "谁在种茶和制茶？")
    last = page.locator(".turn").last
    expect(last.locator(".made")).to_have_count(0)
    expect(last.locator(".facts")).to_contain_text("摘自原文")


def test_an_answer_that_broke_off_says_so_to_eye_and_ear(page: Page) -> None:
    ask(page, "中断：谁在种茶？")
    expect(page.locator(".answer .note.warn")).to_have_text("回答没有写完，以上是已核对的部分，可以再问一次。")
    expect(page.locator(".made")).to_have_text("由语言模型撰写，逐句核对")
    expect(page.locator("#live")).to_contain_text("回答没有写完")


def test_what_was_checked_before_the_model_failed_stays(page: Page) -> None:
    page.fill("#question", "失联：谁在种茶和制茶？")
    page.press("#question", "Enter")
    expect(page.locator(".failure")).to_contain_text("语言模型连续出错")
    expect(page.locator(".partial .prose")).to_contain_text("青禾茶园")
    expect(page.locator(".failure button")).to_have_text("重试")


def test_quotes_alone_can_be_asked_for_and_the_tab_remembers_it(page: Page, fake: FakeAssistant) -> None:
    choice = page.get_by_label("回答方式")
    expect(choice).to_have_value("auto")
    ask(page, "请撰写：谁在种茶？")
    assert fake.calls[-1]["mode"] == "auto"
    choice.select_option(label="只用原文")
    ask(page, "请撰写：谁在制茶？")
    assert fake.calls[-1]["mode"] == "extractive"
    expect(page.locator(".turn").last.locator(".facts")).to_contain_text("摘自原文")
    page.reload()
    expect(page.get_by_label("回答方式")).to_have_value("extractive")
    ask(page, "请撰写：谁在制茶？")
    assert fake.calls[-1]["mode"] == "extractive"
    page.get_by_label("回答方式").select_option("auto")
    ask(page, "请撰写：谁在制茶？")
    assert fake.calls[-1]["mode"] == "auto"


def test_a_model_at_work_is_told_and_how_it_was_found_asks_none(page: Page, fake: FakeAssistant) -> None:
    expect(page.get_by_label("回答方式")).to_be_visible()
    page.fill("#question", "慢慢撰写：谁在种茶？")
    page.press("#question", "Enter")
    expect(page.locator(".waiting")).to_contain_text("由语言模型撰写…")
    fake.release.set()
    expect(page.locator(".made")).to_be_visible()
    page.click(".why")
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("#panel-body")).not_to_be_empty()
    assert [(call["mode"], call["explain"]) for call in fake.calls] == [("auto", False), ("extractive", True)]


def test_without_a_language_model_there_is_nothing_to_choose(browser: Browser) -> None:
    with running(Settings(port=0), FakeAssistant()) as url, opened(browser, url) as page:
        ask(page, "谁在种茶？")
        expect(page.locator("#writing")).to_be_hidden()


def test_an_export_says_who_wrote(page: Page) -> None:
    ask(page, "请撰写：谁在种茶和制茶？")
    with page.expect_download() as got:
        page.click("#export")
    text = got.value.path().read_text(encoding="utf-8")
    assert text.rstrip().endswith(WRITTEN)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone(browser: Browser, url: str, theme: str) -> None:
    with opened(browser, url, width=390, height=844, color_scheme=theme) as page:
        ask(page, "请撰写：谁在种茶和制茶？")
        page.locator(".made summary").click()
        expect(page.get_by_label("回答方式")).to_be_visible()
        assert fits(page)
        page.click("#language")
        ask(page, "退回：谁在种茶和制茶？")
        assert fits(page)


def test_the_widget_says_it_in_a_line(browser: Browser) -> None:
    with (
        another_site() as site,
        running(Settings(port=0, allowed_origins=site.url), FakeAssistant()) as url,
    ):
        site.embed(url)
        with visited(browser, site.url) as page:
            page.get_by_role("button", name="打开对话：问资料").click()
            for question, said in (
                ("请撰写：谁在种茶？", f"{WRITTEN}。"),
                ("退回：谁在种茶？", "语言模型超时，已改用原文语句。"),
                ("中断：谁在种茶？", "由语言模型撰写，逐句核对。"),
            ):
                ask_widget(page, question)
                expect(page.locator(".turn").last.locator(".note").last).to_have_text(said)
            expect(page.locator(".turn").last.locator(".note").first).to_have_text(
                "回答没有写完，以上是已核对的部分，可以再问一次。"
            )
            ask_widget(page, "谁在种茶？")
            expect(page.locator(".turn").last.locator(".note")).to_have_count(0)
