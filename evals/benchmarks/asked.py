"""A squad-style benchmark put to the library: its paragraphs in a temporary index, its questions asked one by one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.benchmarks.squad import Paragraph, SquadQuestion
from evals.metrics import answer_em, answer_f1, hit_rate, reciprocal_rank
from rag import Answer, Assistant, Document, SearchResult, Settings, document_from_text, ingest_documents

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


@contextmanager
def indexed(
    paragraphs: Sequence[Paragraph], settings: Settings, *, progress: Callable[[str, int, int], None] | None = None
) -> Iterator[tuple[Assistant, dict[str, Document]]]:
    """An assistant over the paragraphs, each one document, in an index that is gone afterwards; and the documents."""
    documents = {p.id: document_from_text(p.text, key=p.id, title=p.title) for p in paragraphs}
    with TemporaryDirectory(prefix="suanlian-bench-") as folder:
        settings = settings.model_copy(update={"index": Path(folder), "collection": "bench"})
        ingest_documents(list(documents.values()), settings, fresh=True, progress=progress)
        yield Assistant.open(folder, settings=settings), documents


def ask(question: SquadQuestion, assistant: Assistant, documents: dict[str, Document]) -> Asked:
    """Search and answer one question."""
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
