"""A real browser for the page's tests.

Where there is no Chromium the modules that use it are skipped with the words that tell how to get it, and fail where
CI is set.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

INSTALL = "the page's tests need a browser: pip install playwright, and apt-get install chromium fonts-noto-cjk"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

try:
    from playwright.sync_api import Browser, Page, expect, sync_playwright

    CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
except ModuleNotFoundError:
    CHROMIUM = None

if CHROMIUM is None and not os.environ.get("CI"):
    pytest.skip(INSTALL, allow_module_level=True)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium; one serves a whole module."""
    assert CHROMIUM is not None, INSTALL
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    url: str,
    *,
    width: int = 1280,
    height: int = 860,
    path: str = "",
    ready: bool = True,
    **context: Any,
) -> Iterator[Page]:
    """The page at ``url``; it must ask nothing of another host, log no error of its own and open no dialog of a script."""
    tab = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", **context)
    page = tab.new_page()
    page.set_default_timeout(10_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((url, "blob:")) else problems.append(request.url))
    page.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss())[1])
    page.goto(f"{url}/{path}" if path else url)
    if ready:
        expect(page.locator("#state")).to_have_attribute("data-state", "ready")
    yield page
    tab.close()
    assert problems == []


def ask(page: Page, question: str) -> None:
    """Asks, and waits for the whole answer."""
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator(".turn").last.locator(".facts")).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing of the page stands out to the right of the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
