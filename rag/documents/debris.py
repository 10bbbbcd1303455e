"""How to tell a line that is not content: patterns of share lines, adverts, counters, credits and disclaimers.

Rules about how such lines are made, for Chinese web articles in general. Where a rule is in doubt, the line stays:
a stray advert costs less than a lost sentence.
"""

from __future__ import annotations

import re

from rag.documents.pieces import Piece

_WHOLE_LINE = re.compile(
    r"""(?:
      (?:reads?|views?|likes?|wow|阅读(?:量|数)?|浏览(?:量|次数)?|在看|点赞|赞|分享|收藏|转发)
      \s*[:：]?\s*[\d,.]+\s*(?:万|w|k)?\s*\+?(?:\s*次)?
    | (?:点赞|在看|分享|收藏|留言|写留言|喜欢作者|赞赏|投诉|已关注|关注)
    | (?:阅读原文|阅读全文|轻触阅读原文|预览时标签不可点|名片)
    | (?:read\s+more|scan\s+to\s+follow|share|like|wow|comment)
    | (?:微信扫一扫|扫一扫|长按识别|长按二维码|扫码关注|扫码加入|扫描二维码(?:关注|加入|添加))[^。！？]{0,20}
    | (?:收录于|已收录|合集|专辑)[^。！？]{0,20}\#.{0,30}
    | (?:继续滑动|向上滑动|左右滑动|滑动)(?:看|查看).{0,12}
    | [-—=\s·.]*(?:end|the\ end|完|全文完)[-—=\s·.]*
    | image|图片
    )\s*$""",
    re.I | re.X,
)
_READING_LIST = re.compile(r"\W*(?:推荐|相关|延伸|往期|热门|精彩)(?:阅读|推荐|精选|回顾|文章|链接)\W*$")
_CREDIT = re.compile(r"(?:资料|数据|图片|图表|图)\s*来源\s*[:：]|(?:图源|source)\s*[:：]", re.I)
_CREDIT_BELOW_IMAGE = re.compile(r"(?:来源|出处|图)\s*[:：]")
_DISCLAIMER = re.compile(r"[*＊※#【\[（(\s]*(?:免责声明|免责条款|特别声明|版权声明|disclaimer)[】\]）)]?\s*[:：]", re.I)
_DISCLAIMER_HEADING = re.compile(r"(?:免责声明|免责条款|版权声明|disclaimer)[:：]?$", re.I)
_ABOUT_ITSELF = re.compile(
    r"本文|本号|本公众号|本平台|本站|本刊|作者|转载|侵权|投资建议|仅供参考|this article|not constitute", re.I
)

# An advert names a channel, asks for an action, and speaks to the reader; a sentence with all three is one.
_CHANNEL = re.compile(r"知识星球|公众号|微信|二维码|视频号|朋友圈|交流群|读者群|粉丝群|社群|小助理|小助手|星标|扫码")
_ACTION = re.compile(r"扫|识别|关注|添加|加入|加群|进群|入群|订阅|转发|分享|回复|领取|获取|点击|戳|设为")
_APPEAL = re.compile(
    r"欢迎|(?:有|感)兴趣的?(?:朋友|读者|可以|可|请|欢迎)|本公众号|本号|小编|文末|后台回复|蓝字|阅读原文|名片"
    r"|免费(?:获取|领取)|请(?:扫|长按|添加|关注|加)|设为星标"
    r"|(?:描|扫|扫描|长按|识别)(?:一?下|上|文末|文中|图中|左|右)[方图侧面]?的?二维码.{0,4}(?:添加|加入|领取|获取|[进入加]群|关注)"
    r"|^\W*(?:扫码|长按|戳|点击(?:上方|下方|蓝字|名片))"
)
_POINTER = re.compile(
    r"^\W*(?:请)?(?:戳(?:这里|此处|此|下方|上方|链接|蓝字|原文|↓|👇)"
    r"|(?:点击|点)(?:上方|下方|左下角|右下角|文末)?(?:蓝字|名片|[“「\"]?阅读原文|[“「\"]?在看)"
    r"|点个?[“「\"]?(?:在看|赞)"
    r"|(?:点击|点)(?:这里|此处).{0,12}(?:往期|热门|公众号|更多文章))"
)
_ADVERT_CHARS = 120


def is_wordless(text: str) -> bool:
    """True if there is no letter, ideograph or digit in it: rules, arrows, emoji, leftover asterisks."""
    return not any(character.isalnum() for character in text)


def is_link_only(piece: Piece) -> bool:
    """True if every word of the piece is inside a link, and the piece is not a sentence."""
    if not piece.links or re.search(r"[。！？!?；]\W*$", piece.text):
        return False
    outside = piece.without(piece.links)
    return is_wordless(outside.text)


def is_noise(text: str) -> bool:
    """True for a line that is a counter, a button's label or an end mark, and nothing else."""
    return is_wordless(text) or bool(_WHOLE_LINE.match(text.strip(" \t*·|丨")))


def is_reading_list(text: str) -> bool:
    """True for the line above links to other articles."""
    return bool(_READING_LIST.match(text))


def is_credit(text: str, *, below_image: bool) -> bool:
    """True for the short line under a chart that says where its figures come from."""
    if len(text) > 60 or re.search(r"[。！？].*\w", text):
        return False
    return bool(_CREDIT.match(text) or (below_image and len(text) <= 30 and _CREDIT_BELOW_IMAGE.match(text)))


def is_disclaimer(text: str) -> bool:
    """True for a paragraph that begins 免责声明： or the like and speaks about the article or its author."""
    return bool(len(text) <= 400 and _DISCLAIMER.match(text) and _ABOUT_ITSELF.search(text))


def is_disclaimer_heading(text: str) -> bool:
    """True for a heading under which only a disclaimer can stand."""
    return bool(_DISCLAIMER_HEADING.match(text.strip()))


def is_advert(sentence: str) -> bool:
    """True for a sentence that asks the reader to follow, scan, join, share or look elsewhere."""
    if len(sentence) > _ADVERT_CHARS:
        return False
    if _POINTER.match(sentence):
        return True
    return bool(_CHANNEL.search(sentence) and _ACTION.search(sentence) and _APPEAL.search(sentence))
