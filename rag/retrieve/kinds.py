"""What kind of answer a question wants, by the words it asks with. All texts are folded."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["list", "number", "date", "definition", "reason", "compare", "profile", "name", "open"]

_MEASURES = (
    "个月|个|家|种|类|年|月|天|台|亿|万|成|倍|层|级|路|项|条|位|款|名|座|套|人|%|美元|元|吨|公里|千米|平方米|米|亩|公顷|度|次|片|辆|艘|架|件|本|部|"
    "场|届|岁|小时|分钟|秒|千克|公斤|克|升|千瓦|瓦|毫米|厘米|字|所|间|只|支|张|户|票|分|章|节|页|起|例|股"
)
_COUNTED = rf"(?:多少|(?<![哪这那前后好])几)(?P<unit>{_MEASURES}|[a-z]{{1,4}}\b)"
_NUMBERS = "一二三四五六七八九十两几"
# Measure words that come between 哪 or 何 and the thing asked for.
_CLASSIFIERS = "个家种类款座所位名本条项层场部支只首张份件届期颗片艘架间幅栋段股匹"

# What marks each kind, tried in this order.
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "compare",
        r"区别|有何不同|有什么不同|哪些不同|不同之处|差异|差别|对比|相比|比较一下|哪个更|谁更|\bvs\b|\bdifferences?\b|\bcompare",
    ),
    ("reason", r"为什么|为何|为啥|原因|怎么会|凭什么|何以|\bwhy\b"),
    (
        "date",
        r"什么时候|何时|何年|哪一?年|[西公]元几年|几年(?=[?的]|$|间|时|开始|成|建|发|出|正|被|在)|几世纪|哪一?个?世纪|哪个月|几月|几号|哪天|啥时候|多会儿|\bwhen\b|\bwhat year\b",
    ),
    (
        "number",
        rf"{_COUNTED}|多少|百分之几|多大|多高|多长|多快|多重|多久|多远|多深|多宽|多厚|第几|(?:占比|市占率|比例|份额|排名|规模)(?=[是为?]|$)|"
        r"\bhow (?:many|much|large|big|fast|long|high|tall|far|old|heavy|deep|wide)\b|\bwhat (?:is|was|are|were) (?:the |[\w -]{2,30}['’]s )(?:[\w'-]+ ){0,3}(?:number|amount|total|"
        r"price|cost|value|revenue|profit|loss|sales|turnover|output|production|consumption|capacity|population|area|size|height|length|width|depth|weight|diameter|"
        r"speed|temperature|rate|ratio|share|percentage|proportion|distance|duration|age|salary|budget|investment)\b|\bwhat (?:market )?(?:share|percentage|number)\b",
    ),
    (
        "profile",
        r"(?:做|干|是做|是干)(?:什么|啥|哪些|什么的)|(?:做|干|参与|布局)了?(?:些|过)?(?:什么|啥|哪些)(?!产品|公司|项目|材料)|都(?:在|有)?(?:做|干|参与|布局)|主营|主要业务|"
        r"有(?:什么|哪些|啥)(?:布局|业务)|(?:什么|哪些|哪个|哪一?块|啥)(?:角色|位置|地位|环节|业务)|产业链[里中上]?的?(?:位置|定位|角色|环节)|(?:做|干|搞|是)的?哪(?:一?块|些?方面)|(?:产业链|行业|市场|领域)[里中上]?的(?:位置|定位|角色|地位|布局)|"
        r"^(?:请|请你)?(?:介绍|说说|讲讲|谈谈)(?:一下)?.{1,30}的(?:角色|地位|位置|业务|布局|情况)|有(?:啥|什么|何)关系|\bwhat does .{1,40} do\b",
    ),
    (
        "definition",
        r"^(?:请问|请|那|那么)?(?:什么是|何谓|何为|啥是|解释一?下|介绍一?下)|是(?:一?[种个]?)(?:什么|啥)(?!大会|会|公司|集群|平台|系统|机构|单位|报告)[^,，、]{0,6}[?呢啊呀]*$|怎么回事|是个啥|什么意思|啥意思|怎么理解|(?:是|指)的?(?:什么|啥)(?:意思|东西)?[?呢]*$|"
        r"定义|含义|全称|缩写|^what (?:is|are) (?!the [\w ]{2,40} of\b)(?!the (?:main|major|leading|top|share|name|three|two|four))|\bdefine\b|\bwhat does .{1,40} (?:mean|stand for)",
    ),
    ("list", r"谁家?(?:还|也|都)?(?:在|来)?(?:生产|制造|做|造|供应|提供|布局|研发|搞|出|卖)"),
    (
        "name",
        r"(?<![些几])哪一?[个家]|哪一[种类位]|哪一?[种类款项座所条位][^,，?？]{0,10}最|谁是|是谁|谁排|(?:排名?|位列|位居|全球|国内)?第[一二三四五六七八九十\d]+(?:名)?的?是|叫什么|叫啥|哪里|哪儿|在哪(?![些几两二三四五六七八九十\d])|\bwho is\b(?! \w+ing\b)|\bwhich (?:company|vendor|firm|region|country) (?:is|has|holds?|ranks?|ranked)\b",
    ),
    (
        "list",
        rf"哪些|哪几|有那些|有那几|那几[家个种款]$|哪[{_NUMBERS}\d]+(?:个|大|类|种|家|层|座|所|款|位|本|条|项)|有谁|都有谁|谁|有(?:什么|啥)(?!用|作用|意义|影响|效果)|"
        r"什么(?:公司|企业|厂商|品牌|产品|类型|种类)|哪种|哪类|(?:包括|包含|涵盖)了?(?:什么|啥)|分(?:为|成)(?:什么|啥)|各?指什么|名单|列举|列出|列一下|盘点|都有啥|"
        r"(?:厂商|厂家|公司|企业|供应商|制造商|品牌|玩家|机构)[?。!]*$|"
        r"\bwho\b|\bwhich\b|\bwhat are the\b|\bwhat (?:\w+ )?(?:companies|vendors|firms|products|types|kinds|models|elements)\b|\blist\b|\bname\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)

# The asking part of a question: it is not what the evidence must speak of.
_ASKING = re.compile(
    r"请问|请告诉我|告诉我|我想知道|想知道|我想了解|了解一下|帮我(?:查|找|看)?(?:一下|下)?|麻烦|你知道|介绍一?下|解释一?下|说说|讲讲|列举一?下?|列出|列一下|拉个|盘点一?下?|名单|清单|列表|"
    r"甚么|什么是|何谓|何为|是什么意思|什么意思|是指什么|指的是什么|指什么|是什么|是啥|什么时候|什么样|什么|啥时候|啥|何时|(?:[西公]元)?(?:哪一?|几)年|哪个月|哪些|"
    rf"哪一?[{_CLASSIFIERS}天次]|哪[{_NUMBERS}\d]+(?:大|[{_CLASSIFIERS}])?|哪里|哪儿|哪边|何[处地人种时年月日]|谁家|谁|"
    rf"(?:多少|(?<![哪这那前后好])几)(?:{_MEASURES})|多少|多大|多高|多长|多快|多重|多久|多远|多深|多宽|多厚|第几名?|百分之几|为什么|为何|为啥|怎么样|怎样|怎么|如何|怎么回事|"
    r"有何(?:不同|区别|差异)|有(?:什么|啥|哪些)(?:不同|区别|差异|差别)|的?(?:区别|不同之处|差异|差别)|对比一?下?|比较一?下?|相比(?:较|之下)?|能不能|可不可以|是不是|有没有|是否|吗|呢|吧|啊|呀|嘛|一下|"
    r"\bhow (?:large|big|fast|long|high|tall|far|old|heavy|deep|wide)\b|"
    r"\b(?:what|which|who|whom|whose|when|where|why|how|many|much|is|are|was|were|do|does|did|the|a|an|of|in|on|for|to|and|or|by|with|from|please|tell|me|about|list|name|difference|differences|between|can|you|that|this|it|its|their|there|have|has)\b"
)
_BORN_IN = re.compile(r"(?<=出生)于")  # the dictionary would cut 出 + 生于
_WANTED = re.compile(rf"(?:哪些|什么|哪[{_NUMBERS}\d]*)(?:大|[{_CLASSIFIERS}])?(?P<noun>[\u3400-\u9fff]{{1,8}})")
_WANTED_ENGLISH = re.compile(r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?P<noun>[a-z]{3,}(?:ies|es|s))\b")
_EXCEPT = re.compile(r"除了?(?P<names>[^,，?？]{1,24}?)(?:以外|之外|外|[,，]|还有|还)")


def kind_of(plain: str) -> Kind:
    """The kind of answer that a question wants."""
    return next((kind for kind, pattern in _COMPILED if pattern.search(plain)), "open")


def without_asking(plain: str) -> str:
    """The question with its asking part blanked, so that places stay."""
    return _ASKING.sub(lambda found: " " * len(found.group()), _BORN_IN.sub(" ", plain))


def unit_of(plain: str) -> str:
    """The measure that a number question names: ``第`` for a rank, ``元`` for money, ``%`` for a share, else the measure
    word; "" where it names none."""
    if re.search(r"第几|排名?(?:第)?几", plain):
        return "第"
    if re.search(r"多少钱|价格|售价|单价|股价|报价", plain):
        return "元"
    if re.search(r"百分之几|百分之多少|占比|市占率|占有率|比例|\bshare\b|\bpercentage\b", plain):
        return "%"
    found = re.search(_COUNTED, plain)
    return found["unit"] if found else ""


def wanted_of(plain: str) -> str:
    """What a list question asks for, as far as it says (哪些**民族**过节, which **industries**): the Han run behind the
    asking word, from which the caller cuts the word, or the English noun. "" where there is none."""
    found = _WANTED.search(plain) or _WANTED_ENGLISH.search(plain)
    return found["noun"] if found else ""


def excepted(plain: str) -> str:
    """What a question leaves out (除了**甲乙科技**，还有谁), as written; "" where it leaves nothing out."""
    found = _EXCEPT.search(plain)
    return found["names"] if found else ""
