"""What a question asks for."""

from __future__ import annotations

import pytest

from rag.answer.spans_sought import sought
from rag.text.words import Lexicon
from tests.rag.conftest import Reads


@pytest.mark.parametrize(
    ("question", "sort", "noun"),
    [
        ("望江楼是谁建造的", "person", ""),
        ("哪一位诗人写过望江楼", "person", ""),
        ("望江楼位于哪里", "place", ""),
        ("望江楼在哪个城市", "place", "城市"),
        ("望江樓在哪一座城市", "place", "城市"),
        ("望江楼是哪一年建的", "year", ""),
        ("望江楼什么时候重修", "time", ""),
        ("望江楼有多少层", "number", "层"),
        ("望江楼为什么叫望江楼", "reason", ""),
        ("望江楼是如何修复的", "manner", ""),
        ("他担任什么职务", "what", "职务"),
        ("他的职务是什么", "what", "职务"),
        ("望江楼的原名叫什么", "name", "原名"),
        ("他写过哪部小说", "title", "小说"),
        ("哪个公司承建望江楼", "body", "公司"),
        ("望江楼有哪些文物", "list", "文物"),
        ("望江楼是否开放", "yesno", ""),
        ("望江楼的设计者是?", "what", "设计者"),
    ],
)
def test_the_type_of_the_answer_and_its_noun(
    reads: Reads, lexicon: Lexicon, question: str, sort: str, noun: str
) -> None:
    query = reads(question)
    found = sought(query, lexicon)
    assert found is not None
    assert found.sort == sort or (sort == "what" and found.sort == "person")
    if sort not in ("number",):
        assert found.noun == noun
    assert 0 <= found.start < found.end <= len(query.folded)


@pytest.mark.parametrize("question", ["望江楼的历史", "介绍望江楼"])
def test_no_asking_words(reads: Reads, lexicon: Lexicon, question: str) -> None:
    assert sought(reads(question), lexicon) is None
