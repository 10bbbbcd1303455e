"""How much the evidence must speak of each word of a question.

What names something (nouns, names, numbers, ordinals) counts by how rare it is in the material; what glues a question
together (auxiliaries, adverbs, "tell me") hardly counts, since evidence says the same without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.text.enumerations import GENERIC
from rag.text.words import Lexicon

FAINT = 0.05
_GENERIC = 0.15
_RELATION = 0.08  # who makes, supplies, takes part in: said in a hundred ways
_FLOOR = 0.2
# The share of its weight that a word keeps by its class in the dictionary (nouns and names keep all).
_BY_CLASS = {"v": 0.45, "a": 0.45, "m": 0.3, "q": 0.2, "f": 0.3, "z": 0.2, "i": 0.5, "l": 0.5}
_UNKNOWN_VERB = 0.5  # of that again, where the material never uses the verb: it will have said it otherwise

RELATIONS = frozenset(
    "生产 制造 制作 做 造 供应 提供 研发 开发 布局 参与 从事 涉足 涉及 经营 销售 卖 推出 拥有 采用 使用 属于 具备 具有 存在 发展 进行 实现 出 搞 干 产 "
    "特点 特征 关系 有关 跟谁 提供商 做到 主营 业务 产业链 产业 行业 市场 领域 环节 方面 情况 内容 信息 东西 角色 位置 地位 名字 名称 分类 种类 类型 组成 构成 有 是 在 里 里面 中 主要 "
    "main major make makes made produce produces producing supply supplies provide provides company companies vendor vendors firm firms maker makers "
    "manufacturer manufacturers supplier suppliers industry chain market player players key active segment leading china chinese".split()
)
# Words that weigh little, since every list has some of them about it, but tell one list from the one beside it.
NARROWING = frozenset("客户 用户 伙伴 合作伙伴 对手 竞争对手 上市公司".split())
SIDES = (frozenset("国内 国产 本土 我国 大陆".split()), frozenset("国外 海外 国际 境外 外国".split()))
GLUE = frozenset(
    "的 了 着 过 和 与 及 或 以及 也 都 还 又 就 才 而 且 但 并 则 被 把 对 于 以 之 其 该 此 这 那 个 家 种 类 些 一 两 第 它 他 她 我 你 们 为 由 从 到 向 跟 同 里 上 下 等 会 能 可以 应该 需要 请 用 "
    "请问 知道 告诉 了解 介绍 说明 说说 讲讲 帮 帮忙 查 找 看 想 要 愿意 认为 觉得 被认为 算是 算 属于 叫 叫做 称 称为 所谓 到底 究竟 大概 大约 一般 通常 平时 目前 现在 当前 如今 最近 近年 "
    "这次 本次 那个 这个 那些 这些 这几 几款 几家 几块 几个 两个 三个 四个 五个 一共 总共 一起 同时 分别 各占 各自 各 既 又 除了 除 以外 之外 加上 包括 另外 其中 里头 里边 哪块 一块 这块 这边 那边 那会儿 时候 "
    "东西 事 事情 回事 地方 方面 具体 主要 比较 一些 很多 许多 非常 特别 更加 更 最 较 挺 好 大 小 多 少 高 低 快 慢 新 老 头一回 第一次 首次 有没有 是不是 能否 是否 可否 咋 啥 咋样 怎样 "
    "呀 啊 哦 嗯 吧 呢 吗 嘛 啦 们 拿 搞 弄 塞 进 出来 起来 下来 上去 进去 过来 来 去 得 地 所 给 让 使 叫啥 叫什么 不 没 没有 s 哪 比 靠 强 各 建 时 后 前 间 某 每 便 叫 做 像 如 按 按照 根据 关于 对于 作为 通过 进行 面 起 法 样 话 给 跟谁 谁 何 吗 么 年 月 日 排 位 名 "
    "全部 所有 整个 一切 上来 以后 之后 之前 以前 以来 后来 上次 下次 这回 那次 手里 手上 大头 答案 问题 老师 同学 各位 亲 亮相 归 属 负责 说 讲 谈 听 问 求 写 当中 之中 之间 里边 身上 那里 这里 那边 那种 这种 那样 这样 怎么着 "
    "有点 有些 一点 一下子 到底 其实 真的 确实 好像 似乎 可能 也许 应当 必须 得了 来着 而言 来说 来讲 方才 刚才 刚刚 已经 曾经 一直 总是 仍然 还是 或是 要是 如果 假如 只有 只要 仅 仅仅 单 光 都在 来源 方向 毛病   样子          文中 原文 报告里 隔 传 拿下 挺便宜 便宜 花 得花 设 设了 设有 参加 提到 说到 涉及到 用到 看到 做出 算出".split()
)
# Verbs that name what is asked for: evidence that leaves them out does not answer.
EVENTS = frozenset(
    "收购 并购 合并 裁员 上市 退市 成立 创立 创办 创建 融资 破产 亏损 盈利 离职 辞职 任职 上任 缩写 全称 涨 跌 上涨 下跌 涨价 降价 招聘 诉讼 起诉 处罚 "
    "召回 停产 投产 量产 停止 取消 退出 中标 签约 获奖 毕业 出生 去世 结婚 搬迁 迁址 更名 控股 持股 入股 减持 增持 分红 回购 认证".split()
)
_ORDINAL = re.compile(
    r"第?[一二三四五六七八九十百\d]+名|第[一二三四五六七八九十百\d]+[届次季期代批轮个章节]?|前[一二三四五六七八九十百\d]+"
)
_FIGURE = re.compile(r"\d")
_LATIN = re.compile(r"[a-z][a-z'’-]*$")


def weight(
    word: str,
    lexicon: Lexicon,
    idf_share: float,
    known: bool,
    *,
    english: bool,
    verbal: bool,
    proper: Callable[[str], bool],
) -> float:
    """The weight of a word in (0, 1].

    Args:
        idf_share: its inverse document frequency over that of a word no passage holds, in [0, 1].
        known: whether the material holds it. verbal: whether it is put together like a verb. proper: whether a Latin word is written as a name.
    """
    if word in RELATIONS:
        return _RELATION
    if word in GENERIC:
        return _GENERIC
    if _ORDINAL.fullmatch(word):
        return 1.0
    kind = lexicon.word_class(word) or ("v" if verbal else "")
    if word in GLUE or kind in ("p", "c", "d", "u", "r", "y", "e", "o") or (len(word) == 1 and not known):
        return FAINT
    if _LATIN.fullmatch(word) and english and not known and not proper(word):
        return FAINT  # an ordinary English word asks about Chinese material: only meaning can match it
    full = 1.0 if _FIGURE.search(word) else max(_FLOOR, idf_share)
    share = 1.0 if word in EVENTS else _BY_CLASS.get(kind, 1.0)
    if kind in ("v", "a", "i", "l", "z") and not known and word not in EVENTS:
        share *= _UNKNOWN_VERB
    return max(FAINT, full * share)
