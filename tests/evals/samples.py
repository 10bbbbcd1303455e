"""Questions with answers, made by hand, scored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evals.retrieval import Ranking, Retrieved
from evals.score import Scored, scored
from evals.sets import Point, Question
from rag import Answer, Citation, DocumentRef, Item, ShortAnswer, Statement

TEXT = "磨坊建于1880年，坐落在河边。"
PLACE = DocumentRef("doc_mill", 1, "磨坊", tags=("历史",))


def question(id: str = "q1", *wordings: str, **more: Any) -> Question:
    """When the mill was built; with ``answerable=False``, what it is not said to be."""
    points = (Point(wordings or ("1880年",), (TEXT.removesuffix("。"),)),)
    asked = Question(id, "磨坊建于哪一年？", "number", "mills", "own", points, None, True)
    if more.get("answerable") is False:
        asked = replace(asked, kind="unanswerable", points=())
    return replace(asked, **more)


def answer(text: str = "磨坊建于1880年。[1]", *, confidence: float = 0.9, quote: str = TEXT, **more: Any) -> Answer:
    """An answer that quotes the whole text."""
    cited = Citation(1, PLACE, ("磨坊", "历史"), None, quote, 0, len(quote), "", 0.8)
    found = Answer(
        id="ans_1",
        created=1_700_000_000,
        mode="extractive",
        collection="default",
        generation=1,
        version="0",
        config="c",
        question="磨坊建于哪一年？",
        standalone_question="磨坊建于哪一年？",
        text=text,
        refused=False,
        confidence=confidence,
        short_answer=ShortAnswer("1880年", 1, 4, 9),
        statements=(Statement("磨坊建于1880年。", "quoted", (1,)),),
        citations=(cited,),
        timings={"total": 3.0},
    )
    return replace(found, **more)


def listed(*names: str, **more: Any) -> Answer:
    """An answer that lists names."""
    text = "、".join(names)
    return answer(text, quote=text, items=tuple(Item(name, (1,)) for name in names), short_answer=None, **more)


def refusal(confidence: float = 0.1) -> Answer:
    """No answer."""
    return answer(
        "资料里没有答案。", confidence=confidence, refused=True, statements=(), citations=(), short_answer=None
    )


def ranking(*gold: bool, relevant: int | None = None) -> Ranking:
    """Passages found, best first."""
    found = (
        Retrieved("doc_mill", "磨坊", ("磨坊",), 10 * at, 10 * at + 9, TEXT, 1 - at / 10, is_gold)
        for at, is_gold in enumerate(gold)
    )
    return Ranking(tuple(found), sum(gold) if relevant is None else relevant)


def one(asked: Question, said: Answer, found: Ranking | None = None, *, verbatim: bool = True) -> Scored:
    """A question and its answer, scored; found first where nothing else is said."""
    return scored(asked, said, 12.34, verbatim, ranking(True, False) if found is None else found)


def some(wrong: frozenset[int] = frozenset(), count: int = 20) -> tuple[Scored, ...]:
    """``count`` questions answered right but for those of these numbers, and two that should be refused and are."""
    answered = (
        one(
            question(f"q{at}"),
            answer("磨坊很大。[1]", quote="磨坊很大。", confidence=0.5 + at / 100)
            if at in wrong
            else answer(confidence=0.6 + at / 100),
        )
        for at in range(count)
    )
    refused = (one(question(f"n{at}", answerable=False), refusal(), ranking()) for at in range(2))
    return (*answered, *refused)
