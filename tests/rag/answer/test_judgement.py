"""Superlatives and judgements."""

from __future__ import annotations

import pytest

from rag.answer.judgement import judged, judgement


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("哪家厂商最便宜", "最便宜"),
        ("份额最高的是哪家", "最高"),
        ("哪家更好", "更好"),
        ("推荐一家厂商", "推荐"),
        ("最大的那笔捐款是由谁捐赠的", ""),  # given, not asked for
        ("最近有哪些产品", ""),
        ("铜缆最远能传几米", ""),
        ("公司后来更名为什么", ""),
        ("谁生产揉捻机", ""),
    ],
)
def test_what_judgement_is_asked_for(question: str, word: str) -> None:
    assert judgement(question) == word


@pytest.mark.parametrize(
    ("word", "text", "made"),
    [
        ("最便宜", "甲乙科技的报价最为便宜", True),
        ("最便宜", "甲乙科技供应揉捻机", False),
        ("最高", "甲乙科技份额排名第一", True),
        ("最大", "甲乙占38%,丙丁占21%", True),  # figures side by side say it
        ("最早", "甲乙科技率先量产", True),
        ("更好", "紧随其后的是丙丁", False),
        ("更高", "甲的效率高于乙", True),
        ("推荐", "揉捻机厂商有甲乙科技", False),
    ],
)
def test_whether_a_text_makes_it(word: str, text: str, made: bool) -> None:
    assert judged(word, [text]) is made
