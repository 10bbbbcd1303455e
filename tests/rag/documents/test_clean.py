import pytest

from rag.documents.clean import clean
from rag.documents.load import load_bytes
from rag.documents.pieces import Draft, Piece
from rag.documents.split import split

ARTICLE = r"""# 茶业全景解析

Original 小茶研究

[茶刊精选](javascript:void(0);)

 *2024年03月05日 08:30* *云南*

![图片](./a.assets/1.png)

**戳这里，查看近期热门文章**



[👉🏻](https://a.example/1)[咖啡产业全解析](https://a.example/2)

👉🏻[陶瓷产业全解析](https://a.example/3)

茶是世界三大饮料之一。

云 南和福建是历史悠久的主要产区，两省茶园的面积和产 量合计占全国的一半 。

**更多茶业资料发布在知识星球，有兴趣可以加入。**

**
**

**概览**

茶按发酵程度分类。

![Image](./a.assets/2.png)资料来源：茶业研究所

# **茶业链**

上游是种植。

***\**\*01\*\**\***

**上游：种植**

**茶种**

茶种很多。

**绿茶：**是不发酵的茶。

它的代表是龙井。

**红茶（全发酵）：**是全发酵的茶。

***\**\*02\*\**\***

**下游**

主要厂商包括：

- [甲茶厂](https://a.example/4)
- [乙茶厂](https://a.example/5)

**推荐阅读：**

- [咖啡产业](https://a.example/6)

行业前景广阔。**欢迎扫码加入知识星球。**[星球介绍](https://a.example/7)

扫描下方二维码，添加小茶助理微信，免费获取《茶谱》电子档。

*免责声明：本文内容仅供参考，不构成投资建议！

Reads 1203

<iframe src="https://a.example/ad" style="width: 1px"></iframe>"""


def test_an_article_saved_from_the_web() -> None:
    document = load_bytes(ARTICLE.encode(), name="tea.md")
    assert document.text.split("\n\n") == [
        "茶业全景解析",
        "茶是世界三大饮料之一。",
        "云南和福建是历史悠久的主要产区，两省茶园的面积和产量合计占全国的一半。",
        "概览",
        "茶按发酵程度分类。",
        "茶业链",
        "上游是种植。",
        "上游：种植",
        "茶种",
        "茶种很多。",
        "绿茶",
        "是不发酵的茶。",
        "它的代表是龙井。",
        "红茶（全发酵）",
        "是全发酵的茶。",
        "下游",
        "主要厂商包括：",
        "甲茶厂\n乙茶厂",
        "行业前景广阔。",
    ]
    assert (document.title, document.published, document.publisher) == ("茶业全景解析", "2024-03-05", "茶刊精选")
    assert document.terms == ("概览", "茶业链", "茶种", "绿茶", "红茶（全发酵）", "下游")
    assert [passage.section for passage in split(document)] == [
        (),
        ("概览",),
        ("茶业链",),
        ("茶业链", "上游：种植", "茶种"),
        ("茶业链", "上游：种植", "茶种", "绿茶"),
        ("茶业链", "上游：种植", "茶种", "红茶（全发酵）"),
        ("茶业链", "下游"),
    ]


def texts(*pieces: Piece) -> list[str]:
    return [piece.text for piece in clean(Draft(pieces=list(pieces))).pieces]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云 南，福建。", "云南，福建。"),
        ("产量 ，增长 。", "产量，增长。"),
        ("第一条 茶厂应当登记，并年检。", "第一条 茶厂应当登记，并年检。"),
        ("苹果 香蕉 梨子", "苹果 香蕉 梨子"),
        ("目 录", "目录"),
        ("由 Festo 等公司生产。", "由 Festo 等公司生产。"),
        ("零\u200b宽\ufeff字符与\u00a0GPU。", "零宽字符与 GPU。"),
        ("2**10 是 1024。", "2**10 是 1024。"),
        ("驾驶员张**让乘客下车，车号为甲A****。", "驾驶员张**让乘客下车，车号为甲A****。"),
    ],
)
def test_stray_characters(text: str, expected: str) -> None:
    assert texts(Piece("paragraph", text)) == [expected]


def test_code_and_rows_stay_as_they_are() -> None:
    code, row = Piece("code", "a  **  甲 乙"), Piece("row", "云 南 | 阅读 12")
    assert texts(code, row) == [code.text, row.text]


def test_a_buttons_label_is_content_where_it_is_a_heading_or_an_item() -> None:
    pieces = [Piece("heading", "分享", 2), Piece("item", "投诉", 1, group=1), Piece("item", "——", 1, group=1)]
    assert texts(*pieces, Piece("paragraph", "投诉")) == ["分享", "投诉"]


def test_lines_broken_by_hand_become_paragraphs() -> None:
    assert texts(Piece("paragraph", "第一行。\n阅读原文\n第三行。")) == ["第一行。", "第三行。"]


def test_a_closing_section_of_disclaimers_goes() -> None:
    pieces = [
        Piece("heading", "茶", 1),
        Piece("paragraph", "正文。"),
        Piece("heading", "免责声明", 2),
        Piece("paragraph", "概不负责。"),
    ]
    assert texts(*pieces) == ["茶", "正文。"]


def test_metadata_of_the_front_matter_comes_first() -> None:
    text = "---\npublished: 2020-01-01\npublisher: 茶报\n---\n" + ARTICLE
    document = load_bytes(text.encode(), name="tea.md")
    assert (document.published, document.publisher) == ("2020-01-01", "茶报")
