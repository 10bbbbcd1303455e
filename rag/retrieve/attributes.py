"""Nouns that name what is asked of a thing (营收, 总部, 客户), and how each is asked for. General Chinese."""

from __future__ import annotations

import re

# What is asked of an attribute, by the noun that its name ends with.
_ATTRIBUTES = (
    (
        "是多少",
        r"(?:率|额|量|价格?|售价|价钱|数|数量|费用?|值|比例?|占比|长度|全长|总长|高度|宽度|深度|面积|重量|体积|规模|份额|收入|利润|营收|成本|人数|身高|体重|速度|温度|功率|容量|产能|寿命|期限|有效期|保质期|工资|预算|投资|造价|年龄|人口|距离|海拔|跌幅|涨幅|增速|增幅|股价|市值|[量额率]目标)$",
    ),
    ("是什么时候", r"(?:时间|日期|年份|时候|生日)$"),
    ("在哪里", r"(?:地址|总部|位置|地点|产地|所在地|出生地)$"),
    (
        "是谁",
        r"(?:总裁|董事长|总经理|创始人|负责人|作者|校长|院长|主任|教练|导演|局长|市长|经理|设计师|工程师|总监|主席|会长|社长|发明人)$",
    ),
    (
        "有哪些",
        r"(?:客户|用户|产品|厂商|公司|企业|伙伴|对手|成员|子公司|优势|优点|缺点|劣势|不足|特点|功能|种类|类型|应用|用途|不良反应|副作用|禁忌|症状|原因)$",
    ),
)


def attribute(slot: str) -> str:
    """How an attribute is asked for (营收 → 是多少, 客户 → 有哪些), by the noun it ends with; "" for any other word."""
    return next((asked for asked, nouns in _ATTRIBUTES if re.search(nouns, slot)), "")
