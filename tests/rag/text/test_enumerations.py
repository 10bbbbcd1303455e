import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.boundaries import GENERIC
from rag.text.enumerations import enumerations
from rag.text.normalize import folded
from rag.text.words import Lexicon

PLAIN = Lexicon()


def listed(text: str, lexicon: Lexicon = PLAIN) -> list[list[str]]:
    text = folded(text)
    return [[text[start:end] for start, end in found.items] for found in enumerations(text, lexicon)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 等, and what introduces a list
        ("常见水果有苹果、香蕉、橙子等", [["苹果", "香蕉", "橙子"]]),
        ("主要厂商包括青松电器、白鹭机械和云海仪表等企业", [["青松电器", "白鹭机械", "云海仪表"]]),
        ("国内厂商青松电器、白鹭机械占据主要份额", [["青松电器", "白鹭机械"]]),
        ("代表企业为青松电器、白鹭机械", [["青松电器", "白鹭机械"]]),
        ("二〇二四年青松电器、白鹭机械入选", [["青松电器", "白鹭机械"]]),
        ("2024年3月青松电器、白鹭机械入选", [["青松电器", "白鹭机械"]]),
        # joints
        ("公园里种着松树、柏树及银杏", [["松树", "柏树", "银杏"]]),
        ("乐团分为弦乐、管乐以及打击乐三个声部", [["弦乐", "管乐", "打击乐"]]),
        ("配料：面粉、白糖、鸡蛋和牛奶", [["面粉", "白糖", "鸡蛋", "牛奶"]]),
        # what follows is no part of the last name
        ("青松电器、白鹭机械合作开发新产品", [["青松电器", "白鹭机械"]]),
        ("尺寸有1,200、2,400、3,600三种", [["1,200", "2,400", "3,600"]]),
        # what the names end with alike
        ("按主办方分四种：协会主导、高校主导、企业主导、社区主导", [["协会主导", "高校主导", "企业主导", "社区主导"]]),
        ("包括通用算法、专用算法和混合算法", [["通用算法", "专用算法", "混合算法"]]),
        ("把计算力、运载力和存储力集于一体", [["计算力", "运载力", "存储力"]]),
        ("代步即服务（MaaS）、仓储即服务（WaaS）", [["代步即服务", "仓储即服务"]]),
        # a count closes a list
        ("浙江、江苏以及安徽四大节点优先建设", [["浙江", "江苏", "安徽"]]),
        ("共有泰国、智利和中国8队参赛", [["泰国", "智利", "中国"]]),
        ("涵盖基础与安全、制备、应用五个部分", [["基础与安全", "制备", "应用"]]),
        # what describes the first name belongs to it
        ("包含带双层隔热门的冷藏柜、移动货架等", [["带双层隔热门的冷藏柜", "移动货架"]]),
        ("由中国鸟类研究会、北岭大学主办", [["中国鸟类研究会", "北岭大学"]]),
        # a verb inside ends a list and begins another
        ("为青松电器、白鹭机械和云海仪表生产齿轮、轴承等", [["青松电器", "白鹭机械", "云海仪表"], ["齿轮", "轴承"]]),
        ("提供从图纸、模具到成品的服务", [["图纸", "模具", "成品"]]),
        # several lists in a sentence
        ("茶叶有绿茶、红茶等，咖啡豆有小粒、大粒和中粒", [["绿茶", "红茶"], ["小粒", "大粒", "中粒"]]),
        ("供应商有北风、南风，客户有东风、西风", [["北风", "南风"], ["东风", "西风"]]),
        ("有苹果、香蕉等水果及白菜、萝卜等蔬菜", [["苹果", "香蕉"], ["白菜", "萝卜"]]),
        # brackets, quotes and titles
        ("参展的有晨光（上海）、暮色（北京、天津）和星河", [["晨光", "暮色", "星河"]]),
        ("包括青松（棉、麻、丝）、白鹭（纸）等", [["青松", "白鹭"]]),
        ("我们去过“春风”、“夏雨”、“秋霜”等剧场", [["春风", "夏雨", "秋霜"]]),
        ("书目有《山与海、河》、《花草》和《鸟兽》三本", [["《山与海、河》", "《花草》", "《鸟兽》"]]),
        ("甲组（乙、丙", [["乙", "丙"]]),
        # 等 that ends no list
        ("高等院校、职业学校和研究所参加了活动", [["高等院校", "职业学校", "研究所"]]),
        ("华东、华南、华中等地区", [["华东", "华南", "华中"]]),
        ("水质分为优级、良级和等级外", [["优级", "良级", "等级外"]]),
        # other scripts
        ("ABC、DEF和GHI等公司", [["abc", "def", "ghi"]]),
        # no list
        ("这一段风景最好、路也最宽", []),
        ("今天下雨，明天晴", []),
        ("他说、", []),
        ("、、、", []),
        ("以及、和", []),
        ("包括（一、二）等", []),
        ("", []),
    ],
)
def test_names_in_a_list(text: str, expected: list[list[str]]) -> None:
    assert listed(text) == expected


def test_a_learned_pair_joined_inside_a_list_is_two_names() -> None:
    text = "包括青松、白鹭和云海、星河等"
    assert listed(text) == [["青松", "白鹭和云海", "星河"]]
    assert listed(text, Lexicon(["白鹭", "云海"])) == [["青松", "白鹭", "云海", "星河"]]


def test_a_list_says_whether_it_goes_on_and_where_it_ends() -> None:
    text = "有苹果、香蕉等；有松树、柏树。"
    first, second = enumerations(folded(text), PLAIN)
    assert (first.open_ended, second.open_ended) == (True, False)
    assert folded(text)[first.start : first.end] == "苹果、香蕉等"
    assert folded(text)[second.start : second.end] == "松树、柏树"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["、", "和", "等", "及", "包括", "，", "。", "（", "）", "《", "》", "“", "青松", "生产", "1,200"]
            ),
            st.text(alphabet="甲乙丙丁a1 ", max_size=4),
        ),
        max_size=25,
    ).map("".join)
)
def test_spans_are_in_order_and_hold_no_separator_outside_brackets(text: str) -> None:
    text = folded(text)
    reached = 0
    for found in enumerations(text, PLAIN):
        assert len(found.items) >= 2
        assert found.start == found.items[0][0] >= reached
        for start, end in found.items:
            assert reached <= start < end <= found.end
            reached = end
            name = text[start:end]
            assert name == name.strip()
            assert not set("、。") & set(name) or set("(《") & set(name)
        assert (text[found.end - 1] == "等") >= found.open_ended


@given(
    st.lists(st.text(alphabet="栾郗阕逄郏鄄", min_size=2, max_size=5), min_size=2, max_size=6, unique=True),
    st.sampled_from(["、", "和", "及", "以及"]),
    st.booleans(),
)
def test_names_that_no_dictionary_knows_come_out_as_they_went_in(names: list[str], joint: str, etc: bool) -> None:
    text = f"其中包括{'、'.join(names[:-1])}{joint if len(names) > 2 else '、'}{names[-1]}{'等' if etc else ''}。"
    assert listed(text) == [names]


def test_generic_nouns_are_folded() -> None:
    assert all(word == folded(word) for word in GENERIC)


def test_what_was_found_goes_with_its_lexicon() -> None:
    lexicon = Lexicon(["青松电器"])
    listed("青松电器、白鹭机械和云海仪表", lexicon)
    text = folded("青松电器、白鹭机械和云海仪表")
    assert enumerations(text, lexicon) is enumerations(text, lexicon)
    left = weakref.ref(lexicon)
    del lexicon
    gc.collect()
    assert left() is None
