"""Superlatives and judgements (最便宜, 哪家更好, 推荐): said only where the material says them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_GROUPS = (
    r"最大|最高|最多|最强|最重|最长|最快|最广|第一(?![届期批季章节次代])|首位|居首|榜首|之最|龙头|老大|领头羊|霸主|之王|冠军|领先|领军|largest|biggest|highest|most|leading|top|first",
    r"最小|最低|最少|最弱|最轻|最短|最慢|末位|垫底|倒数|smallest|lowest|least|fewest",
    r"最早|最先|率先|首家|首个|首次|首先|始于|起源|第一[个家次座条台位]|首创|开创|earliest|first",
    r"最晚|最新|最近|最后|latest|newest|last",
    r"最常|最普遍|最普通|最广泛|常用|常见|普遍|广泛|大多|通常",
    r"最(?:为|是)?(?:著名|出名|知名|有名)|最负盛名|著名|知名|闻名",
    r"更好|最好|最佳|优于|胜过|首选|better|best",
    r"推荐|建议|值得|首选|宜|recommend",
)
_SUPERLATIVE = r"最(?:有|为|受|具|易|难|值得|适合|不)?[\u3400-\u9fff]{1,2}"
# Asked for, not given: 哪家最便宜, 最便宜的是哪家; not 最大的那笔捐款由谁捐赠.
_ASKED = re.compile(
    rf"(?:哪|谁|什么)[^,，。;?？]{{0,14}}?(?P<which>{_SUPERLATIVE})|(?P<what>{_SUPERLATIVE})的?[^,，。;?？由被]{{0,10}}?(?:是|为|有|指)?(?:哪|谁|什么|几[家个种])|"
    r"(?:哪|谁|什么).{0,6}(?P<more>更(?![名换改新替迭正])[\u3400-\u9fff])|(?:谁|哪[家个])[^,，。;?？]{0,14}(?P<head>龙头|老大|领头羊|霸主|冠军|之王)|(?P<good>哪.{0,4}(?:比较|更)?好(?:[?？用些]|$))|"
    r"(?P<advice>推荐|值得(?:买|投|入手|信赖|关注)|该(?:买|选)哪|应该(?:买|选)哪|选哪[家个款种]好?|买哪)|(?P<english>\b(?:best|better|cheapest|recommend)\b)"
)
_NOT = re.compile(r"最(?:近|新|终|后|初|主要|核心|如何|[\u3400-\u9fff](?:能|可|要|会|得|需|只|有))")
_STEM = re.compile(r"最(?:为|有|受|具)?")
_MEASURED = re.compile(r"最[大高多小低少]")
_FIGURES = re.compile(r"\d[\d,.]*(?=%|[个家亿万千台座套位名元倍美吨])")


def judgement(question: str) -> str:
    """The superlative or judgement that a folded question asks for; "" where it asks for none."""
    for found in _ASKED.finditer(question):
        word = next(text for text in found.groups() if text)
        if not _NOT.match(word):
            return word.rstrip("的")
    return ""


def judged(word: str, texts: Iterable[str]) -> bool:
    """Whether any folded text makes the judgement: in the same word, or another of its meaning."""
    spoken = list(texts)
    if _MEASURED.match(word) and any(len(set(_FIGURES.findall(text))) > 1 for text in spoken):
        return True  # figures side by side say it
    joined = " ".join(spoken)
    if word.startswith("最"):
        if re.search(rf"最[^,。;]{{0,3}}{re.escape(_STEM.sub('', word)[:1])}", joined):
            return True
    elif word in joined:
        return True
    if "好" in word or word.startswith("选"):
        word = "更好"
    if word.startswith(("值得", "该", "应该", "买")):
        word = "推荐"
    if word.startswith("更") and word != "更好":
        return bool(re.search(rf"更|较|最{re.escape(word[1:])}|于|比", joined))
    return any(re.search(group, word) and re.search(group, joined) for group in _GROUPS)
