"""Small documents and indexes for the tests of the index."""

from __future__ import annotations

from pathlib import Path

from rag.documents.load import load_bytes
from rag.index.build import Built, build
from rag.index.embed import Encoder, HashEncoder
from rag.index.local import LocalStore
from rag.types import Document

ENCODER = HashEncoder(64)
CHARS = 30

TREES = """---
published: 2023-05-01
tags: [树木, 乔木]
---
# 树木

## 松树

松树四季常青。它的叶子像针，种子长在松果里。松果要两年才成熟。

## 桦树

桦树的皮是白色的。它的叶子秋天变黄。

| 树种 | 高度 |
|---|---|
| 松树 | 30米 |
| 桦树 | 20米 |
"""
BIRDS = """---
published: 2024-02-10
tags: [动物]
---
# 鸟类

白鹭站在浅水里。它吃小鱼、小虾和昆虫。燕子在屋檐下筑巢。
"""
STONES = "# 石头\n\n花岗岩很硬。它由石英、长石和云母组成。\n"


def document(text: str, name: str = "a.md") -> Document:
    """The document of a Markdown text."""
    return load_bytes(text.encode(), name=name)


def documents() -> list[Document]:
    """Three of them: two with a date and tags, one without."""
    return [document(TREES, "trees.md"), document(BIRDS, "birds.md"), document(STONES, "stones.md")]


def built(
    folder: Path, given: list[Document], *, encoder: Encoder = ENCODER, passage_chars: int = CHARS, fresh: bool = False
) -> tuple[LocalStore, Built]:
    """A store in ``folder`` that holds ``given``, and what building it did."""
    store = LocalStore(folder)
    return store, build(store, given, encoder, passage_chars=passage_chars, fresh=fresh)
