"""What the fact reading learns from: questions whose answers are known spans, as the library itself reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.benchmarks.indexed import Indexed, indexed
from evals.benchmarks.squad import SquadQuestion, load_squad
from rag import Settings
from rag.answer.spans import asks_fact
from rag.answer.spans_candidates import NEAR, Candidates, candidates
from rag.answer.spans_sought import Sought, sought
from rag.asking import Asking
from rag.clock import Clock
from rag.index.store import View
from rag.jobs.ingest import store_of
from rag.opened import Opened
from rag.retrieve.spell import Speller
from rag.text.words import Lexicon

Gains = npt.NDArray[np.float32]
_ELSEWHERE = 0.7  # what the answer's words are worth in another document than the one that the question was written on
_TOUCHES = 0.3  # overlap (F1) with the answer below which a run of words is simply wrong


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question with its candidates, and of each what it would gain: ``gains``, of the shape of ``allowed``, is the
    character F1 with the nearest gold span. ``article`` is what may not lie on both sides of a fold."""

    material: str
    article: str
    answers: tuple[str, ...]
    sought: Sought
    clauses: tuple[Candidates, ...]
    gains: tuple[Gains, ...]

    @property
    def near(self) -> list[Candidates]:
        """Those that the library would read: it learns from clauses farther from the best one, too."""
        return [c for c in self.clauses if c.evidence.score >= self.clauses[0].evidence.score - NEAR]

    @property
    def known(self) -> bool:
        """Whether any candidate touches the answer."""
        return any(gains.any() for gains in self.gains)


def squad_examples(path: Path, settings: Settings) -> tuple[list[Example], int]:
    """The examples of a squad-style file's tuning half, and how many questions that half has.

    Its paragraphs are indexed, each a document, and a question is searched for among all of them, as a user would.
    """
    data = load_squad(path)
    questions = data.chosen("tune")
    with indexed(data.paragraphs, settings) as bench:
        return list(_of_questions(questions, bench, path.stem)), len(questions)


def _of_questions(questions: Sequence[SquadQuestion], bench: Indexed, material: str) -> Iterator[Example]:
    settings = bench.assistant.settings
    opened = _opened(store_of(settings).view())
    for question in questions:
        asking = Asking(opened, bench.encoder, settings, question.question, Clock())
        considered = asking.considered([question.question])
        if len(considered) != 1:
            continue  # several questions in one: not known which of them the gold span answers
        query = considered[0].query
        asked = sought(query, opened.lexicon)
        if asked is None or not asks_fact(query, asked):
            continue
        found = candidates(query, asked, considered[0].evidence, opened.lexicon, within=1.0)
        if found:
            gold = bench.documents[question.paragraph].id
            gains = tuple(gained(one, question, gold) for one in found)
            article = question.paragraph.rpartition("-")[0] or question.paragraph
            yield Example(material, article, question.answers, asked, tuple(found), gains)


def gained(one: Candidates, question: SquadQuestion, gold: str) -> Gains:
    """What each candidate of a clause would gain; ``gold`` is the id of the document that the question was written on."""
    e = one.evidence
    if e.hit.document.id == gold:
        return gains_of(one, question.golds, 1.0)
    places = [
        (e.start + at, e.start + at + len(answer))
        for answer in question.answers
        for at in range(len(e.text))
        if e.text.startswith(answer, at)
    ]
    return gains_of(one, places, _ELSEWHERE)


def gains_of(one: Candidates, golds: Sequence[tuple[int, int]], worth: float) -> Gains:
    """``(n, m)``: 2 |run ∩ gold| / (|run| + |gold|) with the nearest gold span, times its worth; 0 where it is small."""
    spans = [one.span(at, at) for at in range(len(one.found))]
    start = np.array([span[0] for span in spans])[:, None]
    end = np.array([span[1] for span in spans])[one.last()]
    gains = np.zeros(one.allowed.shape, np.float32)
    for first, last in golds:
        shared = np.clip(np.minimum(end, last) - np.maximum(start, first), 0, None)
        np.maximum(gains, worth * 2 * shared / (end - start + last - first), out=gains, casting="unsafe")
    gains[(gains < _TOUCHES) | ~one.allowed] = 0
    return gains


def _opened(view: View) -> Opened:
    return Opened(view, Lexicon(view.learned.terms, view.learned.aliases), Speller(view.words()))
