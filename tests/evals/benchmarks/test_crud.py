"""News as distractors."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from evals.benchmarks.crud import load_news
from rag import FileError

LINES = "\n".join(["第一篇新闻。" * 20, "", "第二篇新闻。" * 20, "第三篇新闻。" * 20])


@pytest.mark.parametrize("packed", [True, False])
def test_articles_until_there_are_enough_passages(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes(gzip.compress(LINES.encode()) if packed else LINES.encode())
    assert [article.id for article in load_news(path, 1, max_chars=60)] == ["news-0"]
    some = load_news(path, 3, max_chars=60)  # two passages an article
    assert [article.text[:3] for article in some] == ["第一篇", "第二篇"]
    assert len(load_news(path, 1000, max_chars=60)) == 3


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe\xfa", b"\x1f\x8bno gzip"])
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "news.gz"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"news\.gz"):
        load_news(path, 10, max_chars=300)
