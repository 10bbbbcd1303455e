import pytest

from rag.documents.html import MAX_DEPTH, fragment, parse
from rag.documents.load import load_bytes
from rag.errors import FileError

PAGE = """<?xml version="1.0"?><!DOCTYPE html><html><head><title> 显存 – 站名 </title><style>p{}</style></head><body>
<nav>首页</nav><!-- 注释 -->
<h1>显存</h1>
<div>松散的字 <p>第一段，
 <b>粗体</b>和<a href="/x">链接</a>。</p> 尾巴</div>
<ul><li>甲<ul><li>甲一</li></ul></li><li><p>乙</p><p>续</p></li></ul>
<table><caption>表题</caption><thead><tr><td>型号</td><td>容量</td></tr></thead>
<tbody><tr><td>甲</td><td>8&nbsp;GB<br>起</td></tr></tbody></table>
<pre>x  =  1
y</pre>
<p style="display:none">隐藏</p><form>表单</form><footer>版权</footer><script>1</script>
<table><tr><td><h2>版式表里的标题</h2><p>版式表里的话。</p></td></tr></table>
</body></html>"""


def test_a_page() -> None:
    draft = parse(PAGE.encode(), "a.html")
    assert draft.title == "显存 – 站名"
    assert [(piece.kind, piece.text, piece.level) for piece in draft.pieces] == [
        ("heading", "显存", 1),
        ("paragraph", "松散的字", 0),
        ("paragraph", "第一段， 粗体和链接。", 0),
        ("paragraph", "尾巴", 0),
        ("item", "甲", 1),
        ("item", "甲一", 2),
        ("item", "乙\n续", 1),
        ("paragraph", "表题", 0),
        ("row", "型号 | 容量", 0),
        ("row", "甲 | 8 GB 起", 0),
        ("code", "x  =  1\ny", 0),
        ("heading", "版式表里的标题", 2),
        ("paragraph", "版式表里的话。", 0),
    ]
    assert [piece.header for piece in draft.pieces if piece.kind == "row"] == [True, False]
    paragraph = draft.pieces[2]
    assert [paragraph.text[a:b] for a, b in paragraph.bold + paragraph.links] == ["粗体", "链接"]


def test_the_encoding_that_the_page_declares() -> None:
    page = '<meta charset="big5"><p>顯示卡</p>'
    assert [piece.text for piece in parse(page.encode("big5"), "a.html").pieces] == ["顯示卡"]


def test_bare_text_and_empty_pages() -> None:
    assert [piece.text for piece in parse("只有文字".encode(), "a.html").pieces] == ["只有文字"]
    assert parse(b"<html><body></body></html>", "a.html").pieces == []


def test_a_fragment_numbers_its_tables_on() -> None:
    rows = fragment("<table><tr><th>甲</th></tr></table>", 4)
    assert [(row.group, row.header) for row in rows] == [(5, True)]


@pytest.mark.parametrize("depth", [MAX_DEPTH - 1, MAX_DEPTH * 20])
def test_elements_nested_beyond_reason_are_refused(depth: int) -> None:
    with pytest.raises(FileError, match=r"a\.html cannot be read as HTML"):
        load_bytes(b"<div>" * depth + "茶".encode(), name="a.html")
