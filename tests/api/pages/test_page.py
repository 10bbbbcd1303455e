"""The web page in a real browser, against a live service with the fake assistant: asking, answers, the whole page."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag import Settings
from tests.api.browsing import Browser, Page, ask, expect, fits, launched, opened
from tests.api.fake import DOCUMENTS, FakeAssistant
from tests.api.live import running, until


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0), fake) as url:
        yield url


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    with opened(browser, url) as page:
        yield page


def test_a_citation_opens_with_its_quote_marked(page: Page) -> None:
    ask(page, "谁在种茶和制茶？")
    page.locator(".prose .chip").first.click()
    panel = page.locator("#panel")
    expect(panel).to_be_visible()
    expect(panel.locator("h2")).to_have_text(DOCUMENTS[0].title)
    expect(panel).to_contain_text("山谷通讯")
    expect(panel).to_contain_text("来历")
    expect(panel).to_contain_text(DOCUMENTS[0].derived_from)
    expect(panel.locator(".path")).to_have_text("上游：茶园")
    expect(panel.locator("mark")).to_have_text("上游的种植企业主要有青禾茶园、云脚农场和松风合作社。")
    expect(panel.locator("blockquote")).to_contain_text("它们在春季采摘鲜叶。")


def test_of_the_same_words_twice_the_right_ones_are_marked(page: Page) -> None:
    ask(page, "谁在种茶和制茶？")
    page.locator(".prose .chip").nth(2).click()
    expect(page.locator("#panel mark")).to_have_count(1)
    before = page.locator("#panel blockquote").evaluate("block => block.firstChild.textContent")
    assert before.endswith("石桥制茶建有两条自动化炒制线。\n")


def test_the_document_opens_at_the_quote(page: Page) -> None:
    """The text has characters beyond the basic plane before the quote: UTF-16 offsets would mark other words."""
    ask(page, "茶园面积有多少亩？")
    page.locator(".prose .chip").click()
    page.click("#panel-read")
    mark = page.locator("#reader-text mark")
    expect(mark).to_have_text("茶园面积为三千二百亩")
    expect(mark).to_be_in_viewport()
    assert page.locator("#reader-text").evaluate("text => text.textContent") == DOCUMENTS[0].text
    expect(page.locator("#reader-outline button")).to_have_count(4)
    expect(page.locator("#reader-outline [aria-current]")).to_have_text("概况")
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("#panel")).to_be_visible()


def test_it_can_be_used_by_keyboard(page: Page) -> None:
    page.keyboard.type("谁在种茶和制茶？")
    page.keyboard.press("Enter")
    chip = page.locator(".prose .chip").first
    expect(chip).to_be_visible()
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel-close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(chip).to_be_focused()
    expect(page.locator("#live[aria-live=polite]")).to_contain_text("青禾茶园")


def test_a_list_is_a_table_that_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "谁在种茶和制茶？")
    expect(page.locator(".items tbody tr")).to_have_count(5)
    expect(page.locator(".partly")).to_contain_text("各家的销售额")
    table, markdown = page.locator(".items .quiet").all()
    table.click()
    expect(table).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert [line.split("\t")[0] for line in copied] == ["青禾茶园", "云脚农场", "松风合作社", "青禾茶厂", "石桥制茶"]
    markdown.click()
    expect(markdown).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[2] == f"| 1 | 青禾茶园 | {DOCUMENTS[0].title} |"


def test_a_bare_fact_stands_first(page: Page) -> None:
    ask(page, "茶园面积有多少亩？")
    expect(page.locator(".short strong")).to_have_text("三千二百亩")


def test_a_refusal_says_what_is_missing_and_what_is_near(page: Page) -> None:
    ask(page, "茶园是哪一年开垦的？")
    refusal = page.locator(".answer.refused")
    expect(refusal).to_contain_text("资料中没有答案")
    expect(refusal.locator(".missing")).to_have_text("茶园最早的开垦年份")
    expect(refusal.locator(".chip")).to_have_count(0)
    refusal.locator(".source").click()
    expect(page.locator("#panel blockquote")).to_contain_text("河湾村的陶土")
    page.click("#panel-read")
    expect(page.locator("#reader-text mark")).to_contain_text("村里有七座龙窑仍在使用。")


def test_a_follow_up_travels_with_the_conversation(page: Page, fake: FakeAssistant) -> None:
    ask(page, "谁在种茶和制茶？")
    ask(page, "面积有多少？")
    messages = fake.calls[-1]["question"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert messages[1]["content"].startswith("上游的种植企业")
    page.click("#new")
    expect(page.locator("#hero")).to_be_visible()
    ask(page, "面积有多少？")
    assert len(fake.calls[-1]["question"]) == 1


def test_the_language_switches_and_is_remembered(page: Page) -> None:
    ask(page, "茶园是哪一年开垦的？")
    page.click("#language")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".refusal-tag")).to_have_text("The documents do not say")
    page.reload()
    expect(page.locator("#hero h1")).to_have_text("Ask the documents, see the source")
    page.click("#language")
    expect(page.locator("#hero h1")).to_have_text("问资料，要出处")


def test_the_theme_switches_and_is_remembered(page: Page) -> None:
    color = "getComputedStyle(document.body).backgroundColor"
    page.click("#theme")
    light = page.evaluate(color)
    page.click("#theme")
    assert page.evaluate(color) != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_an_example_is_asked_by_a_click(page: Page) -> None:
    page.locator(".example").nth(1).click()
    expect(page.locator(".short strong")).to_have_text("三千二百亩")
    expect(page.locator("#examples")).to_be_hidden()


def test_an_answer_streams(page: Page, fake: FakeAssistant) -> None:
    """What has come stands there, its citations open, before the rest has come."""
    page.fill("#question", "停一停，谁种茶")
    page.press("#question", "Enter")
    expect(page.locator(".partial .prose")).to_contain_text("上游的种植企业")
    expect(page.locator(".facts")).to_have_count(0)
    page.locator(".partial .chip").click()
    expect(page.locator("#panel mark")).to_have_text("上游的种植企业主要有青禾茶园、云脚农场和松风合作社。")
    fake.release.set()
    expect(page.locator(".facts")).to_be_visible()
    expect(page.locator(".partial")).to_have_count(0)
    expect(page.locator(".items tbody tr")).to_have_count(5)


def test_a_stream_can_be_stopped(page: Page, fake: FakeAssistant, caplog: pytest.LogCaptureFixture) -> None:
    page.fill("#question", "停一停，谁种茶")
    page.press("#question", "Enter")
    expect(page.locator(".partial")).to_be_visible()
    with caplog.at_level(logging.INFO, logger="suanlian.api"):
        page.click("#send")
        until(lambda: any(getattr(record, "code", "") == "client_gone" for record in caplog.records))
    expect(page.locator(".failure-title")).to_have_text("已停止，以上是停止前收到的部分。")
    expect(page.locator(".partial .prose")).to_contain_text("上游的种植企业")
    fake.release.set()
    assert fake.let_go.wait(10)
    assert "done" not in fake.told, "the service went on with what nobody waits for"
    page.locator(".failure button").click()
    expect(page.locator(".items tbody tr")).to_have_count(5)


def test_a_stream_that_breaks_keeps_what_came(page: Page) -> None:
    page.fill("#question", "断了，谁种茶")
    page.press("#question", "Enter")
    expect(page.locator(".failure")).to_contain_text("服务内部出错")
    expect(page.locator(".failure-title")).to_have_text("回答中断，以上是中断前收到的部分。")
    expect(page.locator(".partial .prose")).to_contain_text("上游的种植企业")


def test_a_service_that_does_not_stream_answers_at_once(page: Page) -> None:
    """An older service refuses ``stream``, and says so with 422."""
    bodies = []

    def refuse(route) -> None:  # type: ignore[no-untyped-def]
        bodies.append(route.request.post_data_json)
        if "stream" in bodies[-1]:
            error = {"code": "not_supported", "message": "暂不支持", "param": "stream", "request_id": "req_1"}
            route.fulfill(status=422, json={"error": error})
        else:
            route.continue_()

    page.route("**/v1/chat", refuse)
    ask(page, "谁在种茶和制茶？")
    ask(page, "茶园面积有多少亩？")
    expect(page.locator(".short strong")).to_have_text("三千二百亩")
    assert ["stream" in body for body in bodies] == [True, False, False]


def test_an_error_can_be_tried_again(page: Page, fake: FakeAssistant) -> None:
    page.fill("#question", "故障")
    page.press("#question", "Enter")
    expect(page.locator(".failure")).to_contain_text("服务内部出错")
    expect(page.locator(".request-id")).to_have_text(re.compile("req_[0-9a-f]{32}"))
    first = page.locator(".request-id").inner_text()
    page.locator(".failure button").click()
    expect(page.locator(".request-id")).not_to_have_text(first)
    assert len(fake.calls) == 2


def test_a_wrong_question_is_mended_not_tried_again(page: Page) -> None:
    """What is wrong with the question stays wrong however often it is sent; and so long a one takes little room."""
    question = "茶" * 8001
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator(".failure")).to_contain_text("8001")
    heading = page.locator(".asked")
    assert heading.bounding_box()["height"] < 200  # type: ignore[index]
    page.click(".more")
    assert heading.bounding_box()["height"] > 800  # type: ignore[index]
    page.click(".more")
    expect(page.locator(".failure button")).to_have_text("修改问题")
    page.locator(".failure button").click()
    expect(page.locator("#question")).to_have_value(question)


def test_a_slow_question_can_be_stopped(page: Page, fake: FakeAssistant) -> None:
    page.fill("#question", "慢慢答，谁种茶")
    page.press("#question", "Enter")
    expect(page.locator(".waiting")).to_be_visible()
    page.click("#send")
    expect(page.locator(".failure-title")).to_have_text("已停止。")
    fake.release.set()


def test_a_service_that_is_away_is_found_again(page: Page) -> None:
    page.route("**/v1/chat", lambda route: route.abort())
    page.route("**/readyz", lambda route: route.abort())
    page.fill("#question", "谁在种茶和制茶？")
    page.press("#question", "Enter")
    expect(page.locator(".failure")).to_contain_text("连接不上服务")
    expect(page.locator("#state")).to_have_attribute("data-state", "reconnecting")
    page.unroute_all()
    expect(page.locator("#state")).to_have_attribute("data-state", "ready")
    page.locator(".failure button").click()
    expect(page.locator(".items tbody tr")).to_have_count(5)


def test_the_tab_keeps_its_conversation(page: Page, fake: FakeAssistant) -> None:
    ask(page, "谁在种茶和制茶？")
    page.reload()
    expect(page.locator(".items tbody tr")).to_have_count(5)
    page.locator(".prose .chip").first.click()
    expect(page.locator("#panel mark")).to_contain_text("青禾茶园")
    ask(page, "面积有多少？")
    assert len(fake.calls[-1]["question"]) == 3
    page.click("#new")
    page.reload()
    expect(page.locator("#hero")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_the_conversation_is_exported_as_markdown(page: Page) -> None:
    ask(page, "谁在<b>种茶</b>和制茶？")
    with page.expect_download() as download:
        page.click("#export")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".md")
    assert "## 谁在\\<b\\>种茶\\</b\\>和制茶？" in text
    assert "| 3 | 松风合作社 |" in text
    assert (
        f"- [1] **{DOCUMENTS[0].title}**（上游：茶园，2024-03-18）：“{'上游的种植企业主要有青禾茶园、云脚农场和松风合作社。'}”"
        in text
    )
    assert "制茶[2]；" in text


def test_markup_in_a_question_is_text(page: Page) -> None:
    ask(page, "<img src=x onerror=alert(1)>")
    expect(page.locator(".asked")).to_have_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".asked img")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_panel_covers_the_page(browser: Browser, url: str, width: int) -> None:
    with opened(browser, url, width=width) as page:
        assert fits(page)
        ask(page, "谁在种茶和制茶？")
        assert fits(page)
        page.locator(".prose .chip").first.click()
        expect(page.locator("#panel mark")).to_be_in_viewport()
        assert fits(page)
        assert page.locator("#main").evaluate("main => main.inert")
        page.click("#panel-close")
        assert not page.locator("#main").evaluate("main => main.inert")
        for view in ("documents", "map"):
            page.click(f".views a[data-view={view}]")
            expect(page.locator(f"#view-{view}")).to_be_visible()
            assert fits(page)
        page.click("#language")
        assert fits(page)


def test_the_first_page_does_not_scroll(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_the_views_have_addresses(page: Page) -> None:
    ask(page, "谁在种茶和制茶？")
    page.click(".views a[data-view=map]")
    expect(page.locator("#view-map h1")).to_be_focused()
    expect(page).to_have_title("产业链图谱 · 算链")
    page.go_back()
    expect(page.locator(".items tbody tr")).to_have_count(5)
    expect(page.locator(".views a[aria-current=page]")).to_have_text("问答")


def test_a_key_is_asked_for_where_one_is_needed(browser: Browser, fake: FakeAssistant) -> None:
    with running(Settings(port=0, api_keys=SecretStr("right")), fake) as url, opened(browser, url) as page:
        page.fill("#key", "wrong")
        page.press("#key", "Enter")
        expect(page.locator("#key-text")).to_have_text("这个密钥无效，请检查后重新输入。")
        expect(page.locator("#live")).to_have_text("这个密钥无效，请检查后重新输入。")
        page.fill("#key", "right")
        page.press("#key", "Enter")
        expect(page.locator(".example")).to_have_count(2)
        expect(page.locator("#key-form")).to_be_hidden()
        ask(page, "谁在种茶和制茶？")
        expect(page.locator(".items tbody tr")).to_have_count(5)
