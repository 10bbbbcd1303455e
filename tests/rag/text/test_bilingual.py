"""English → Chinese, from the dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files as real_files

import pytest

from rag.text import bilingual
from rag.text.bilingual import chinese, kinds_of, names_something


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("operating system", "操作系统"),
        ("operating systems", "操作系统"),
        ("tunnel", "隧道"),
        ("cooling", "冷却"),
        ("shenzhen", "深圳"),  # a name with what it is behind it
        ("wall street", "华尔街"),
    ],
)
def test_words_and_phrases(phrase: str, word: str) -> None:
    assert word in chinese(phrase)


def test_a_word_at_the_end_of_a_longer_gloss_is_less_sure() -> None:
    assert "芯片" not in chinese("chip") and "芯片" in kinds_of("chip")


def test_verbs_are_told_from_what_names_something() -> None:
    assert names_something("tunnels") and not names_something("downgrade")


def test_what_it_does_not_know() -> None:
    assert chinese("qwxzk") == () and kinds_of("qwxzk") == ()


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    caches = (bilingual._tables, bilingual.chinese, bilingual.kinds_of)
    monkeypatch.setattr(bilingual, "_PACKAGE", "no_such_package_here")
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()
    assert real_files("jieba")


def test_without_the_package_nothing_is_translated(without: None) -> None:
    assert chinese("tunnel") == () and kinds_of("chip") == () and not names_something("tunnel")
