"""The fixed sentences said to a user, in Simplified and Traditional Chinese and in English, and which a question gets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from rag.text.normalize import simplified

Script = Literal["zh-Hans", "zh-Hant", "en"]

REFUSAL: dict[Script, str] = {
    "zh-Hans": "资料里没有找到能回答这个问题的内容",
    "zh-Hant": "資料裡沒有找到能回答這個問題的內容",
    "en": "The material does not answer this question",
}
NEAREST: dict[Script, str] = {
    "zh-Hans": "：最接近的内容没有说到{missing}。",
    "zh-Hant": "：最接近的內容沒有說到{missing}。",
    "en": ": what comes nearest does not speak of {missing}.",
}
# Put before what documents say that contradict one another.
DISAGREE: dict[Script, str] = {
    "zh-Hans": "各资料所述不同：",
    "zh-Hant": "各資料所述不同：",
    "en": "The documents say different things: ",
}
# Added to an answer that leaves a part of the question open: which part, and what is missing for it.
OPEN: dict[Script, str] = {
    "zh-Hans": "（资料没有回答“{part}”{missing}。）",
    "zh-Hant": "（資料沒有回答「{part}」{missing}。）",
    "en": " (Not found in the material: “{part}”{missing}.)",
}
UNSPOKEN: dict[Script, str] = {"zh-Hans": "：没有说到{missing}", "zh-Hant": "：沒有說到{missing}", "en": ": {missing}"}

# Added to an answer whose writing broke off.
BROKEN: dict[Script, str] = {
    "zh-Hans": "（语言模型中断，回答到此为止，可能不完整。）",
    "zh-Hant": "（語言模型中斷，回答到此為止，可能不完整。）",
    "en": " (The language model broke off; the answer ends here and may be incomplete.)",
}

# What is said to words that are no question about the material.
CHAT: dict[str, dict[Script, str]] = {
    "small talk": {
        "zh-Hans": "您好，我只根据已收录的资料回答问题，并附上原文出处；请直接问资料里的内容。",
        "zh-Hant": "您好，我只根據已收錄的資料回答問題，並附上原文出處；請直接問資料裡的內容。",
        "en": "Hello; I answer questions from the documents collected here, with the exact words that say so. Please ask about them.",
    },
    "thanks": {
        "zh-Hans": "不客气；我只根据已收录的资料回答问题，需要时请继续问资料里的内容。",
        "zh-Hant": "不客氣；我只根據已收錄的資料回答問題，需要時請繼續問資料裡的內容。",
        "en": "You are welcome; I answer questions from the documents collected here, so please ask on about them.",
    },
    "no content": {
        "zh-Hans": "请写出想问的内容；我只根据已收录的资料回答问题，并附上原文出处。",
        "zh-Hant": "請寫出想問的內容；我只根據已收錄的資料回答問題，並附上原文出處。",
        "en": "Please write what you want to know; I answer from the documents collected here, with their exact words.",
    },
    "task": {
        "zh-Hans": "这件事我做不了：我只根据已收录的资料回答问题，并附上原文出处。",
        "zh-Hant": "這件事我做不了：我只根據已收錄的資料回答問題，並附上原文出處。",
        "en": "That is not something I can do; I only answer questions from the documents collected here.",
    },
    "rules": {
        "zh-Hans": "这个要求我不能照做：我只根据已收录的资料回答问题，并附上原文出处。",
        "zh-Hant": "這個要求我不能照做：我只根據已收錄的資料回答問題，並附上原文出處。",
        "en": "I cannot do that; I only answer questions from the documents collected here, with their exact words.",
    },
    "about the material": {
        "zh-Hans": "这是关于资料本身的问题，正文里没有可以引用的原话；文档的标题、来源和日期请看文档列表。",
        "zh-Hant": "這是關於資料本身的問題，正文裡沒有可以引用的原話；文件的標題、來源和日期請看文件列表。",
        "en": "That asks about the documents themselves, which their text does not say; see the list of documents for titles, sources and dates.",
    },
}
# How an answer that is a refusal begins.
REFUSED = (*REFUSAL.values(), *(text for texts in CHAT.values() for text in texts.values()))
LEFT_OPEN = ("资料没有回答", "資料沒有回答", "Not found in the material")
# What a list of sources below an answer begins with.
SOURCES: dict[Script, str] = {"zh-Hans": "来源：", "zh-Hant": "來源：", "en": "Sources:"}
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-zA-Z]{2,}")


def script_of(question: str) -> Script:
    """The script that a question is written in: Traditional where more of its characters are only so
    written than are only Simplified; English where it has more Latin words than Han characters."""
    if len(_LATIN.findall(question)) > len(_HAN.findall(question)):
        return "en"
    traditional = sum(one != other for one, other in zip(question, simplified(question), strict=True))
    return "zh-Hant" if traditional > sum(char in _only_simplified() for char in question) else "zh-Hans"


@lru_cache(maxsize=1)
def _only_simplified() -> frozenset[str]:
    """Characters that Traditional writing does not have, from OpenCC's table."""
    source = files("opencc").joinpath("dictionary", "STCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.partition("\t")[::2] for line in source.splitlines())
    return frozenset(one for one, others in pairs if one not in others.split(" "))


def listed(names: Sequence[str], script: Script) -> str:
    """Names as a sentence lists them, in the marks of its script."""
    if script == "en":
        return ", ".join(names)
    left, right = ("“", "”") if script == "zh-Hans" else ("「", "」")
    return "、".join(f"{left}{name}{right}" for name in names)
