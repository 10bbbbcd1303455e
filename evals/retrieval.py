"""What a search finds for a question, and which of it is gold.

A passage is gold when it overlaps a gold evidence span: a place of the stored texts where the words of one of the
question's ``points[].evidence`` stand. A question none of whose evidence stands in the material (another wording of
the same facts, say) cannot be judged this way and is left out of the means; :mod:`evals.metrics.points_found`, which
asks for the points' wordings alone, still applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.metrics import hit_rate, ndcg, points_found, reciprocal_rank
from evals.sets import Question
from rag import Assistant, Document, Passage, SearchResult, split

DEPTH = 10  # passages looked at
MEASURES = ("hit@1", "hit@5", "mrr@10", "ndcg@10")  # of judged passages
POINTS = ("points@1", "points@5")  # of their words

Span = tuple[str, int, int]  # document id, start, end: half-open, code points of the stored text


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage found, in its place in the ranking; ``gold`` says whether it overlaps a gold span."""

    document: str
    title: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    score: float
    gold: bool


@dataclass(frozen=True, slots=True)
class Ranking:
    """The passages found, best first, and how many gold ones the material holds; 0 where it cannot be judged."""

    retrieved: tuple[Retrieved, ...] = ()
    relevant: int = 0

    def scores(self, question: Question) -> dict[str, float | None]:
        """Each of :data:`MEASURES`, None where nothing is gold, and of :data:`POINTS`, None where nothing was searched."""
        if not self.retrieved and not self.relevant:
            return dict.fromkeys((*MEASURES, *POINTS))
        texts = ["\n".join((*passage.section, passage.text)) for passage in self.retrieved]
        points = dict(zip(POINTS, (points_found.score(question, texts, k) for k in (1, 5)), strict=True))
        return self._judged() | points

    def _judged(self) -> dict[str, float | None]:
        if not self.relevant:
            return dict.fromkeys(MEASURES)
        ranked = [passage.gold for passage in self.retrieved]
        return {
            "hit@1": hit_rate.score(ranked, 1),
            "hit@5": hit_rate.score(ranked, 5),
            "mrr@10": reciprocal_rank.score(ranked, 10),
            "ndcg@10": ndcg.score(ranked, 10, self.relevant),
        }


@dataclass(frozen=True, slots=True)
class Material:
    """The documents that are asked about, and the passages that they are searched in."""

    documents: tuple[Document, ...] = ()
    passages: tuple[Passage, ...] = ()

    @classmethod
    def of(cls, assistant: Assistant) -> Material:
        """What an assistant answers from."""
        return cls.cut(assistant.documents(), assistant.settings.passage_chars)

    @classmethod
    def cut(cls, documents: Sequence[Document], max_chars: int) -> Material:
        """Documents and their passages of at most ``max_chars`` code points, as an index cuts them."""
        passages = tuple(passage for document in documents for passage in split(document, max_chars=max_chars))
        return cls(tuple(documents), passages)

    def gold(self, question: Question) -> frozenset[Span]:
        """Every place where the words of the question's evidence stand."""
        words = {evidence for point in question.points for evidence in point.evidence if evidence}
        return frozenset(
            (document.id, at, at + len(each))
            for document in self.documents
            for each in words
            for at in _places(each, document.text)
        )

    def judge(self, question: Question, found: Sequence[SearchResult]) -> Ranking:
        """The passages found for a question, each judged."""
        gold = self.gold(question)
        relevant = sum(_overlaps(p.document_id, p.start, p.end, gold) for p in self.passages) if gold else 0
        retrieved = tuple(
            Retrieved(
                r.document.id,
                r.document.title,
                r.section,
                r.start,
                r.end,
                r.text,
                r.score,
                _overlaps(r.document.id, r.start, r.end, gold),
            )
            for r in found
        )
        return Ranking(retrieved, relevant)


def _places(words: str, text: str) -> list[int]:
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _overlaps(document: str, start: int, end: int, gold: frozenset[Span]) -> bool:
    return any(document == of and start < stop and begin < end for of, begin, stop in gold)
