"""A benchmark file of two articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def paragraph(key: str, text: str, *asked: tuple[str, str, int]) -> dict[str, Any]:
    """A paragraph and its questions: (question, answer, answer_start)."""
    qas = [
        {"id": f"{key}-q{number}", "question": question, "answers": [{"text": answer, "answer_start": start}] * 2}
        for number, (question, answer, start) in enumerate(asked)
    ]
    return {"id": key, "context": text, "qas": qas}


ARTICLES = [
    {
        "id": "pumps",
        "title": "水泵",
        "paragraphs": [
            paragraph("pumps-1", "第一台水泵造于1952年。它由铸铁制成。", ("第一台水泵造于哪一年？", "1952年", 7)),
            # The offset is wrong, as some are in the published files.
            paragraph("pumps-2", "水泵的叶轮用青铜铸造。", ("水泵的叶轮用什么铸造？", "青铜", 0)),
        ],
    },
    {
        "id": "mills",
        "title": "风车",
        "paragraphs": [paragraph("mills-1", "风车用木头做成。风车在北方最多。", ("风车用什么做成？", "木头", 3))],
    },
]


@pytest.fixture
def squad_file(tmp_path: Path) -> Path:
    """The articles as a squad-style file."""
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({"version": "1", "data": ARTICLES}, ensure_ascii=False), encoding="utf-8")
    return path


def rgb_row(number: int, query: str, answer: list[Any], positive: list[Any], negative: list[str]) -> dict[str, Any]:
    """A line of RGB's files."""
    return {"id": number, "query": query, "answer": answer, "positive": positive, "negative": negative}


RGB_ROWS = [
    rgb_row(
        0,
        "甲厂和乙厂的水泵产量分别是多少？",
        [["8台", "八台"], "15台"],
        [["甲厂的水泵产量是8台。", "甲厂去年的水泵产量为八台。"], ["乙厂的水泵产量是15台。"]],
        ["丙厂的风车产量是18台。", "丁厂生产风车。", "甲厂位于北方。"],
    ),
    rgb_row(
        1,
        "风车由什么制成？",
        ["木头"],
        [["风车由木头制成。"]],
        ["水泵由铸铁制成。", "甲厂位于北方。"],
    ),
]


@pytest.fixture
def rgb_file(tmp_path: Path) -> Path:
    """Two questions in the form of RGB's zh_int."""
    path = tmp_path / "zh_int.json"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in RGB_ROWS) + "\n", encoding="utf-8")
    return path
