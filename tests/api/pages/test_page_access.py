"""The page for everyone: the rules of accessibility (axe) in its main states, in both themes; and its words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from rag import Settings
from tests.api.browsing import Browser, Page, ask, expect, launched, opened
from tests.api.fake import FakeAssistant
from tests.api.live import running

STATIC = Path(__file__).parents[3] / "api" / "pages" / "static"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0), fake) as url:
        yield url.rstrip("/")


def check(page: Page, state: str) -> None:
    """Fails with what axe finds serious or critical."""
    found = Axe().run(page).response["violations"]
    grave: list[dict[str, Any]] = [one for one in found if one["impact"] in ("serious", "critical")]
    told = [(one["id"], [node["html"][:160] + node["failureSummary"] for node in one["nodes"][:3]]) for one in grave]
    assert not told, f"{state}: {json.dumps(told, ensure_ascii=False, indent=1)}"


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_grave(browser: Browser, url: str, width: int, theme: str) -> None:
    # Still, so that no colour is measured in the middle of a transition.
    with opened(browser, url, width=width, color_scheme=theme, reduced_motion="reduce") as page:
        check(page, "start")
        ask(page, "谁在种茶和制茶？")
        check(page, "answer")
        page.locator(".prose .chip").first.click()
        expect(page.locator("#panel mark")).to_be_visible()
        check(page, "citation")
        page.click("#panel-read")
        expect(page.locator("#reader mark")).to_be_visible()
        check(page, "reader")
        page.click("#reader-close")
        page.click("#panel-close")
        ask(page, "茶园是哪一年开垦的？")
        page.fill("#question", "故障" + "茶" * 300)
        page.press("#question", "Enter")
        expect(page.locator(".failure")).to_be_visible()
        check(page, "refusal and failure")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_documents_and_map(browser: Browser, url: str, theme: str) -> None:
    with opened(browser, url, color_scheme=theme, reduced_motion="reduce", path="#/documents") as page:
        expect(page.locator(".document")).to_have_count(2)
        page.route("**/v1/documents", lambda route: route.abort())
        page.set_input_files("#files", [{"name": "茶.md", "mimeType": "text/markdown", "buffer": b"1"}])
        expect(page.locator(".ingestion.is-failed button")).to_have_count(2)
        check(page, "documents")
        page.locator(".document").first.get_by_role("button", name="删除").click()
        check(page, "removal")
        page.keyboard.press("Escape")
        page.click("#paste")
        check(page, "text")
        page.keyboard.press("Escape")
        page.click(".views a[data-view=map]")
        page.locator("#chart .row").first.click()
        page.locator("#chart .pill").first.click()
        expect(page.locator("#map-ask")).to_be_visible()
        check(page, "map")
        page.keyboard.press("Escape")
        page.click("#map-as-list")
        expect(page.locator(".listed").first).to_be_visible()
        check(page, "list")


def test_the_answer_is_said_once(browser: Browser, url: str) -> None:
    with opened(browser, url) as page:
        page.evaluate("""() => {
            window.said = [];
            const live = document.getElementById("live");
            new MutationObserver(() => window.said.push(live.textContent)).observe(live, {childList: true});
        }""")
        ask(page, "谁在种茶和制茶？")
        said = page.evaluate("window.said")
        assert sum("青禾茶园" in text for text in said) == 1
        assert "[1]" not in said[-1]


def test_every_control_is_reached_by_tab(browser: Browser, url: str) -> None:
    with opened(browser, url) as page:
        ask(page, "谁在种茶和制茶？")
        page.focus("#skip")
        reached = {"skip"}
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            outlined = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
            framed = "document.activeElement.closest('.composer') !== null"
            assert page.evaluate(f"{outlined} || {framed}"), page.evaluate("document.activeElement.outerHTML")
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert {"skip", "home", "language", "theme", "chip", "quiet", "source", "question", "new", "export"} <= reached


def words(language: str) -> dict[str, str]:
    text = (STATIC / "js" / "words" / f"{language}.js").read_text(encoding="utf-8")
    return {key: json.loads(value) for key, value in re.findall(r'^  (\w+): (".*"),$', text, re.M)}


def test_every_word_is_there_in_both_languages_and_used() -> None:
    chinese, english = words("zh"), words("en")
    assert list(chinese) == list(english)
    for key, word in chinese.items():
        assert set(re.findall(r"{\w+}", word)) == set(re.findall(r"{\w+}", english[key])), key
        assert not re.search(r"[一-鿿]", english[key]) or key == "otherLanguage" or key == "otherLanguageLabel", key
    scripts = [path for path in STATIC.rglob("*.js") if path.parent.name != "words"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in [STATIC / "index.html", *scripts])
    # extractive and llm are named by the reply, the states by health.js
    named = {key for key in chinese if key in ("extractive", "llm") or key.startswith("state")}
    unused = [
        key for key in chinese if key not in named and not re.search(rf'"{key}"', text) and f"t({key}" not in text
    ]
    assert unused == []


def imported(script: Path) -> set[Path]:
    """Every module that ``script`` needs."""
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        module = waiting.pop()
        for name in re.findall(r'from "(\.[^"]+)"', module.read_text(encoding="utf-8")):
            needed = (module.parent / name).resolve()
            if needed not in found:
                found.add(needed)
                waiting.append(needed)
    return found


def test_every_module_is_asked_for_at_once() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    preloaded = re.findall(r'<link rel="modulepreload" href="static/([^"]+)">', page)
    assert sorted(preloaded) == sorted(
        path.relative_to(STATIC.resolve()).as_posix() for path in imported(STATIC / "app.js")
    )
