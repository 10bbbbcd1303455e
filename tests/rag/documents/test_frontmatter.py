import pytest

from rag.documents.frontmatter import iso_date, read
from rag.errors import FileError


def test_all_fields() -> None:
    text = """---
title: 显存入门
source: https://example.org/a
publisher: 某刊
published: 2025-01-31
derived_from: memory.md
tags: [硬件, 显存, 硬件]
layout: post
---

正文。"""
    draft, body = read(text, "a.md")
    assert (draft.stated_title, draft.source, draft.publisher) == ("显存入门", "https://example.org/a", "某刊")
    assert (draft.published, draft.derived_from, draft.tags) == ("2025-01-31", "memory.md", ("硬件", "显存"))
    assert body.strip() == "正文。"


@pytest.mark.parametrize("text", ["正文", "---", "---\n\n分隔线下的正文", "", "---\n---\n正文"])
def test_none(text: str) -> None:
    draft, body = read(text, "a.md")
    assert draft.stated_title == ""
    assert body.endswith("正文") == text.endswith("正文")


def test_tags_in_one_line_and_a_chinese_date() -> None:
    draft, _ = read("---\ntags: 甲，乙, 丙\npublished: 2025年3月4日\n---\n", "a.md")
    assert (draft.tags, draft.published) == (("甲", "乙", "丙"), "2025-03-04")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [a\n---\n", "not valid YAML"),
        ("---\ntitle: a\n\n正文", "never ends"),
        ("---\n只是一句话\n---\n", "name: value"),
        ("---\npublished: 去年\n---\n", "`published`"),
        ("---\npublished: 2025-13-45\n---\n", "not valid YAML"),
        ("---\ntags: {a: 1}\n---\n", "`tags`"),
        ("---\ntitle: [a, b]\n---\n", "`title`"),
        ("---\ntitle: !!python/object/apply:os.getcwd []\n---\n", "not valid YAML"),
    ],
)
def test_malformed(text: str, reason: str) -> None:
    with pytest.raises(FileError, match=r"a\.md") as caught:
        read(text, "a.md")
    assert reason in caught.value.en


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年04月30日 12:05", "2025-04-30"),
        ("2024/2/29", "2024-02-29"),
        ("2023-02-29", ""),
        ("无", ""),
        ("2025.1.2", "2025-01-02"),
    ],
)
def test_iso_date(text: str, expected: str) -> None:
    assert iso_date(text) == expected
