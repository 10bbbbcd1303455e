"""Questions put to an assistant, scored, and summed up by kind and segment."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from evals.metrics import (
    answer_em,
    answer_f1,
    brevity,
    citation_precision,
    citation_recall,
    false_refusal,
    fully_right,
    list_precision,
    list_recall,
    point_recall,
    quote_brevity,
    refusal,
    right_and_cited,
)
from evals.retrieval import DEPTH, MEASURES, POINTS, Material, Ranking
from evals.sets import Question
from evals.unanswered import unanswered
from rag import Answer, Assistant, Document, LanguageModelError, Mode, SearchResult

Metric = Callable[[Question, Answer], float | None]


def _single(question: Question) -> tuple[str, ...] | None:
    """The wordings of the one fact that is asked for; None where there are several, or none."""
    return question.points[0].any_of if len(question.points) == 1 and question.items is None else None


def _answer_f1(question: Question, answer: Answer) -> float | None:
    golds = _single(question)
    return None if golds is None else answer_f1.score("" if answer.refused else brevity.spoken(answer), golds)


def _short_f1(question: Question, answer: Answer) -> float | None:
    golds = _single(question)
    return None if golds is None else answer_f1.score(answer.short_answer.text if answer.short_answer else "", golds)


def _short_em(question: Question, answer: Answer) -> float | None:
    golds = _single(question)
    return None if golds is None else answer_em.score(answer.short_answer.text if answer.short_answer else "", golds)


METRICS: dict[str, Metric] = {
    "fully_right": fully_right.score,
    "point_recall": point_recall.score,
    "list_precision": list_precision.score,
    "list_recall": list_recall.score,
    "citation_recall": citation_recall.score,
    "citation_precision": citation_precision.score,
    "refusal": refusal.score,
    "false_refusal": false_refusal.score,
    "answer_f1": _answer_f1,
    "short_f1": _short_f1,
    "short_em": _short_em,
}
MEDIANS: dict[str, Metric] = {"brevity": brevity.score, "quote_brevity": quote_brevity.score}
EVENT = "right_and_cited"
MEANS = (*METRICS, *MEASURES, *POINTS)  # the figures of a run that are means over its questions
LOWER_IS_BETTER = frozenset({"false_refusal", *MEDIANS})


@dataclass(frozen=True, slots=True)
class Scored:
    """A question, its answer, its scores, how long it took (ms), whether every quote stands where it says, and what a
    search found for it.

    ``scores`` holds each of ``METRICS``, ``MEDIANS`` and retrieval's ``MEASURES`` and ``POINTS``, None where it does not apply, and
    ``EVENT``, which always is 0 or 1.
    """

    question: Question
    answer: Answer
    scores: dict[str, float | None]
    milliseconds: float
    verbatim: bool
    ranking: Ranking = field(default_factory=Ranking)


class Answering(Protocol):
    """Whatever is asked as an :class:`rag.Assistant` is: the library's own, or a service that stands for one."""

    def ask(self, question: list[dict[str, str]], *, mode: Mode = ..., explain: bool = False) -> Answer: ...

    def search(self, query: str, *, top_k: int = 10) -> list[SearchResult]: ...

    def document(self, id: str, version: int | None = None) -> Document: ...


def run(
    questions: Sequence[Question],
    assistant: Answering,
    *,
    material: Material | None = None,
    mode: Mode = "auto",
    explain: bool = False,
    answered: Callable[[Question, Answer], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Scored]:
    """Put every question to the assistant.

    Args:
        material: what it answers from, to judge what a search finds; a library's own assistant knows it, and for
            another one without it nothing is judged. mode: how the answers are to be made. explain: record each answer's
            trace. answered: told each answer, before the next question is asked. progress: told how many are done.

    A question of ``mode="llm"`` that the language model left without an answer is one without an answer
    (:mod:`evals.unanswered`), and the run goes on. Raises what :meth:`rag.Assistant.ask` else raises.
    """
    if material is None and isinstance(assistant, Assistant):
        material = Material.of(assistant)
    known = material or Material()
    done = []
    for number, question in enumerate(questions, 1):
        begun = time.perf_counter()
        try:
            answer = assistant.ask(question.messages(), mode=mode, explain=explain)
        except LanguageModelError as error:
            answer = unanswered(question, error)
        took = (time.perf_counter() - begun) * 1000
        if answered:
            answered(question, answer)
        # What is searched for is what the conversation was read as, else no follow-up would find anything.
        found = assistant.search(answer.standalone_question, top_k=DEPTH)
        ranking = known.judge(question, found)
        done.append(scored(question, answer, took, verbatim(assistant, answer), ranking))
        if progress:
            progress(number)
    return done


def scored(question: Question, answer: Answer, milliseconds: float, verbatim: bool, ranking: Ranking) -> Scored:
    """An answer with every score that it has."""
    scores = {name: metric(question, answer) for name, metric in (METRICS | MEDIANS).items()}
    scores |= ranking.scores(question)
    scores[EVENT] = right_and_cited.score(question, answer)
    return Scored(question, answer, scores, milliseconds, verbatim, ranking)


def verbatim(assistant: Answering, answer: Answer) -> bool:
    """Whether each quote equals the stored text of the version that it names, at its offsets."""
    return all(
        assistant.document(c.document.id, c.document.version).text[c.start : c.end] == c.quote for c in answer.citations
    )


def summary(scored: Sequence[Scored]) -> dict[str, Any]:
    """Means of the metrics (brevity: the median), milliseconds, and counts; None where nothing is measured."""
    times = sorted(s.milliseconds for s in scored)
    found: dict[str, Any] = {"questions": len(scored)}
    for name in METRICS:
        found[name] = _mean(s.scores[name] for s in scored)
    found["judged"] = sum(s.ranking.relevant > 0 for s in scored)
    for name in (*MEASURES, *POINTS):
        found[name] = _mean(s.scores[name] for s in scored)
    for name in MEDIANS:
        ratios = [ratio for s in scored if (ratio := s.scores[name]) is not None]
        found[f"{name}_median"] = round(statistics.median(ratios), 2) if ratios else None
    found["quotes_verbatim"] = _mean(float(s.verbatim) for s in scored)
    found["ms_p50"] = round(times[len(times) // 2], 1) if times else None
    found["ms_p95"] = round(times[min(len(times) - 1, int(len(times) * 0.95))], 1) if times else None
    return found


def by(scored: Sequence[Scored], facet: str) -> dict[str, dict[str, Any]]:
    """Summaries for each value of a question's field (``kind``, ``segment``)."""
    values = sorted({str(getattr(s.question, facet)) for s in scored})
    return {value: summary([s for s in scored if str(getattr(s.question, facet)) == value]) for value in values}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None
