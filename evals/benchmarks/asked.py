"""A squad-style benchmark put to the library: its questions asked one by one."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from evals.benchmarks.squad import SquadQuestion
from evals.metrics import answer_em, answer_f1, hit_rate, reciprocal_rank
from rag import Answer, Assistant, Document, SearchResult

DEPTH = 10  # passages looked at
_MARKER = re.compile(r"\[\d+\]")  # of a citation, in an answer's text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's scores.

    ``ranked`` says of the passages found, best first, whether each is gold: of the gold paragraph and overlapping a
    gold span. ``cited`` says whether a quote holds a whole gold span, ``quotes`` are the lengths of the quotes in
    code points; ``milliseconds`` is what the answer took.
    """

    question: SquadQuestion
    answer: Answer
    ranked: tuple[bool, ...]
    cited: bool
    quotes: tuple[int, ...]
    milliseconds: float

    def scores(self) -> dict[str, float]:
        """Every measure that is a mean over questions."""
        golds = self.question.answers
        short = self.answer.short_answer.text if self.answer.short_answer else ""
        text = "" if self.answer.refused else _MARKER.sub("", self.answer.text)
        return {
            "hit@1": hit_rate.score(self.ranked, 1),
            "hit@5": hit_rate.score(self.ranked, 5),
            "mrr@10": reciprocal_rank.score(self.ranked, 10),
            "gold_cited": float(self.cited),
            "short_f1": answer_f1.score(short, golds),
            "short_em": answer_em.score(short, golds),
            "answer_f1": answer_f1.score(text, golds),
            "refused": float(self.answer.refused),
        }


def ask(question: SquadQuestion, assistant: Assistant, documents: dict[str, Document]) -> Asked:
    """Search and answer one question; ``documents`` are those of the index, by key."""
    gold = documents[question.paragraph].id
    found = assistant.search(question.question, top_k=DEPTH)
    begun = time.perf_counter()
    answer = assistant.ask(question.question)
    took = (time.perf_counter() - begun) * 1000
    return Asked(
        question,
        answer,
        tuple(is_gold(result, question, gold) for result in found),
        any(
            citation.document.id == gold and citation.start <= start and end <= citation.end
            for citation in answer.citations
            for start, end in question.golds
        ),
        tuple(len(citation.quote) for citation in answer.citations),
        took,
    )


def is_gold(result: SearchResult, question: SquadQuestion, document: str) -> bool:
    """Whether a passage is of the gold document (its id) and overlaps a gold span."""
    return result.document.id == document and any(
        result.start < end and start < result.end for start, end in question.golds
    )
