"""Takes the README's pictures of the page from a running service.

    suanlian serve &
    python docs/screenshots.py http://127.0.0.1:8000

Needs what the page's tests need (playwright, Chromium, fonts-noto-cjk) and Pillow. It only reads.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

DOCS = Path(__file__).parent
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
COLORS = 224  # of a palette: a picture of a page stays under 250 kB
GAP = 40  # between the two phones, in pixels


def opened(browser: Browser, url: str, width: int, height: int, theme: str = "light") -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, locale="zh-CN", color_scheme=theme, reduced_motion="reduce"
    )
    page.goto(url)
    expect(page.locator("#state")).to_have_attribute("data-state", "ready", timeout=60_000)
    return page


def shot(page: Page) -> Image.Image:
    page.wait_for_timeout(400)  # smooth scrolling and the map's camera come to rest
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def save(name: str, picture: Image.Image) -> None:
    path = DOCS / name
    picture.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}  {path.stat().st_size // 1000} kB")


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator(".facts")).to_be_visible()


def answer(browser: Browser, url: str, question: str) -> Image.Image:
    page = opened(browser, url, 1280, 860)
    ask(page, question)
    page.locator(".prose .chip").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    return shot(page)


def documents(browser: Browser, url: str) -> Image.Image:
    page = opened(browser, f"{url}/#/documents", 1280, 860)
    expect(page.locator(".document").first).to_be_visible()
    return shot(page)


def busiest(url: str) -> str:
    """The name of the company that supplies the most."""
    with urlopen(f"{url}/v1/graph?limit=5000") as reply:
        graph = json.load(reply)
    supplies = Counter(edge["source"] for edge in graph["edges"] if edge["relation"] == "supplies")
    company = supplies.most_common(1)[0][0]
    return str(next(node["name"] for node in graph["nodes"] if node["id"] == company))


def chain(browser: Browser, url: str) -> Image.Image:
    page = opened(browser, f"{url}/#/map", 1600, 1100)  # of a large window: the whole chain is in sight
    expect(page.locator("#chart .row").first).to_be_visible()
    page.fill("#map-find", busiest(url))
    page.press("#map-find", "Enter")
    expect(page.locator("#map-ask")).to_be_visible()
    page.click("#panel-title")  # takes the keyboard's ring off the close button
    return shot(page)


def phones(browser: Browser, url: str, question: str) -> Image.Image:
    """Two phones beside each other: an answer in the light, the map in the dark."""
    light = opened(browser, url, 390, 780)
    ask(light, question)
    dark = opened(browser, f"{url}/#/map", 390, 780, "dark")
    dark.locator("summary").first.click()
    shots = [shot(light), shot(dark)]
    picture = Image.new("RGB", (2 * 390 + 3 * GAP, 780 + 2 * GAP), "#e9e7e0")
    for position, one in enumerate(shots):
        picture.paste(one, (GAP + position * (390 + GAP), GAP))
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("url", help="the running service")
    parser.add_argument("--question", help="by default the page's second example")
    given = parser.parse_args()
    url = given.url.rstrip("/")
    with urlopen(f"{url}/v1/examples") as reply:
        question = given.question or json.load(reply)["examples"][1]
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        save("page.png", answer(browser, url, question))
        save("documents.png", documents(browser, url))
        save("map.png", chain(browser, url))
        save("phone.png", phones(browser, url, question))
        browser.close()


if __name__ == "__main__":
    main()
