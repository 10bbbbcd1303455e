"""A clause that tells of one maker: the name that stands before a verb of making (**甲乙科技**已开发完成阀门)."""

from __future__ import annotations

import re

from rag.text.boundaries import GENERIC
from rag.text.words import Lexicon

# How the short names of organisations end in Chinese, and how their full names do.
_SHORT = re.compile(
    r"^[^\W\d_]{2,3}(?:股份|科技|控股|电子|电气|电器|机械|重工|实业|泵业|通信|通讯|信息|软件|光电|光子|半导体|材料|新材|环境|环保|药业|生物|钢铁|铜业|铝业|矿业|化学|仪器|装备|传媒|食品|乳业|酒业)$"
)
_FULL = re.compile(r".(?:公司|集团|股份|银行|证券|大学|学院|研究院|研究所|工厂)$")
_NAME = r"(?:(?!厂商|例如|比如)[^,;:。、()的是在对将为与和及由从被于以\s]){2,12}?"
_ADVERBS = r"(?:已经|已|均|也|还|正在|正|目前|主要|专业|成功|率先|自主|独家|批量|陆续|现已|可以|可|能够|能|都|曾|近年来|积极|重点|,)*"
_MAKES = r"(?:生产|制造|研制|研发|开发|推出|布局|供应|提供|供货|销售|量产|投产|从事|主营|专注|代理|切入|进军|拥有|具备|有(?=[\u3400-\u9fff]{0,6}(?:产品|产能|产线|项目)))"
_KIN = r"(?P<kin>[^,;:。、()]{2,12}?的?(?:全资|控股|参股|旗下|下属)*(?:孙|子)公司)?"
_OWN = r"(?:的[^,;:。、()]{2,12}?(?:产品|设备|材料|系统|方案)?)?"  # 甲股份的冷却液产品已开发完成
_MAKER = re.compile(
    rf"(?:^|[,;:]|例如|比如|诸如|厂商|公司|企业|环节中?|方面)(?:其中|此外|另外|同时|而|如|例如|国内|国外|海外|,)*"
    rf"{_KIN}(?P<name>{_NAME})(?:\([^)]*\))?{_OWN}{_ADVERBS}{_MAKES}"
)


def makers_in(text: str, lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
    """The spans, in a folded clause, of the organisations that stand right before a verb of making.

    Where the verb's subject is named by its parent (甲股份的子公司乙泵业生产…), the subsidiary is the maker.

    >>> text = "其中,青松电器的全资子公司白鹭机械已开发完成阀门"
    >>> [text[start:end] for start, end in makers_in(text, Lexicon())]
    ['白鹭机械']
    """
    return tuple(
        found.span("name")
        for found in _MAKER.finditer(text)
        if found["kin"] or _organisation(found["name"], lexicon)  # a subsidiary may have any name
    )


def _organisation(name: str, lexicon: Lexicon) -> bool:
    if any(name.endswith(word) and (name[: -len(word)] in GENERIC or not name[: -len(word)]) for word in GENERIC):
        return False  # 国内公司 names nobody
    return bool(_SHORT.match(name) or _FULL.search(name)) or (name.isascii() and name in lexicon.learned)
