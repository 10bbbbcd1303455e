"""Words of a question by what they do in it: general Chinese, disjoint, folded.

What belongs here holds for questions about any material. A word that names something, in whatever trade, does not.
"""

from __future__ import annotations

from rag.text.boundaries import GENERIC

# What holds a question together: evidence says the same without it.
_FUNCTION = (
    "的 了 着 过 和 与 及 或 以及 也 都 还 又 就 才 而 且 但 并 则 被 把 对 于 以 之 其 该 此 这 那 个 家 种 类 些 一 两 第 它 他 她 我 你 们 为 由 从 到 向 跟 同 "
    "里 上 下 等 会 能 可以 应该 需要 请 用 呀 啊 哦 嗯 吧 呢 吗 嘛 啦 么 给 让 使 不 没 没有 哪 某 每 便 像 如 按 按照 根据 关于 对于 作为 通过 得 地 所 得了 来着 s"
)
_POLITE = (
    "请问 知道 告诉 了解 介绍 说明 说说 讲讲 帮 帮忙 查 找 看 想 要 愿意 说 讲 谈 听 问 求 写 提到 说到 看到 问题 答案"
)
_OPINION = (
    "认为 觉得 被认为 算是 算 叫 称 称为 所谓 到底 究竟 其实 真的 确实 好像 似乎 可能 也许 应当 必须 来说 来讲 而言"
)
_DEGREE = "大概 大约 一般 通常 比较 一些 很多 许多 非常 特别 更加 更 最 较 挺 好 大 小 多 少 高 低 快 慢 新 老 有点 有些 一点 仅 仅仅 全部 所有 整个 一切 一共 总共"
_TIME = "平时 现在 如今 最近 近年 以后 之后 之前 以前 以来 后来 时候 已经 曾经 一直 总是 仍然 还是 刚才 刚刚 时 后 前 间 年 月 日"
_POINTING = "这次 本次 那个 这个 那些 这些 这几 另外 里头 里边 哪块 一块 这块 这边 那边 那里 这里 当中 之中 之间 那种 这种 那样 这样 同时 各自 各 既 除了 除 以外 之外 加上 一起"
_ASKING = "有没有 是不是 能否 是否 可否 咋 啥 咋样 怎样 谁 何 东西 事 事儿 事情 回事 地方 具体 样 法 排 位 名"
_MOVING = "进 来 去 出来 起来 下来 上去 上来 进去 过来 弄 拿"
# Relations and generalities said in a hundred ways: who makes, supplies, takes part in; line, field, matter.
_RELATIONS = (
    "生产 制造 制作 做 造 供应 提供 研发 开发 布局 参与 从事 涉足 涉及 经营 销售 卖 推出 拥有 采用 使用 属于 具备 具有 存在 发展 进行 实现 出 搞 干 产 负责 "
    "特点 特征 关系 有关 主营 业务 产业 行业 市场 情况 内容 信息 角色 位置 地位 名字 名称 分类 种类 类型 组成 构成 有 是 在 里面 中 主要 "
    "main major make makes made produce produces producing supply supplies provide provides company companies vendor vendors firm firms maker makers "
    "manufacturer manufacturers supplier suppliers industry market player players key leading"
)
# Of these, what makers do with what they make.
_MAKING = "生产 制造 制作 做 造 供应 提供 销售 卖 产 出 make makes made produce produces producing supply supplies provide provides"
# What holds an English question together, besides what asks in it.
_ENGLISH = (
    "also usually often several widely onto over into than then there here most more very such any some all each other others currently now today "
    "kind kinds type types sort sorts way ways active called known use used uses using get gets got based many much during within among between after before while "
    "will would can could should may might must if so not no only both either just still yet already ever according per via as at up out off under about "
    "top year years month months day days week time recently recent end beginning far his her our your my we they he she him them us one ones thing things give given exist exists happen happened take takes took taken place"
)
# Verbs that name what is asked for: evidence that leaves them out does not answer.
_EVENTS = (
    "收购 并购 合并 裁员 上市 退市 成立 创立 创办 创建 融资 破产 亏损 盈利 离职 辞职 任职 上任 缩写 全称 涨 跌 上涨 下跌 涨价 降价 招聘 诉讼 起诉 处罚 "
    "召回 停产 投产 量产 停止 取消 退出 中标 签约 获奖 毕业 出生 去世 结婚 搬迁 迁址 更名 控股 持股 入股 减持 增持 分红 回购 认证"
)

# Words that weigh little, since every list has some of them about it, but tell one list from the one beside it.
NARROWING = frozenset("客户 用户 伙伴 合作伙伴 对手 竞争对手 上市公司".split())
SIDES = (
    frozenset("国内 国产 本土 我国 大陆 domestic chinese local".split()),
    frozenset("国外 海外 国际 境外 外国 global international overseas foreign worldwide".split()),
)
RELATIONS = frozenset(_RELATIONS.split()) - GENERIC
MAKING = frozenset(_MAKING.split()) & RELATIONS
EVENTS = frozenset(_EVENTS.split())
GLUE = (
    frozenset(" ".join((_FUNCTION, _POLITE, _OPINION, _DEGREE, _TIME, _POINTING, _ASKING, _MOVING, _ENGLISH)).split())
    - GENERIC
    - RELATIONS
)
# What the names of organisations end in: the unknown word before it is the name itself.
ENDINGS = tuple(
    (
        "公司 集团 股份 科技 技术 电子 通信 通讯 软件 信息 网络 智能 数据 控股 能源 材料 新材 精密 光电 微电 电气 电器 电力 机械 重工 环境 环保 化工 化学 生物 医药 制药 药业 医疗 "
        "银行 证券 保险 汽车 航空 航天 传媒 文化 教育 食品 饮料 酒业 茶业 服饰 地产 置业 建设 建工 钢铁 矿业 石化 半导体 大学 学院 医院 中学 小学 酒店 超市 商场 国际 互联 动力 装备 电缆 线缆 "
        "自动化 仪器 仪表"
    ).split()
)
