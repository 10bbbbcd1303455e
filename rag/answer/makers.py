"""Makers: the words they are called by, and the one that a clause tells of (**甲乙科技**已开发完成阀门)."""

from __future__ import annotations

import re

from rag.answer.firms import is_organisation
from rag.text.words import Lexicon

# What makers are called, and what firms of any kind are.
MAKER = (
    r"(?:厂商|厂家|供应商|制造商|生产商|服务商|集成商|代工商|开发商|品牌商|(?<=主要)玩家|(?<=核心)玩家|(?<=市场)玩家|(?<=行业)玩家|参与者|参与方|供应方|"
    r"生产企业|制造企业|加工企业|加工公司|vendors?|makers?|manufacturers?|suppliers?)"
)
COMPANY = r"(?:(?<![子分孙母])公司|企业|运营商|龙头|巨头|大厂|companies|firms)"
_NAME = r"(?:(?!厂商|例如|比如)[^,;:。、()的是在对将为与和及由从被于以\s]){2,12}?"
_ADVERBS = r"(?:已经|已|均|也|还|正在|正|目前|主要|专业|成功|率先|自主|独家|批量|陆续|现已|可以|可|能够|能|都|曾|近年来|积极|重点|,)*"
_MAKES = r"(?:生产|制造|研制|研发|开发|推出|布局|供应|提供|供货|销售|量产|投产|从事|主营|专注|代理|切入|进军|拥有|具备|有(?=[\u3400-\u9fff]{0,6}(?:产品|产能|产线|项目)))"
_KIN = r"(?P<kin>[^,;:。、()]{2,12}?的?(?:全资|控股|参股|旗下|下属)*(?:孙|子)公司)?"
_OWN = r"(?:的[^,;:。、()]{2,12}?(?:产品|设备|材料|系统|方案)?)?"  # 甲股份的冷却液产品已开发完成
_TELLS_OF = re.compile(
    rf"(?:^|[,;:]|例如|比如|诸如|厂商|公司|企业|环节中?|方面)(?:其中|此外|另外|同时|而|如|例如|国内|国外|海外|,)*"
    rf"{_KIN}(?P<name>{_NAME})(?:\([^)]*\))?{_OWN}{_ADVERBS}{_MAKES}"
)


# The one maker that a clause names as such: 阀门的厂商有甲乙科技等.
_ONE = re.compile(
    rf"(?:厂商|厂家|公司|企业|供应商|制造商|品牌|玩家)(?:主要|代表|目前|仅)*(?:有|为|是|包括)(?P<name>{_NAME})(?:等|[,;。]|$)"
)


def makers_in(text: str, lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
    """The spans, in a folded clause, of the organisations that stand right before a verb of making.

    Where the verb's subject is named by its parent (甲股份的子公司乙泵业生产…), the subsidiary is the maker.

    >>> text = "其中,青松电器的全资子公司白鹭机械已开发完成阀门"
    >>> [text[start:end] for start, end in makers_in(text, Lexicon())]
    ['白鹭机械']
    """
    told = tuple(
        found.span("name")
        for found in _TELLS_OF.finditer(text)
        if found["kin"] or is_organisation(found["name"], lexicon)  # a subsidiary may have any name
    )
    one = (found.span("name") for found in _ONE.finditer(text) if _a_name(found["name"], lexicon))
    return tuple(sorted({*told, *one}))


def _a_name(name: str, lexicon: Lexicon) -> bool:
    return is_organisation(name, lexicon) or name in lexicon.learned or (lexicon.is_coined(name) and len(name) < 7)
