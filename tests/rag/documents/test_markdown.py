from rag.documents.markdown import parse
from rag.documents.pieces import Piece


def pieces(text: str) -> list[Piece]:
    return parse(text.encode(), "a.md").pieces


def shown(text: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces(text)]


def test_blocks_in_order() -> None:
    text = "# 标题\n\n第一段，\n接着写。\n\n> 引文。\n\n```python\nx = 1\n\ny = 2\n```\n\n---\n\n末段 `code` [链接](http://a)。"
    assert shown(text) == [
        ("heading", "标题"),
        ("paragraph", "第一段，接着写。"),
        ("paragraph", "引文。"),
        ("code", "x = 1\n\ny = 2"),
        ("paragraph", "末段 code 链接。"),
    ]


def test_soft_breaks_keep_a_space_between_latin_words_only() -> None:
    assert shown("two\nwords 和\n汉字") == [("paragraph", "two words 和汉字")]


def test_nested_lists_keep_depth_and_group() -> None:
    found = pieces("- 甲\n  - 甲一\n- 乙\n\n  乙的续段\n- [ ] 丙\n\n另一段\n\n1. 丁")
    items = [piece for piece in found if piece.kind == "item"]
    assert [(piece.text, piece.level) for piece in items] == [
        ("甲", 1),
        ("甲一", 2),
        ("乙\n乙的续段", 1),
        ("丙", 1),
        ("丁", 1),
    ]
    assert len({piece.group for piece in items[:4]}) == 1
    assert items[4].group != items[0].group


def test_tables_become_rows_with_a_header() -> None:
    found = pieces("| 型号 | 显存 |\n|---|---|\n| 甲 | **8** GB |\n| 乙 |  |")
    assert [(piece.text, piece.header) for piece in found] == [
        ("型号 | 显存", True),
        ("甲 | 8 GB", False),
        ("乙 | ", False),
    ]


def test_bold_and_links_are_remembered() -> None:
    (piece,) = pieces("**显存：**见[这里](javascript:void(0);)")
    assert [piece.text[a:b] for a, b in piece.bold] == ["显存："]
    assert [piece.text[a:b] for a, b in piece.links] == ["这里"]


def test_raw_html_loses_its_marks_but_keeps_its_tables() -> None:
    text = """<div align="center">居中的话。</div>

<table><tr><th>甲</th></tr><tr><td>1</td></tr></table>

<iframe src="x"></iframe>

一行<br>两行<b>粗</b><script>x</script>"""
    assert shown(text) == [("paragraph", "居中的话。"), ("row", "甲"), ("row", "1"), ("paragraph", "一行\n两行粗")]


def test_bold_that_white_space_leaves_open() -> None:
    (piece,) = pieces("**显存： **是内存")
    assert (piece.text, [piece.text[a:b] for a, b in piece.bold]) == ("显存： 是内存", ["显存： "])
    assert shown("张** 让人下车") == [("paragraph", "张** 让人下车")]


def test_images_leave_a_mark_and_no_text() -> None:
    (piece,) = pieces("![说明](a.png)")
    assert (piece.text, piece.image) == ("", True)


def test_prose_that_only_looks_like_markdown() -> None:
    assert shown("    缩进四格的中文。") == [("paragraph", "缩进四格的中文。")]
    assert shown("    x = 1") == [("code", "x = 1")]
    assert shown("这是一句完整的话。\n---\n") == [("paragraph", "这是一句完整的话。")]
    assert shown("副标题\n---\n") == [("heading", "副标题")]


def test_front_matter_is_no_text() -> None:
    draft = parse("---\ntitle: 名\n---\n正文".encode(), "a.md")
    assert (draft.stated_title, [piece.text for piece in draft.pieces]) == ("名", ["正文"])
