"""``/embed.js``: how it is served, and the widget in a real browser on a page of another site."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api import create_app
from api.pages.widget import script
from rag import Settings
from tests.api.fake import DOCUMENTS, FakeAssistant, as_assistant
from tests.api.live import URL, running
from tests.api.pages.test_page import Browser, Page, browser, expect
from tests.api.site import Site, another_site

__all__ = ["browser"]  # a fixture


# how it is served


def test_the_script_is_open_and_embeddable(fake: FakeAssistant) -> None:
    app = create_app(as_assistant(fake), Settings(api_keys=SecretStr("secret")))
    with TestClient(app, base_url=URL) as client:
        reply = client.get("/embed.js")
        assert reply.status_code == 200
        assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
        assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
        assert reply.headers["cache-control"] == "no-cache"
        assert reply.text == script()
        again = client.get("/embed.js", headers={"If-None-Match": f'"other", W/{reply.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get("/embed.js", headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.head("/embed.js").headers["etag"] == reply.headers["etag"]
        assert client.post("/embed.js", headers={"Authorization": "Bearer secret"}).status_code == 405


def test_the_script_makes_no_markup_of_text() -> None:
    assert not any(
        name in script() for name in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
    )


# on a page of another site


@pytest.fixture
def site() -> Iterator[Site]:
    with another_site() as site:
        yield site


@pytest.fixture
def url(site: Site, fake: FakeAssistant) -> Iterator[str]:
    keys = SecretStr("widget-key:ask, whole-key")
    with running(Settings(port=0, allowed_origins=site.url, api_keys=keys), fake) as url:
        yield url


@contextmanager
def visited(browser: Browser, address: str, *, width: int = 1100, dark: bool = False) -> Iterator[Page]:
    """The page at ``address``, its widget loaded; it must log no error of its own and no breach of its policy."""
    context = browser.new_context(
        viewport={"width": width, "height": 720}, color_scheme="dark" if dark else "light", locale="zh-CN"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    page.goto(address)
    page.wait_for_function("window.Suanlian")
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def page(browser: Browser, site: Site, url: str) -> Iterator[Page]:
    site.embed(url, 'data-key="widget-key" data-title="茶业助手" data-color="#f5c400"')
    with visited(browser, site.url) as page:
        yield page


def ask(page: Page, question: str) -> None:
    page.locator(".composer textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".log")).to_have_attribute("aria-busy", "false")


def test_it_opens_over_hostile_styles_and_answers(page: Page) -> None:
    bubble = page.get_by_role("button", name="打开对话：茶业助手")
    expect(bubble).to_be_visible()
    assert page.locator("suanlian-widget").evaluate("host => getComputedStyle(host).position") == "fixed"
    assert bubble.evaluate("bubble => getComputedStyle(bubble).backgroundColor") == "rgb(245, 196, 0)"
    bubble.click()
    dialog = page.get_by_role("dialog", name="茶业助手")
    expect(dialog).to_be_visible()
    expect(bubble).to_be_hidden()
    assert dialog.evaluate("dialog => getComputedStyle(dialog).fontSize") == "15px"
    ask(page, "谁在种茶和制茶？")
    items = page.locator(".items li")
    expect(items).to_have_count(5)
    expect(items.first).to_contain_text("青禾茶园")
    expect(page.locator(".reply")).to_contain_text("各家的销售额")
    expect(page.locator("ol.sources li")).to_have_count(3)


def test_it_leaves_one_name_and_no_style_on_the_page(page: Page, url: str) -> None:
    page.evaluate("Suanlian.open()")
    own = "getComputedStyle(document.querySelector('h1')).fontWeight"
    assert page.evaluate(own) == "400"  # the page's own `all: unset` holds
    found = page.evaluate(
        """() => {
            const frame = document.createElement("iframe");
            document.body.append(frame);
            const known = new Set(Object.getOwnPropertyNames(frame.contentWindow));
            frame.remove();
            return Object.getOwnPropertyNames(window).filter((name) => !known.has(name) && !/^\\d+$/.test(name));
        }"""
    )
    assert [name for name in found if name not in ("own",) and not name.startswith("__")] == ["Suanlian"]
    assert page.evaluate("Object.keys(Suanlian)") == ["open", "close", "ask"]
    page.evaluate("src => new Promise((done) => { const s = document.createElement('script'); s.src = src; s.onload = done; document.body.append(s); })", f"{url}/embed.js")  # fmt: skip
    expect(page.locator("suanlian-widget")).to_have_count(1)


def test_a_citation_shows_the_quote_and_where_it_stands(page: Page) -> None:
    page.evaluate("Suanlian.ask('谁在种茶和制茶？')")
    mark = page.get_by_role("button", name="引用 1：").first
    mark.click()
    cover = page.get_by_role("region", name="引用")
    expect(cover.locator("blockquote")).to_have_text("上游的种植企业主要有青禾茶园、云脚农场和松风合作社。")
    for words in (DOCUMENTS[0].title, "上游：茶园", "2024-03-18", "山谷通讯", DOCUMENTS[0].derived_from):
        expect(cover).to_contain_text(words)
    expect(cover.get_by_role("link")).to_have_attribute("href", "https://example.com/tea")
    cover.locator("summary").click()
    expect(cover.locator(".passage")).to_contain_text("它们在春季采摘鲜叶。")
    page.keyboard.press("Escape")
    expect(cover).to_be_hidden()
    expect(mark).to_be_focused()


def test_a_refusal_and_a_bare_fact(page: Page) -> None:
    page.evaluate("Suanlian.open()")
    ask(page, "茶园是哪一年开垦的？")
    expect(page.locator(".tag")).to_have_text("资料中没有答案")
    expect(page.locator(".reply")).to_contain_text("茶园最早的开垦年份")
    page.locator(".source").click()
    expect(page.locator("blockquote")).to_contain_text("河湾村的陶土")
    page.keyboard.press("Escape")
    ask(page, "茶园面积有多少亩？")
    expect(page.locator(".fact strong")).to_have_text("三千二百亩")


def test_the_conversation_travels_and_can_begin_anew(page: Page, fake: FakeAssistant) -> None:
    page.evaluate("Suanlian.open()")
    ask(page, "谁在种茶和制茶？")
    page.get_by_role("button", name="关闭对话").click()
    page.evaluate("Suanlian.open()")
    ask(page, "面积有多少？")
    messages = fake.calls[-1]["question"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "面积有多少？")
    assert len(fake.calls[-1]["question"]) == 1


def test_it_is_used_by_keyboard(page: Page) -> None:
    page.locator("#own").focus()
    page.evaluate("document.addEventListener('keydown', (event) => (window.heard = event.key))")
    page.evaluate("Suanlian.open()")
    field = page.get_by_role("textbox", name="问题")
    expect(field).to_be_focused()
    page.keyboard.type("谁在种茶")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("和制茶？")
    expect(field).to_have_value("谁在种茶\n和制茶？")
    assert page.evaluate("window.heard") is None  # the page's own keys are not for what is typed here
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="发送")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="新对话")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="发送")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#own")).to_be_focused()


def test_markup_is_text(page: Page) -> None:
    page.evaluate("Suanlian.ask('<img src=x onerror=alert(1)>')")
    expect(page.locator(".asked")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".asked img")).to_have_count(0)


def test_errors_are_told_as_the_service_says_them(page: Page) -> None:
    page.evaluate(f"Suanlian.ask('谁' + '很'.repeat({Settings().max_question_chars}))")
    expect(page.locator(".failure")).to_contain_text("最多 8000 个，请缩短")
    expect(page.get_by_role("button", name="重试")).to_be_visible()


def test_a_question_can_be_stopped_and_asked_again(page: Page, fake: FakeAssistant) -> None:
    page.evaluate("void Suanlian.ask('慢慢答，谁种茶')")
    expect(page.locator(".waiting")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".failure")).to_contain_text("已停止。")
    fake.release.set()
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".items li")).to_have_count(5)


def test_ask_gives_the_reply_to_the_page(page: Page) -> None:
    reply = page.evaluate("Suanlian.ask('谁在种茶？')")
    assert len(reply["citations"]) == 3
    assert page.evaluate("Suanlian.ask('  ')") is None


@pytest.mark.parametrize(
    ("key", "words"),
    [("wrong", "需要有效的密钥"), ("whole-key", "只能使用仅有 ask 权限的密钥"), ("", "需要有效的密钥")],
)
def test_a_key_that_may_not_is_told(browser: Browser, site: Site, url: str, key: str, words: str) -> None:
    site.embed(url, f'data-key="{key}"')
    with visited(browser, site.url) as page:
        page.evaluate("Suanlian.ask('谁在种茶？')")
        expect(page.locator(".failure")).to_contain_text(words)


def test_an_origin_that_is_not_allowed_gets_nothing(browser: Browser, site: Site, fake: FakeAssistant) -> None:
    with running(Settings(port=0, allowed_origins="https://elsewhere.example"), fake) as url:
        site.embed(url)
        with visited(browser, site.url) as page:
            page.evaluate("Suanlian.ask('谁在种茶？')")
            expect(page.locator(".failure")).to_contain_text("连接不上服务")
            assert page.locator(".items").count() == 0
    assert fake.calls == []


def test_on_a_phone_it_covers_the_page(browser: Browser, site: Site, url: str) -> None:
    site.embed(url, 'data-key="widget-key" data-lang="en"')
    with visited(browser, site.url, width=390) as page:
        page.get_by_role("button", name="Open the chat").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_have_attribute("aria-modal", "true")
        assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 720}
        ask(page, "谁在种茶和制茶？")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.locator(".reply")).to_contain_text("Sources")


@pytest.mark.parametrize("dark", [False, True])
def test_it_keeps_the_rules_of_accessibility(browser: Browser, site: Site, url: str, dark: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    site.embed(url, 'data-key="widget-key"')
    with visited(browser, site.url, dark=dark) as page:
        states = (
            "Suanlian.open()",
            "Suanlian.ask('谁在种茶和制茶？')",
            "Suanlian.ask('茶园是哪一年开垦的？')",
            "document.querySelector('suanlian-widget').shadowRoot.querySelector('.mark').click()",
        )
        for state in states:
            page.evaluate(state)
            found = axe.run(page, context="suanlian-widget").response["violations"]
            assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_it_is_dark_where_the_visitor_likes_it_dark(browser: Browser, site: Site, url: str) -> None:
    site.embed(url, 'data-key="widget-key" data-position="left"')
    colors = []
    for dark in (False, True):
        with visited(browser, site.url, dark=dark) as page:
            page.evaluate("Suanlian.open()")
            dialog = page.get_by_role("dialog")
            colors.append(dialog.evaluate("dialog => getComputedStyle(dialog).backgroundColor"))
            assert dialog.bounding_box()["x"] == 20  # type: ignore[index]
    assert colors == ["rgb(255, 255, 255)", "rgb(28, 33, 36)"]


def test_an_answer_is_shown_as_it_streams(browser: Browser, site: Site, fake: FakeAssistant) -> None:
    """Of a service that sends bytes as they come: cut within a character, with comments between, in either line end."""
    reply = json.loads(json.dumps(fake.ask("面积有多少？").as_dict()))
    words = reply["answer"]

    def event(name: str, data: object, end: str = "\n") -> bytes:
        return f"event: {name}{end}data: {json.dumps(data, ensure_ascii=False)}{end}{end}".encode()

    seen = threading.Event()
    begun = (
        event("meta", {"id": "ans_1", "mode": "extractive", "standalone_question": "面积有多少？"})
        + b": keep-alive\n\n"
        + event("citations", {"citations": reply["citations"]}, "\r\n")
        + event("delta", {"text": words[:4]})
        + event("delta", {"text": words[4:]}, "\r\n")
    )

    def stream() -> Iterator[bytes]:
        for at in range(0, len(begun), 7):
            yield begun[at : at + 7]
        seen.wait(10)
        yield event("done", reply)

    site.script, site.stream = script(), stream()
    site.html = '<!doctype html><html lang="zh"><title>x</title><script src="/below/embed.js" async></script></html>'
    with visited(browser, site.url) as page:
        page.evaluate("void Suanlian.ask('面积有多少？')")
        expect(page.locator(".reply p")).to_have_text(words.replace("[1]", "1"))
        expect(page.locator(".log")).to_have_attribute("aria-busy", "true")
        expect(page.locator(".fact")).to_have_count(0)
        seen.set()
        expect(page.locator(".fact strong")).to_have_text("三千二百亩")
        expect(page.locator(".log")).to_have_attribute("aria-busy", "false")
    assert site.asked == ["/below/v1/chat"]  # a service below a path stays below it


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (b'event: error\ndata: {"error": {"code": "x", "message": "\xe6\xa8\xa1\xe5\x9e\x8b\xe6\x96\xad\xe4\xba\x86"}}\n\n', "模型断了"),
        (b"", "连接不上服务"),
        (b"event: done\ndata: {half\n\n", "无法读取"),
    ],
)  # fmt: skip
def test_a_stream_that_breaks_is_told(browser: Browser, site: Site, ending: bytes, words: str) -> None:
    site.script, site.stream = script(), (b'event: delta\ndata: {"text": "x"}\n\n', ending)
    site.html = '<!doctype html><html lang="zh"><title>x</title><script src="/embed.js" async></script></html>'
    with visited(browser, site.url) as page:
        page.evaluate("Suanlian.ask('面积有多少？')")
        expect(page.locator(".failure")).to_contain_text(words)
