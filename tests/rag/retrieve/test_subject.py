"""What a question is about."""

from __future__ import annotations

import pytest

from rag.retrieve.subject import subject_of, topics
from rag.text.words import Lexicon

LEXICON = Lexicon(["松岭机械", "青河铁路"])


@pytest.mark.parametrize(
    ("question", "runs"),
    [
        ("松岭机械的市场份额是多少", ["松岭机械", "市场份额"]),
        ("青河铁路全长多少公里", ["青河铁路", "全长"]),  # an attribute is no part of the name
        ("2023年国内传统烘干机有哪些厂商", ["传统烘干机"]),  # times, sides and generic nouns are no topics
        ("松岭机械的首期工程投资多少", ["松岭机械", "投资"]),
        ("谁生产快速接头", ["快速接头"]),  # an adverb and a verb to the dictionary
        ("还有谁", []),
    ],
)
def test_the_runs_of_nouns(question: str, runs: list[str]) -> None:
    found = topics(question, LEXICON)
    assert [topic.text for topic in found] == runs
    assert all(question[topic.start : topic.end] == topic.text for topic in found)


def test_places_count_in_the_question_as_written() -> None:
    question = "㎡ＧＷ９的價格是多少"  # ㎡ folds to two characters
    assert all(question[t.start : t.end] == t.text for t in topics(question, LEXICON))
    assert subject_of("How heavy is the Norvik press", Lexicon()) == "Norvik press"
