"""Characters that are typed for one another: of one sound, of nearly one sound, or of nearly one shape.

Sounds are pypinyin's, tones left out and every daily reading of a character counted (薄: báo, bó). Near sounds are those that
speakers of southern Chinese and input methods' fuzzy modes mix: z/zh, c/ch, s/sh, n/l, f/h before u, -n/-ng.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Likeness = Literal["sound", "near", "shape"]

# Shapes that a quick eye, a stroke input or a scanner takes for one another; each group for itself.
_SHAPES = """
己已巳 未末 日曰 人入 土士 干千于 大太犬 天夭 刀力刃 乌鸟 侯候 治冶 析折拆 材村 技枝 拔拨 密蜜 辩辨辫 兔免 薄簿 籍藉 栽裁载 燥躁噪澡操 贷货 幕募慕墓暮
竟竞 微徽 陪赔 陡徒徙 遣遗 遭糟 即既 卯卵 苟荀 茶荼 暑署 戌戍戊戎 毫豪 崇祟 胃冒 盲肓 博搏 焕换唤 炙灸 租祖组阻 狠狼 恨根很 限眼 线钱浅 晴睛情清 侵浸
漠摸模 偏编遍篇 副幅福辐 响晌 仓仑 抢抡枪 轮抡 沧沦 泄泻 蓝篮 拦栏 捡检险 验检 住往 驻柱注 待侍恃持 扰拢忧优 抚扶 杭抗坑 字宇 宫官 管营 宜宣 垣恒桓 侥浇烧绕挠
坡披波玻 斤斥 巨臣 历厉 厂广 摩磨魔 唐庸康 席度 撤撒 澈撤 敝蔽弊 逐遂 隧遂 轴抽油 晶品 捐娟绢 肖消销硝 稍梢捎哨 炼练 冻栋 阵陈 氛氮 绿录 镍锡 铬铭 钼钳 钢铜 钢刚纲岗
铜桐 钓钩 沟构购 枸狗 句旬 抬拾 怡贻 飞气 亿忆 晨震 唇辰 哀衷衰 裹裏 喝渴 揭竭 赌睹堵 猴喉候 缓暖媛援 爱受 采菜 悉番 审番 柏拍泊 璧壁 勒勤 鞭鞍 粟栗票 飘漂 孤狐弧
瓜爪 孤弧 券卷 誉誊 拌绊伴 延廷 挺铤 健键 具且 直真 旦且 甲申由 电申 田由 主王玉 五王 令今 冷泠 洽恰 沿沼 泠冷 液夜 池地 汽氧 氢氧 硅娃 芯蕊 板扳 版板 机杌 杆杠 柜框
栓拴 棚栅 榄揽 铝侣 铂钼 锂理 钾钠 铁轶 失矢 夫失 牛午 午牛 半平 来耒 束柬 凤风 风凤 凡几 九丸 厉励 历励 师帅 归旧 代伐 任仕 仪议 价介 传转 伏优 估佑 佰佳 供洪 侠挟 倍部
"""


@lru_cache(maxsize=1)
def _shapes() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for group in _SHAPES.split():
        for char in group:
            table.setdefault(char, set()).update(c for c in group if c != char)
    return {char: frozenset(others) for char, others in table.items()}


# Characters with several readings in daily use; of any other the rarer readings are of old books and would mislead.
_MANY = frozenset(
    "薄乐行重长还都得地差藏曾朝称乘处传创待单当倒调度恶发干给更冠观好号和横划会降角教解劲禁卷觉看空累量露率落埋没模难宁强切曲散丧色杀舍盛石识数似宿提吐为系"
    "相血应载扎占只中种转钻作参车弹泊剥屏朴铺便炮坊缝夹扇轧圈荷晃兴旋校"
)


@lru_cache(maxsize=30_000)
def sounds(char: str) -> frozenset[str]:
    """The daily readings of a Han character without their tones; empty for any other."""
    if not "\u3400" <= char <= "\u9fff":
        return frozenset()
    read = _pinyin(char, heteronym=char in _MANY)
    return frozenset(read[0] if read else ())


# Readings that a phrase has and pypinyin's dictionary of characters has not: 乐亭, 旋干转坤, 火燵.
_IN_PHRASES = {"乐": "lao", "干": "qian", "燵": "ta"}


@lru_cache(maxsize=30_000)
def readings(char: str) -> frozenset[str]:
    """Every reading that a Han character may have in a word, rare ones too, without tones; empty for any other."""
    read = _pinyin(char, heteronym=True)
    return frozenset((*(read[0] if read else ()), *filter(None, [_IN_PHRASES.get(char)])))


@lru_cache(maxsize=30_000)
def read_aloud(word: str) -> tuple[str, ...]:
    """The sound of each character of a word where it stands (行为: xing wei), tones left out."""
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))


def _pinyin(char: str, *, heteronym: bool) -> list[list[str]]:
    # Its dictionary of phrases is a fifth of the time that importing this library takes; what asks nothing does without.
    from pypinyin import Style, pinyin

    read: list[list[str]] = pinyin(char, style=Style.NORMAL, heteronym=heteronym, errors="ignore", strict=False)
    return read


@lru_cache(maxsize=2000)
def near(sound: str) -> str:
    """What stands for a sound and all those that are mixed with it.

    >>> near("zhang") == near("zan"), near("hui") == near("fei"), near("lan") == near("nang")
    (True, True, True)
    """
    sound = re.sub(r"^([zcs])h", r"\1", sound)
    sound = re.sub(r"^n(?=[aeiouv])", "l", sound)
    sound = {"hu": "fu", "hui": "fei", "hun": "fen"}.get(sound, re.sub(r"^hu(?=[ao])", "f", sound))
    return re.sub(r"(?<=[aeio])ng$", "n", sound)


def likeness(typed: str, meant: str, at: int = 0) -> Likeness | None:
    """How a character may have been typed for the one at a place of a word: by its sound, a near one, or its shape;
    None for neither.

    >>> likeness("薄", "博物", 0), likeness("线", "钱"), likeness("新", "星"), likeness("水", "火")
    ('sound', 'shape', 'near', None)
    """
    if typed == meant[at]:
        return None
    ours = sounds(typed)
    theirs = {read_aloud(meant)[at]} if len(meant) > 1 else sounds(meant)
    if ours & theirs:
        return "sound"
    if meant[at] in _shapes().get(typed, ()):
        return "shape"
    return "near" if {near(s) for s in ours} & {near(s) for s in theirs} else None


def shaped_like(char: str) -> frozenset[str]:
    """The characters of nearly the same shape."""
    return _shapes().get(char, frozenset())
