import pytest

from rag.documents import debris
from rag.documents.pieces import Piece


@pytest.mark.parametrize(
    "line",
    [
        "Reads 1203",
        "阅读 10万+",
        "阅读量：356",
        "在看 7",
        "——",
        "👇👇",
        "- END -",
        "阅读原文",
        "微信扫一扫关注该公众号",
        "**",
        "",
    ],
)
def test_noise(line: str) -> None:
    assert debris.is_noise(line)


@pytest.mark.parametrize(
    "line", ["阅读能力很重要", "关注散热", "12", "扫描二维码即可签到。", "Reads and writes", "完全图"]
)
def test_no_noise(line: str) -> None:
    assert not debris.is_noise(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "更多茶业资料发布在知识星球，感兴趣的朋友可以加入。",
        "扫描下方二维码，添加小茶微信，免费领取《茶谱》电子版。",
        "欢迎扫码加入读者群！",
        "戳这里，看往期文章",
        "点击上方蓝字关注我们",
        "长按识别二维码关注公众号",
        "点击“阅读原文”查看报告",
    ],
)
def test_adverts(sentence: str) -> None:
    assert debris.is_advert(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "用户通过公众号获取服务的比例达到三成。",
        "微信用户点击卡片即可转发。",
        "该厂欢迎客户参观新的生产线。",
        "点击下方按钮提交申请。",
        "扫描下方二维码填写报名信息，或者关注主办方的公众号报名。",
        "免费获取样品的厂商有三家。",
    ],
)
def test_sentences_of_content(sentence: str) -> None:
    assert not debris.is_advert(sentence)


def test_link_only() -> None:
    assert debris.is_link_only(Piece("paragraph", "👉🏻茶业全解析", links=((2, 7),)))
    assert not debris.is_link_only(Piece("paragraph", "见茶业全解析", links=((1, 6),)))
    assert not debris.is_link_only(Piece("paragraph", "整句都是链接。", links=((0, 7),)))
    assert not debris.is_link_only(Piece("paragraph", "没有链接"))


def test_credits() -> None:
    assert debris.is_credit("资料来源：某某研究所", below_image=False)
    assert debris.is_credit("来源：某网", below_image=True)
    assert not debris.is_credit("来源：某网", below_image=False)
    assert not debris.is_credit("数据来源：统计局。产量增长了一成。", below_image=True)


def test_lines_above_other_articles() -> None:
    assert debris.is_reading_list("推荐阅读：")
    assert not debris.is_reading_list("推荐阅读下列标准。")


def test_disclaimers() -> None:
    assert debris.is_disclaimer("*免责声明：本文仅供参考，不构成投资建议。")
    assert not debris.is_disclaimer("免责声明：网站须把它放在首页。")
    assert debris.is_disclaimer_heading("免责声明")
    assert not debris.is_disclaimer_heading("免责声明的效力")
