"""``examples/widget.html`` in a browser, its service's address put in."""

from __future__ import annotations

from pathlib import Path

from rag import Settings
from tests.api.fake import FakeAssistant
from tests.api.live import running
from tests.api.pages.test_page import Browser, browser, expect
from tests.api.site import another_site

__all__ = ["browser"]  # a fixture

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "widget.html"
SERVICE = "http://127.0.0.1:8000/"


def test_the_page_asks(browser: Browser) -> None:
    fake = FakeAssistant()
    with another_site() as site, running(Settings(port=0, allowed_origins=site.url), fake) as url:
        html = EXAMPLE.read_text(encoding="utf-8")
        assert SERVICE in html
        site.html = html.replace(SERVICE, f"{url}/")
        page = browser.new_page()
        page.goto(site.url)
        page.wait_for_function("window.Suanlian")
        page.click("#ask")
        expect(page.locator(".reply")).to_contain_text("资料中没有答案")
        assert fake.calls[-1]["question"][-1]["content"] == "这份资料讲什么？"
        page.close()
