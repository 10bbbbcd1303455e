"""The page's documents in a real browser, against a live service over an index of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from rag import Assistant
from tests.api.browsing import Browser, Page, expect, fits, launched, opened
from tests.api.indexed import KILN, TEA, indexed
from tests.api.live import running

HOSTILE = "<img src=x onerror=alert(1)>"


def file(name: str, text: str) -> Any:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def document(page: Page, words: str) -> Any:
    return page.locator(".document").filter(has_text=words)


@contextmanager
def live(assistant: Assistant) -> Iterator[str]:
    with closing(assistant), running(assistant.settings, assistant) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with (
        live(indexed(tmp_path / "index", "law", port=0)) as url,
        opened(browser, url, path="#/documents") as page,
    ):
        expect(page.locator("#documents")).to_contain_text("还没有资料")
        yield page


def upload(page: Page, *files: Any) -> None:
    page.set_input_files("#files", list(files))


def test_files_are_read_each_with_its_outcome(page: Page) -> None:
    upload(page, file("茶园.md", TEA), file("窑.exe", "MZ"), file(f"{HOSTILE}.txt", "河湾村的陶土含铁较多。"))
    expect(page.locator(".ingestion-state")).to_have_text("已完成，其中 1 份未能加入")
    expect(page.locator(".outcome.is-added")).to_have_count(2)
    expect(page.locator(".outcome.is-failed .outcome-error")).to_contain_text("窑.exe")
    expect(page.locator(".document")).to_have_count(2)
    expect(document(page, HOSTILE)).to_be_visible()
    expect(page.locator("#view-documents img")).to_have_count(0)
    expect(page.locator("#live")).to_contain_text("茶园.md 已加入")


def test_a_text_is_pasted_read_and_deleted(page: Page) -> None:
    page.click("#paste")
    page.fill("dialog [name=title]", "河湾手记")
    page.fill("dialog [name=text]", KILN)
    page.fill("dialog [name=published]", "2024-03-01")
    page.click("dialog [type=submit]")
    expect(document(page, "河湾手记")).to_contain_text("2024-03-01")
    document(page, "河湾手记").get_by_role("button", name="阅读").click()
    expect(page.locator("#reader-text")).to_contain_text("河湾村有七座龙窑仍在使用。")
    expect(page.locator("#reader-text mark")).to_have_count(0)
    page.keyboard.press("Escape")
    remove = document(page, "河湾手记").get_by_role("button", name="删除")
    expect(document(page, "河湾手记").get_by_role("button", name="阅读")).to_be_focused()
    remove.click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("删除《河湾手记》？")
    expect(dialog.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(remove).to_be_focused()
    remove.click()
    dialog.get_by_role("button", name="删除").click()
    expect(page.locator(".document")).to_have_count(0)
    expect(page.locator("#live")).to_have_text("已删除《河湾手记》。")
    expect(page.locator("#filter")).to_be_focused()


def test_a_document_is_replaced_by_a_file(page: Page) -> None:
    upload(page, file("茶园.md", TEA))
    expect(document(page, "岚山茶业")).to_be_visible()
    with page.expect_file_chooser() as chooser:
        document(page, "岚山茶业").get_by_role("button", name="替换").click()
    chooser.value.set_files([file("另一个名字.md", TEA.replace("三千二百亩", "四千亩"))])
    expect(page.locator(".outcome.is-replaced")).to_have_count(1)
    expect(page.locator(".document")).to_have_count(1)
    expect(document(page, "第 2 版")).to_be_visible()
    document(page, "岚山茶业").get_by_role("button", name="阅读").click()
    expect(page.locator("#reader-text")).to_contain_text("四千亩")


def test_a_file_is_dropped_anywhere(page: Page) -> None:
    page.click(".views a[data-view=chat]")
    make = """text => {
        const held = new DataTransfer();
        held.items.add(new File([text], "陶.md", {type: "text/markdown"}));
        return held;
    }"""
    held = page.evaluate_handle(make, KILN)
    page.dispatch_event("#main", "dragenter", {"dataTransfer": held})
    expect(page.locator("#dropping")).to_contain_text("default")
    page.dispatch_event("#main", "drop", {"dataTransfer": held})
    expect(page.locator("#dropping")).to_be_hidden()
    expect(page.locator("#view-documents")).to_be_visible()
    expect(document(page, "河湾陶艺")).to_be_visible()


def test_the_list_is_searched_and_paged(page: Page) -> None:
    upload(page, *[file(f"{n}.md", f"# 第{n}号茶园\n\n第{n}号茶园种茶。\n") for n in range(1, 31)])
    expect(page.locator("#page-of")).to_have_text("第 1 / 2 页")
    expect(page.locator(".document")).to_have_count(25)
    page.click("#next")
    expect(page.locator(".document")).to_have_count(5)
    expect(page.locator("#next")).to_be_disabled()
    expect(page.locator("#previous")).to_be_focused()
    expect(page.locator("#live")).to_have_text("第 2 / 2 页")
    expect(page.locator("#filter")).to_be_in_viewport()
    page.fill("#filter", "第7号")
    expect(page.locator(".document")).to_have_count(1)
    expect(page.locator("#document-count")).to_have_text("1 份相符")
    expect(page.locator("#pager")).to_be_hidden()
    page.fill("#filter", "没有的名字")
    expect(page.locator(".nothing")).to_contain_text("没有的名字")


def test_collections_are_chosen_made_and_deleted(page: Page) -> None:
    upload(page, file("茶园.md", TEA))
    expect(page.locator(".document")).to_have_count(1)
    choice = page.locator("#view-documents .collections")
    expect(page.locator("#collection-delete")).to_be_hidden()
    choice.select_option("law")
    expect(page.locator("#documents")).to_contain_text("还没有资料")
    page.click("#collection-new")
    page.fill("dialog [name=name]", "law")
    page.click("dialog [type=submit]")
    expect(page.locator("dialog .problem")).to_contain_text("law")
    page.fill("dialog [name=name]", "陶艺")
    page.click("dialog [type=submit]")
    expect(choice).to_have_value("陶艺")
    upload(page, file("窑.md", KILN))
    expect(document(page, "河湾陶艺")).to_be_visible()
    page.reload()
    expect(choice).to_have_value("陶艺")
    expect(document(page, "河湾陶艺")).to_be_visible()
    page.click("#collection-delete")
    expect(page.locator("dialog[open]")).to_contain_text("其中的 1 份资料会一起删除")
    page.locator("dialog[open]").get_by_role("button", name="删除").click()
    expect(choice).to_have_value("default")
    expect(document(page, "岚山茶业")).to_be_visible()
    expect(choice.locator("option")).to_have_count(2)


def test_the_chat_asks_the_chosen_collection(page: Page) -> None:
    upload(page, file("茶园.md", TEA))
    expect(page.locator(".document")).to_have_count(1)
    page.click(".views a[data-view=chat]")
    page.locator(".dock .collections").select_option("law")
    with page.expect_request("**/v1/chat") as asked:
        page.fill("#question", "青禾茶园在哪里")
        page.press("#question", "Enter")
    assert asked.value.post_data_json["collection"] == "law"
    expect(page.locator(".answer.refused")).to_be_visible()


def test_one_document_alone_is_asked(page: Page) -> None:
    upload(page, file("茶园.md", TEA), file("窑.md", KILN))
    document(page, "岚山茶业").get_by_role("button", name="提问").click()
    expect(page.locator("#scope-text")).to_have_text("只问《岚山茶业》")
    expect(page.locator("#question")).to_be_focused()
    page.reload()
    with page.expect_request("**/v1/chat") as asked:
        page.fill("#question", "河湾村有几座龙窑")
        page.press("#question", "Enter")
    assert len(asked.value.post_data_json["filter"]["documents"]) == 1
    expect(page.locator(".answer.refused")).to_be_visible()
    page.click("#scope-end")
    expect(page.locator("#scope")).to_be_hidden()
    with page.expect_request("**/v1/chat") as asked:
        page.fill("#question", "河湾村有几座龙窑")
        page.press("#question", "Enter")
    assert "filter" not in asked.value.post_data_json


def test_what_was_considered_is_shown(page: Page) -> None:
    upload(page, file("茶园.md", TEA), file("窑.md", KILN))
    expect(page.locator(".document")).to_have_count(2)
    page.click(".views a[data-view=chat]")
    page.fill("#question", "青禾茶园位于哪里")
    page.press("#question", "Enter")
    expect(page.locator(".prose")).to_contain_text("岚山北坡")
    page.click(".why")
    used = page.locator("#panel .candidate.is-used")
    expect(used).to_have_count(1)
    expect(used).to_contain_text("岚山茶业")
    used.locator("button").click()
    expect(page.locator("#reader-text mark").first).to_contain_text("岚山北坡")


def test_what_a_key_may_not_do_is_greyed_from_the_start(browser: Browser, tmp_path: Path) -> None:
    keys = SecretStr("reader:ask, writer:ask+write")
    with (
        live(indexed(tmp_path / "index", port=0, api_keys=keys)) as url,
        opened(browser, url, path="#/documents", width=390) as page,
    ):
        for key, may in (("reader", False), ("writer", True)):
            page.evaluate("sessionStorage.removeItem('key')")
            page.reload()
            page.fill("#key", key)
            page.press("#key", "Enter")
            expect(page.locator("#documents")).to_contain_text("还没有资料")
            for name in ("upload", "paste", "collection-new"):
                expect(page.locator(f"#{name}")).to_be_enabled(enabled=may)
            expect(page.locator("#read-only")).to_be_visible(visible=not may)
        assert fits(page)


def test_a_key_that_may_not_write_says_so(browser: Browser, tmp_path: Path) -> None:
    keys = SecretStr("reader:ask, writer")
    with (
        live(indexed(tmp_path / "index", port=0, api_keys=keys)) as url,
        opened(browser, url, path="#/documents", width=390) as page,
    ):
        # A service that does not tell beforehand.
        page.route("**/v1/collections", lambda route: route.fulfill(json={"collections": []}))
        page.fill("#key", "reader")
        page.press("#key", "Enter")
        expect(page.locator("#documents")).to_contain_text("还没有资料")
        upload(page, file("茶园.md", TEA))
        expect(page.locator(".ingestion .problem")).to_contain_text("write")
        expect(page.locator(".ingestion button.button")).to_have_count(0)
        expect(page.locator("#read-only")).to_be_visible()
        expect(page.locator("#upload")).to_be_disabled()
        assert fits(page)
        page.click("#change-key")
        expect(page.locator("#key-text")).to_contain_text("另一个密钥")
        page.fill("#key", "writer")
        page.press("#key", "Enter")
        expect(page.locator("#read-only")).to_be_hidden()
        expect(page.locator("#upload")).to_be_enabled()


def test_a_list_that_cannot_be_read_says_why(browser: Browser, tmp_path: Path) -> None:
    error = {"code": "storage_error", "message": "服务的磁盘暂时无法读取。", "param": None, "request_id": "req_1"}
    with (
        live(indexed(tmp_path / "index", port=0)) as url,
        opened(browser, url) as page,
    ):
        page.route("**/v1/documents?*", lambda route: route.fulfill(status=503, json={"error": error}))
        page.click(".views a[data-view=documents]")
        expect(page.locator(".nothing")).to_contain_text("服务的磁盘暂时无法读取。")
        page.unroute_all()
        page.locator(".nothing button").click()
        expect(page.locator("#documents")).to_contain_text("还没有资料")


def test_a_file_that_is_too_large_is_refused_alone(browser: Browser, tmp_path: Path) -> None:
    with (
        live(indexed(tmp_path / "index", port=0, max_upload_bytes=100_000)) as url,
        opened(browser, url, path="#/documents") as page,
    ):
        expect(page.locator("#documents")).to_contain_text("还没有资料")
        upload(page, file("茶园.md", TEA), file("大.md", "山坡朝南。" * 20_000))
        expect(document(page, "岚山茶业")).to_be_visible()
        expect(page.locator(".ingestion")).to_have_count(2)
        refused = page.locator(".ingestion").filter(has_text="大.md").first
        expect(refused.locator(".problem")).to_contain_text("100000")
        expect(refused.locator("button.button")).to_have_count(0)
