"""The page of the routes, in a real browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from rag import Settings
from tests.api.browsing import Browser, Page, expect, launched, opened
from tests.api.fake import FakeAssistant
from tests.api.live import running

KEY = "a-key-of-the-docs-test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def open_url() -> Iterator[str]:
    with running(Settings(port=0), FakeAssistant()) as url:
        yield url


@pytest.fixture(scope="module")
def locked_url() -> Iterator[str]:
    with running(Settings(port=0, api_keys=SecretStr(KEY)), FakeAssistant()) as url:
        yield url


@pytest.fixture
def page(browser: Browser, open_url: str) -> Iterator[Page]:
    with opened(browser, open_url, path="docs", ready=False) as page:
        yield page


@pytest.fixture
def locked(browser: Browser, locked_url: str) -> Iterator[Page]:
    with opened(browser, locked_url, path="docs", ready=False) as page:
        yield page


def test_it_lists_every_route_of_the_document(page: Page, open_url: str) -> None:
    expect(page.locator("#main")).to_have_attribute("aria-busy", "false")
    document = page.evaluate("fetch('openapi.json').then(reply => reply.json())")
    listed = page.locator(".docs-route > summary").evaluate_all(
        "all => all.map(one => one.querySelector('.docs-method').textContent + ' ' + one.querySelector('code').textContent)"
    )
    assert sorted(listed) == sorted(
        f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods
    )
    assert page.locator("#nav a").count() == len(listed)


def test_a_route_opens_from_the_list_with_its_fields_replies_and_errors(page: Page) -> None:
    page.locator("#nav a", has_text="/v1/chat").first.click()
    card = page.locator("#post-v1-chat")
    expect(card.locator(".docs-body")).to_be_visible()
    expect(card).to_contain_text("ChatRequest")
    expect(card).to_contain_text('"auto" | "extractive" | "llm"')
    expect(card).to_contain_text("ChatReply")
    expect(card.locator(".docs-status", has_text="429")).to_be_visible()
    assert page.url.endswith("#post-v1-chat")


def test_the_example_can_be_run_as_it_stands(page: Page) -> None:
    page.goto(page.url + "#post-v1-chat")
    page.reload()
    text = page.locator("#post-v1-chat pre").first.inner_text()
    ran = subprocess.run(["sh", "-c", f"{text} -sS --noproxy '*'"], capture_output=True, text=True, timeout=20)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["answer"]


def test_it_asks_for_a_key_where_one_is_needed(locked: Page) -> None:
    expect(locked.locator("#key-form")).to_be_visible()
    locked.fill("#key", "wrong")
    locked.press("#key", "Enter")
    expect(locked.locator("#key-error")).not_to_be_empty()
    locked.fill("#key", KEY)
    locked.press("#key", "Enter")
    expect(locked.locator("#key-form")).to_be_hidden()
    expect(locked.locator(".docs-route").first).to_be_visible()
    locked.locator("#nav a", has_text="/v1/search").click()
    expect(locked.locator("#post-v1-search pre").first).to_contain_text("Authorization: Bearer $KEY")
    assert KEY not in locked.content()


def test_it_fits_a_phone(browser: Browser, open_url: str) -> None:
    with opened(browser, open_url, path="docs", ready=False, width=360) as page:
        expect(page.locator("#main")).to_have_attribute("aria-busy", "false")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
