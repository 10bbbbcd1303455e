"""The closed word lists that entailment reads by: general Chinese and English, folded. A word in none of them is a content
word, and has to be carried as it stands."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# May be added or left out: they say nothing by themselves.
FREE = _set(
    "的 了 着 也 还 又 则 便 而 而且 并 并且 且 同时 其中 此外 另外 另 分别 相关 有关 呢 吧 啊 "
    "the a an also and's additionally furthermore moreover respectively that which these those"
)
# May be left out of what a sentence says, but not added to it. (Never near a negation: 不都是 is not 不是.)
DROPPABLE = _set(
    "已 已经 现 现已 目前 当前 如今 近年来 近年 近日 日前 积极 加速 加快 持续 大力 不断 进一步 纷纷 率先 "
    "因此 因而 所以 从而 由于 因为 据悉 据了解 据介绍 值得一提 事实上 实际上 currently already therefore thus"
)
ALL = _set("均 都 皆 全 全部 所有 一律 各 all both each")  # left out only where nothing is denied
JOINTS = _set("、 和 与 及 以及 跟 & and")
OR = _set("或 或者 还是 抑或 or either")
LINK_IS = _set("是 为 系 即 就是 均为 均是 都是 is are")
BELONGS = _set("属于 属 隶属 隶属于")  # 甲属于乙: a kind to its class, and a firm to its group that it is not
EACH_IS = _set("均为 均是 都是")
LINK_HAS = _set("有 还有 另有 包括 包含 涵盖 包括了 含有 includes include")
LINK_NUMBER = _set("是 为 达 达到 有 共 共有 is are of")  # free right before a figure
ETC = _set("等 等等 etc")

# Before the nouns below, and before what they name: left out freely.
OF_MAKERS = _set("主要 代表 代表性 核心 典型 知名 著名 头部 重点 多家 众多 部分 以下 如下 上述 这些 几家 一些")
MAKERS = _set(
    "厂商 厂家 供应商 制造商 生产商 服务商 运营商 供货商 玩家 参与者 参与方 makers manufacturers suppliers vendors"
)
FIRMS = _set("公司 企业 机构 单位 companies firms company firm")
GENERIC = MAKERS | FIRMS
ROLES = GENERIC | _set(
    "品牌 客户 用户 成员 伙伴 合作伙伴 合作方 对手 竞争对手 产品 类型 种类 类别 方式 模式 部件 部分 组成部分 环节 要素 形式 方法 材料 原料 "
    "工具 设备 步骤 阶段 领域 行业 场景 用途 功能 特点 优势 优点 缺点 因素 指标 城市 地区 国家 项目 技术 路线 目标 原因 目的 关键 基础 龙头 核心"
)
MAKING = _set("生产 制造 供应 提供 研发 开发 布局 make makes produce produces supply supplies")

RANKS = _set("首位 榜首 冠军 前列 末位")
# What a thing has, rather than a thing: a piece that begins so speaks of the subject before it.
ATTRIBUTES = _set(
    "市占率 市场份额 市场占有率 份额 占有率 占比 比例 比重 毛利率 净利率 利润率 增速 增长率 增幅 降幅 收入 营收 营业收入 销售额 销量 出货量 产量 产能 产值 "
    "利润 净利润 毛利 成本 价格 售价 单价 总价 造价 面积 长度 宽度 高度 深度 重量 体积 容量 功率 效率 转速 流量 扬程 温度 压力 电压 电流 寿命 保质期 规模 总部 "
    "员工 人数 人口 年龄 投资 总投资 投资额 注册资本 市值 估值 订单 库存 馆藏 藏书 排水量 航速 载重 吨位 时间 周期 精度 速度 响应时间 特点 优点 缺点 优势 劣势 用途 "
    "应用场景 适用场景 使用场景 应用领域 适用领域 应用范围 适用范围 功能 作用 原理 结构 外形 颜色 口感 香气 滋味 口味 产地 客户 用户 子公司 产品 主营业务 业务 股价 评分 排名 位置 地址 面世时间 成立时间 creator price capacity revenue share weight "
    "headquarters speed output"
)
PRONOUNS = _set(
    "其 该 它 它们 他 她 他们 这 此 前者 后者 两者 二者 这些 该公司 该企业 该厂 该产品 it its they their this he she his her"
)
EITHER = _set("前者 后者 两者 二者 former latter")
# What stands behind these is where a thing is, and is spoken of no further.
WHEREABOUTS = _set("位于 坐落于 坐落在 地处 成立 创立 成立于 located founded established")
# Verbs of one character that begin a piece without a subject.
VERBS = _set(
    "有 是 为 占 居 获 达 设 建 用 把 被 由 在 对 向 从 与 给 使 让 令 拥 属 含 需 约 超 近 不 未 没 已 将 曾 可 能 会 均 都 仅 只 共 因 以 于 至 到 做 产 供 售 买 卖 位 距 主 自 再 才 正"
)
# Who does what to whom hangs on these: never left out, never added.
CASES = _set("把 被 由 向 给 对 从 替 比 跟随 经 by to from for with than against of")

NEGATIONS = _set(
    "不 未 没 没有 无 非 并非 不是 并不 并未 尚未 从未 未曾 不曾 未能 不再 不会 不能 不可 无法 毫无 难以 缺乏 缺少 停止 停产 停售 停办 放弃 取消 终止 中止 撤销 否认 拒绝 "
    "禁止 防止 避免 退出 失去 未必 绝非 决不 绝不 勿 莫 别 不得 不必 不用 无需 无须 不需 不属于 not no never without neither nor cannot can't doesn't don't isn't aren't wasn't didn't won't none stop stopped"
)
# Of these a later piece takes back what an earlier one says.
CANCELS = _set(
    "停止 停产 停售 停办 放弃 取消 终止 中止 撤销 退出 不再 转为 改为 转产 改产 出售 剥离 关闭 解散 破产 倒闭 拆除 搬迁 作废 失效 stopped ceased"
)
MODALS = _set(
    "计划 拟 打算 准备 有望 可能 或许 也许 大概 将 将要 即将 曾 曾经 原 原本 原先 原来 原计划 希望 力争 争取 旨在 目标 目的 考虑 筹划 规划 尝试 试图 应 应当 应该 须 必须 需 "
    "似乎 疑似 疑 可 能 会 能够 可以 或将 正 正在 曾任 早年 以前 过去 此前 一度 never may might could would should will shall can plan plans planned intend "
    "intends formerly once possibly perhaps probably likely"
)
ATTRIBUTIONS = _set(
    "据称 据传 据说 据报道 传 传闻 传言 盛传 认为 称 声称 宣称 自称 建议 提议 倡议 呼吁 担心 担忧 怀疑 辩称 谎称 以为 误以为 表示 指出 透露 强调 坦言 相信 猜测 推测 预计 估计 预测 预期 预言 承诺 宣布 说 提出 主张 指控 质疑 误传 谣传 "
    "suggests suggested hopes hoped denies denied thinks thought said says claims claimed claim reportedly allegedly according expects expected estimates believes announced"
)
CONDITIONS = _set(
    "如果 若 如 假如 倘若 假设 只要 只有 除非 一旦 当 无论 不论 不管 即使 即便 是否 除 除了 不是 并非 不仅 不但 与其 前提 否则 相比 相较 较之 同比 环比 if unless when whether except provided although"
)
BECAUSE = _set("由于 因为 因 虽然 虽 尽管 随着 because since as")
THEREFORE = _set("因此 因而 所以 从而 使 导致 使得 于是 进而 therefore thus so")
EXCEPTED = _set("除外 例外 为限 不在此列 不适用 excepted excluded")
OBLIGED = _set("需 须 需要 必须 应 应当 仅 只 限 仅限 只限 前提 除")
LIMITS = _set("但 但是 却 不过 然而 除非 前提 否则 只是 只限 仅限 不含 不包括 除 but however unless except only")
QUANTIFIERS = _set(
    "全部 所有 都 均 仅 只 唯一 最 首 大多 多数 部分 少数 主要 通常 一般 往往 几乎 少量 大量 all only most mostly some every first"
)
# Of these a list's members are said together, and none alone.
TOGETHER = _set(
    "共同 合计 总计 共计 共 一共 联合 一起 之间 组成 构成 合并 合资 共建 合作 合称 统称 并称 合 相互 互相 两者 二者 三者 双方 各自 分为 分成 平分 均分 之和 总和 平均 除 除了 不含 不包括 "
    "仅 只 只有 仅有 唯一 全部 所有 依次 先后 只由 或 或者 相比 together jointly total between among only except either or"
)
# Before a verb only: 加速布局 is 布局, and no 加速电压 is a 电压.
ADVERBS = _set("积极 加速 加快 持续 大力 不断 进一步 纷纷 率先")
# What is said under such a word is somebody's mistake, saying or supposition.
UNTRUTHS = _set(
    "误区 误解 误传 谣言 谣传 流言 传言 传闻 假象 假说 假设 假定 猜想 俗话 俗话说 俗语 谚语 常言道 反例 "
    "myth myths rumor rumors rumour rumours misconception misconceptions hypothesis false untrue"
)
# So before a colon only.
SAYINGS = _set(
    "虚构 小说 神话 童话 寓言 口号 广告 广告语 观点 看法 建议 设想 愿景 提案 展望 情景 问题 疑问 题目 例题 fiction slogan opinion proposal question"
)
# A piece that begins or ends so says where, when or by what what follows holds; not said with it, that would be more.
SETTINGS = _set(
    "在 从 就 对 对于 针对 关于 按 按照 根据 依据 依照 据 经 自 于 每逢 逢 without within under in on at after before during among for upon until"
)
SETTING_ENDS = _set(
    "时 后 前 中 之后 以后 之前 以前 期间 以来 而言 来说 看来 来看 看 之际 情况下 条件下 下 之中 之间 内 里"
)
# A piece with one of these says its own, however it ends (紧随乙之后).
STANDING = _set("紧随 紧跟 紧接 排在 排名 位居 位列 仅次于 位于 坐落于 坐落在 处于")
NO_SETTING = _set("对此 此 为此 在此基础上 在此背景下 总体来看 整体来看 总的来看")
# Of a maker, narrower than 厂商 or 公司: said of those that are called so.
NARROW = _set("制造商 生产商 供应商 供货商 运营商 服务商 manufacturer supplier")
RESPECTIVELY = _set("分列 分居 分获 分占 分别 依次 先后 respectively ")
ORDERED = _set("依次 先后 顺序 步骤 流程 工序 由高到低 从高到低 next then")
# May follow a firm's name or not: 松岭公司, 松岭.
PLAIN_FIRMS = _set("公司 企业 厂商 厂家 company companies firm")
ORIGINS = _set("国内 国外 国际 海外 全球")

# Words for one another beside rag.text.match's.
SAME = (
    "位于 坐落于 地处 坐落在 位于",
    "具有 具备 拥有",
    "用于 应用于",
    "没有 未 没 并未 未曾",
    "采用 使用",
    "成立 创立",
    "建成 落成",
    "生产 制造",
    "制造商 生产商",
    "供应商 供货商",
    "占 占比 占据",
    "排名 位列 位居 排在",
    "和 与 及 以及 、 跟",
    "因此 因而 所以",
    "并非 不是 并不是",
    "尚未 还未 还没有",
    "国外 海外 境外",
    "有 包括 包含",
    "doesn't not",
)
# Of the general synonyms, those that differ too much to be said for one another.
LOOSE = _set(
    "龙头 头部 领先 领军 代表 leading 优势 优点 好处 长处 强项 缺点 劣势 不足 短板 弱点 区别 不同 差异 差别 相比 原因 为什么 因为 由于 因此 why 用途 应用 用于 用在 作用 应用于 适用 "
    "客户 用户 旗下 目标 目的 旨在 组成 构成 包括 包含 分为 类型 种类 类别 分类 投资 投资额 定义 是指 指 即 品牌 机构 单位 占总 占了 占到 占全 国产 中国 本土 大陆 国际 外国 "
    "全资子公司 子公司 成本 造价 规模 体量 市场规模 份额 份额占比 占比 亮相 登场 首发 问世 第一 首位 居首 榜首 位列榜首 运用 使用"
)
# Whole words that the dictionary cuts.
WHOLE = _set(
    "应用场景 适用场景 使用场景 应用领域 适用领域 应用范围 适用范围 市占率 毛利率 净利率 占有率 自研 自产 自有 代工 外购 外协 量产 批产 自建 在建 拟建 未建 占比 并不是 还没有 不属于 不包括 均为 均是 都是 供货商"
)
SCOPE_BEGINS = _set("在 从 就 对于 针对 关于 于 除 按 按照 以 within in")
SCOPE_ENDS = _set(
    "中 里 内 上 下 时 期间 领域 市场 方面 环节 行业 地区 产业 赛道 范围 阶段 过程 条件下 看 来看 而言 来说 角度 以来 之中 之间 格局 板块 场景 前 后 外 以外 之外 同时"
)
SCOPE_EDGES = _set("在 从 就 对于 针对 关于 于 中 里 内 上 之中 方面 看 来看 而言 来说 的 其中")
SCOPE_KINDS = _set("领域 市场 环节 行业 方面 产业 赛道 板块")
WHOLE_VERBS = _set(
    "自研 自产 代工 外购 外协 量产 批产 自建 拟建 转产 投产 上市 量产 开工 竣工 建成 成立 倒闭 下水 出航 首航 退市 挂牌 有所"
)
# What these say goes for what follows in the sentence too.
REACHING = frozenset(word for word in MODALS if len(word) > 1) - _set("能够 可以 应当 应该 必须") | _set("拟 将 曾 原")
OPENERS = (
    ATTRIBUTIONS
    | MODALS
    | LIMITS
    | THEREFORE
    | BECAUSE
    | CONDITIONS
    | _set("随后 之后 后 后来 后又 其后 然后 最终 最后 再 如今 现在 当时 同年 次年 then later but")
)
AFTERTHOUGHTS = _set("如果 除非 前提 若 只要 只有 一旦 当 假如 if unless provided when")
PLACES = _set(
    "产地 总部 首都 省会 原产地 子公司 母公司 前身 别名 俗称 全称 简称 学名 作者 创始人 董事长 总经理 馆长 厂长 船长"
)
ACTS = LINK_IS | BELONGS | LINK_HAS | CASES | NEGATIONS | MODALS | WHOLE_VERBS | MAKING
# Of whatever class the dictionary has them, these are no names.
NO_NAMES = (
    ACTS
    | WHOLE
    | MAKING
    | ROLES
    | ATTRIBUTES
    | NEGATIONS
    | MODALS
    | ATTRIBUTIONS
    | CONDITIONS
    | ORIGINS
    | OF_MAKERS
    | DROPPABLE
)
# What firms' names end in where the dictionary knows none of the rest.
FIRM_ENDS = _set(
    "科技 电子 教育 股份 集团 机械 电气 信息 技术 实业 重工 控股 软件 智能 网络 通信 能源 数据 材料 精密 电力 电源 医疗 医药 航运 航空 汽车 电池 公司"
)
GRAMMAR = (
    FREE
    | ACTS
    | JOINTS
    | OR
    | ALL
    | ETC
    | DROPPABLE
    | QUANTIFIERS
    | CONDITIONS
    | LIMITS
    | PRONOUNS
    | ATTRIBUTIONS
    | (VERBS - _set("达 设 建 用 属 含 供 位 主 正"))
    | BECAUSE
    | THEREFORE
    | CASES
    | _set("前 后 中 上 下 内 外 总 每 某 各 两 原 现 前 旧 新 大 小 高 低 多 少 最 首 副 非 半 超")
)
