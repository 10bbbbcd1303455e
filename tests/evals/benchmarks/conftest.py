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
