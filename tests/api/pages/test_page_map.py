"""The page's map in a real browser, over an invented chain as large as a real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Edge, Graph, Node, Settings
from tests.api.browsing import Browser, Page, expect, fits, launched, opened
from tests.api.fake import DOCUMENTS, FakeAssistant, cite
from tests.api.live import running

CARDS, PARTS, COMPANIES = 12, 3, 150


class MapAssistant(FakeAssistant):
    """A chain of two bands with 12 cards of 3 parts each, 150 companies, and one subsidiary."""

    def graph(self, node: str | None = None, *, limit: int = 1000) -> Graph:
        quote = cite(1, DOCUMENTS[0], "上游的种植企业主要有青禾茶园、云脚农场和松风合作社。", ("上游：茶园",))
        nodes = [Node("root", "茶产业链", "segment"), Node("up", "上游", "segment"), Node("down", "下游", "segment")]
        edges = [Edge(band, "root", "part_of", (1,)) for band in ("down", "up")]
        parts = []
        for n in range(CARDS):
            nodes.append(Node(f"card{n}", f"茶类{n}", "segment"))
            edges.append(Edge(f"card{n}", "up" if n % 2 else "down", "part_of", (1,)))
            for m in range(PARTS):
                parts.append(f"part{n}-{m}")
                nodes.append(Node(parts[-1], f"工序{n}之{m}", "segment"))
                edges.append(Edge(parts[-1], f"card{n}", "part_of", (1,)))
        for n in range(COMPANIES):
            nodes.append(Node(f"firm{n}", f"茶行{n}", "company", ("老字号",) if n == 7 else ()))
            edges.append(Edge(f"firm{n}", parts[n % len(parts)], "supplies", (1,)))
        edges.append(Edge("firm7", parts[20], "supplies", (1,)))
        edges.append(Edge("firm7", "firm8", "subsidiary_of", (1,)))
        # A circle, and an edge to what is not there, which must not stop the page.
        edges.append(Edge("card0", "part0-0", "part_of", (1,)))
        edges.append(Edge("firm1", "nowhere", "supplies", ()))
        return Graph(
            self.collection, self.generation, tuple(nodes), tuple(edges), (quote,), len(nodes), len(edges), None
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(Settings(port=0), MapAssistant()) as url:
        yield url.rstrip("/")


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    with opened(browser, url, path="#/map") as page:
        expect(page.locator("#chart .row").first).to_be_visible()
        yield page


def row(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator("#chart .row").filter(has_text=name).first


def pill(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator("#chart .pill").filter(has=page.get_by_text(name, exact=True)).first


def test_the_chain_stands_in_its_bands(page: Page) -> None:
    assert page.locator(".band-name").all_text_contents() == ["上游", "下游"]
    expect(page.locator("#chart .row")).to_have_count(CARDS * (1 + PARTS))
    expect(page.locator("#chart .pill")).to_have_count(0)
    expect(page.locator("#map-counts")).to_contain_text(f"{3 + CARDS * (1 + PARTS)} 个环节 · {COMPANIES} 家企业")


def test_nothing_overlaps_with_everything_open(page: Page) -> None:
    page.click("#map-all")
    expect(page.locator("#chart .pill:not(.about)")).to_have_count(COMPANIES + 1)
    boxes = page.locator("#chart .pill, #chart .row").evaluate_all(
        "all => all.map(one => { const b = one.querySelector('.hit').getBBox(); return [b.x, b.y, b.width, b.height]; })"
    )
    for n, (x, y, width, height) in enumerate(boxes):
        for left, top, wide, high in boxes[:n]:
            apart = x + width <= left or left + wide <= x or y + height <= top or top + high <= y
            assert apart, ((x, y, width, height), (left, top, wide, high))
    size = "document.querySelector('.pill text').getBoundingClientRect().height"
    assert page.evaluate(size) >= 10, "too small to read"


def test_a_segment_opens_its_companies_and_a_company_its_evidence(page: Page) -> None:
    segment = row(page, "工序2之1")
    segment.click()
    expect(segment).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#chart .pill:not(.about)")).to_have_count(4)
    pill(page, "茶行7").click()
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("茶行7")
    expect(panel).to_contain_text("老字号")
    expect(panel).to_contain_text("茶行8")
    expect(panel.locator(".edge-quote").first).to_contain_text("青禾茶园")
    expect(page.locator("#chart .link")).to_have_count(1)
    over = "document.querySelector('.card').compareDocumentPosition(document.querySelector('.link')) & Node.DOCUMENT_POSITION_PRECEDING"
    assert page.evaluate(over), "a line that runs over the cards' words"
    panel.locator(".chip").first.click()
    expect(panel.locator("mark")).to_contain_text("青禾茶园")
    page.click("#panel-back")
    expect(panel.locator("h2")).to_have_text("茶行7")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("#chart .link")).to_have_count(0)
    segment.click()
    expect(page.locator("#chart .pill")).to_have_count(0)


def test_a_segment_opens_where_it_stands(page: Page) -> None:
    place = "element => { const b = element.getBoundingClientRect(); return [b.x, b.y]; }"
    segment = row(page, "工序1之0")
    expect(segment).to_be_visible()
    before = segment.evaluate(place)
    segment.click()
    expect(segment).to_have_attribute("aria-expanded", "true")
    assert segment.evaluate(place) == pytest.approx(before, abs=1)


# Cards of which one is much taller than the others; a card of `span` columns deals its rows to them.
ARRANGED = """async ([tall, open]) => {
    const { arrange } = await import("./static/js/map/pack.js");
    const cards = [2, 2, 1, tall, 2, 1].map((n) => ({ parts: new Array(n).fill(null) }));
    const closed = (node, span) => 40 + 30 * Math.ceil(node.parts.length / span);
    const opened = (node, span) => closed(node, span) + (open && node === cards[1] ? Math.ceil(900 / span) : 0);
    return arrange(cards, 6, closed, opened);
}"""


def test_a_tall_card_is_made_wide(page: Page) -> None:
    even = page.evaluate(ARRANGED, [2, False])
    assert {place["span"] for place in even["places"]} == {1}
    uneven = page.evaluate(ARRANGED, [14, False])
    assert uneven["places"][3]["span"] == 3
    assert uneven["height"] < 40 + 30 * 14 / 2, "as tall as before"
    opened = page.evaluate(ARRANGED, [2, True])
    assert opened["places"][1]["span"] == 2
    assert opened["empty"] < 0.6
    taken = [(place["column"] + n, place["y"]) for place in opened["places"] for n in range(place["span"])]
    assert len(set(taken)) == len(taken), "two cards at one place"


def test_a_collection_without_a_chain_leads_to_its_documents(browser: Browser, url: str) -> None:
    bare = {"nodes": [], "edges": [], "citations": [], "total_nodes": 0, "total_edges": 0, "at": None}
    with opened(browser, url) as page:
        page.route("**/v1/graph?*", lambda route: route.fulfill(json=bare))
        page.click(".views a[data-view=map]")
        expect(page.locator("#map-note")).to_contain_text("没有写明产业链关系")
        expect(page.locator("#map-search")).to_be_hidden()
        page.locator("#map-note a").click()
        expect(page.locator("#view-documents")).to_be_visible()


def test_a_company_is_found_and_asked_about(page: Page) -> None:
    page.fill("#map-find", "老字号")
    page.press("#map-find", "Enter")
    expect(page.locator("#panel h2")).to_have_text("茶行7")
    expect(pill(page, "茶行7")).to_be_in_viewport()
    page.click("#map-ask")
    expect(page.locator("#view-chat")).to_be_visible()
    expect(page.locator(".asked")).to_have_text("茶行7在产业链里做什么")
    expect(page.locator(".facts")).to_be_visible()


def test_a_name_that_is_not_there_is_said_not_to_be(page: Page) -> None:
    page.fill("#map-find", "没有的企业")
    page.press("#map-find", "Enter")
    expect(page.locator("#map-note")).to_have_text("图谱中没有“没有的企业”。")


def test_it_zooms_and_pans(page: Page) -> None:
    place = "() => { const b = document.querySelector('.row').getBoundingClientRect(); return [b.x, b.y, b.width]; }"
    first = page.evaluate(place)
    box = page.locator("#chart").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] - 8)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"width => ({place})()[2] > width * 1.2", arg=first[2])
    zoomed = page.evaluate(place)
    page.mouse.down()
    page.mouse.move(middle[0] + 90, middle[1] - 60, steps=4)
    page.mouse.up()
    panned = page.evaluate(place)
    assert panned[0] - zoomed[0] == pytest.approx(90, abs=1)
    assert panned[1] - zoomed[1] == pytest.approx(-60, abs=1)
    expect(page.locator("#panel")).to_be_hidden()
    page.click("#map-fit")
    last = "const b = [...document.querySelectorAll('.band')].at(-1).getBoundingClientRect();"
    page.wait_for_function(
        f"() => {{ {last} return b.bottom <= document.querySelector('#chart').getBoundingClientRect().bottom; }}"
    )


def test_it_is_used_by_keyboard(page: Page) -> None:
    page.focus("#chart")
    page.keyboard.press("Tab")
    focused = "document.activeElement.dataset.id"
    first = page.evaluate(focused)
    assert first.startswith("segment:")
    page.keyboard.press("ArrowDown")
    second = page.evaluate(focused)
    assert second != first
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("aria-expanded", "true")
    assert page.evaluate(focused) == second
    page.keyboard.press("ArrowDown")
    company = page.evaluate(focused)
    assert company.startswith("company:")
    page.keyboard.press("Enter")
    expect(page.locator("#panel-close")).to_be_focused()
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == company
    page.keyboard.press("Tab")
    expect(page.locator("#map-in")).to_be_focused()


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_it_is_a_list_first(browser: Browser, url: str, width: int) -> None:
    with opened(browser, url, path="#/map", width=width) as page:
        expect(page.locator(".listed")).to_have_count(CARDS * (1 + PARTS))
        page.locator("summary").filter(has_text="工序2之1").click()
        page.get_by_role("button", name="茶行7", exact=True).click()
        expect(page.locator("#panel h2")).to_have_text("茶行7")
        assert fits(page)
        page.keyboard.press("Escape")
        page.click("#map-as-picture")
        expect(page.locator("#chart .row").first).to_be_visible()
        assert fits(page)
        page.reload()
        expect(page.locator("#map-as-picture")).to_have_attribute("aria-pressed", "true")
