"""The HTML report in a real browser; skipped with a word where there is none, as the web page's tests are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.page import write_page
from evals.runs import Run
from tests.api.browsing import Page, expect, launched
from tests.evals.samples import some
from tests.evals.test_page import hostile_run


@pytest.fixture
def opened() -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it asked for or said to its console."""
    with launched() as browser:
        page = browser.new_page()
        seen: list[str] = []
        page.on("request", lambda request: seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        yield page, seen


def test_it_runs_nothing_of_a_run_s_and_asks_for_nothing(opened: tuple[Page, list[str]], tmp_path: Path) -> None:
    page, seen = opened
    path = tmp_path / "report.html"
    write_page(path, [hostile_run()])
    page.goto(path.as_uri())
    page.locator("form.filter button").click()
    for summary in page.locator(".cases summary").all():
        summary.hover()
    assert page.evaluate("window.ran") is None
    assert seen == [path.as_uri()]


def test_failures_are_narrowed(opened: tuple[Page, list[str]], tmp_path: Path) -> None:
    page, _ = opened
    path = tmp_path / "report.html"
    write_page(path, [Run("own", some(frozenset({1, 2, 12})))])
    page.goto(path.as_uri())
    shown = page.locator("#set-1-failures > details:visible")
    expect(shown).to_have_count(3)
    page.get_by_label("查找文字").fill("q12")
    expect(shown).to_have_count(1)
    expect(page.locator("form.filter output")).to_have_text("1 / 3")
    page.get_by_label("题型").select_option("number")
    expect(shown).to_have_count(1)
    page.get_by_label("原因").select_option("points")
    expect(shown).to_have_count(1)
    page.locator("form.filter button").click()
    expect(page.locator("#set-1-failures > details[open]")).to_have_count(1)
