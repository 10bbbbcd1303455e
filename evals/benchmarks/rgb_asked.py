"""RGB put to the library: each question over its own passages, over those that do not answer it, and over all.

All passages of the file lie in one index, and a question is asked with a filter that lets only its own answer, as
someone would ask within some of many documents. Term weights therefore come from the whole. (An index for each set of
a question would have to be built some 700 times; on the tuning half it gives AUROCs within .04 of these.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evals.benchmarks.floors import PlainBm25
from evals.benchmarks.indexed import Indexed
from evals.benchmarks.rgb import RgbQuestion
from evals.metrics import hit_rate, reciprocal_rank
from evals.normalise import normalise
from rag import Answer, Assistant, Filter

NOISE = (0.0, 0.2, 0.4, 0.6, 0.8)
DEPTH = 20  # passages looked at
_MARKER = re.compile(r"\[\d+\]")  # of a citation, in an answer's text


@dataclass(frozen=True, slots=True)
class Told:
    """An answer over some passages: the share of the parts that it states, and the share of noise among the passages."""

    answer: Answer
    parts: float
    noise: float

    @property
    def right(self) -> bool:
        """Whether every part is stated."""
        return self.parts == 1


@dataclass(frozen=True, slots=True)
class RgbAsked:
    """A question's answers.

    ``positives``, ``negatives`` and ``own`` are over its positive passages, its negative ones and both; ``urged`` are
    the first two when nothing may be refused, for the risk at full coverage. ``noisy`` are over a fixed number of
    passages, by the share of noise asked for. ``ranked`` and ``bm25_ranked`` say of the passages found among all,
    best first, whether they are positives; ``bm25_best`` are plain BM25's top scores over positives and negatives.
    """

    question: RgbQuestion
    positives: Told
    negatives: Told
    own: Told
    urged: tuple[Told, Told]
    noisy: dict[float, Told]
    ranked: tuple[bool, ...]
    bm25_ranked: tuple[bool, ...]
    bm25_best: tuple[float, float]


class RgbAsker:
    """Asks RGB's questions over an index of all passages.

    Args:
        indexed: the index; its documents' keys are those of :func:`evals.benchmarks.rgb.passages`.
        ids: each passage's document by the passage's words. count: passages in a mix.
    """

    def __init__(self, indexed: Indexed, ids: Mapping[str, str], *, count: int) -> None:
        self._assistant = indexed.assistant
        self._urged = indexed.again(refuse_below=0)
        self._ids = ids
        self._numbers = {text: number for number, text in enumerate(ids)}
        self._bm25 = PlainBm25(list(ids))
        self._count = count

    def ask(self, question: RgbQuestion) -> RgbAsked:
        """Everything that is asked about a question."""
        positives, negatives = question.positives, question.negatives
        return RgbAsked(
            question,
            self._told(question, positives, ()),
            self._told(question, (), negatives),
            self._told(question, positives, negatives),
            (
                self._told(question, positives, (), self._urged),
                self._told(question, (), negatives, self._urged),
            ),
            {noise: self._told(question, *question.mixed(self._count, noise)) for noise in NOISE},
            self._found(question),
            self._bm25_found(question),
            (self._best(question, positives), self._best(question, negatives)),
        )

    def _told(
        self, question: RgbQuestion, positives: Sequence[str], negatives: Sequence[str], by: Assistant | None = None
    ) -> Told:
        among = tuple(dict.fromkeys(self._ids[text] for text in (*positives, *negatives)))
        answer = (by or self._assistant).ask(question.question, filter=Filter(documents=among))
        return Told(answer, parts_stated(question, answer), len(negatives) / (len(positives) + len(negatives)))

    def _found(self, question: RgbQuestion) -> tuple[bool, ...]:
        gold = {self._ids[text] for text in question.positives}
        found = dict.fromkeys(r.document.id for r in self._assistant.search(question.question, top_k=DEPTH))
        return tuple(document in gold for document in found)

    def _bm25_found(self, question: RgbQuestion) -> tuple[bool, ...]:
        gold = {self._numbers[text] for text in question.positives}
        return tuple(number in gold for number in self._bm25.ranked(question.question, DEPTH))

    def _best(self, question: RgbQuestion, among: Sequence[str]) -> float:
        return self._bm25.best(question.question, [self._numbers[text] for text in among])


def ask_all(
    questions: Sequence[RgbQuestion], asker: RgbAsker, progress: Callable[[str, int, int], None]
) -> list[RgbAsked]:
    """Every question, with progress."""
    asked = []
    for number, question in enumerate(questions, 1):
        asked.append(asker.ask(question))
        progress("提问 asking", number, len(questions))
    return asked


def parts_stated(question: RgbQuestion, answer: Answer) -> float:
    """The share of the question's parts that an answer states: one of the wordings stands in it, after the usual
    normalisation. Stricter than the authors' own count: "8" does not stand in "2018", nor "1月3日" in "11月3日"."""
    if answer.refused:
        return 0.0
    said = normalise(" ".join((_MARKER.sub("", answer.text), *(item.text for item in answer.items))))
    return sum(any(_stands(normalise(wording), said) for wording in part) for part in question.parts) / len(
        question.parts
    )


def _stands(wording: str, said: str) -> bool:
    before = r"(?<![\d.])" if wording[:1].isdigit() else ""
    after = r"(?!\d)" if wording[-1:].isdigit() else ""
    return bool(wording) and re.search(before + re.escape(wording) + after, said) is not None


def ranks(asked: Sequence[tuple[bool, ...]]) -> dict[str, float]:
    """hit@1, hit@20 and MRR@10 of ranked lists, meaned."""
    number = max(1, len(asked))
    return {
        "hit@1": round(sum(hit_rate.score(row, 1) for row in asked) / number, 4),
        "hit@20": round(sum(hit_rate.score(row, 20) for row in asked) / number, 4),
        "mrr@10": round(sum(reciprocal_rank.score(row, 10) for row in asked) / number, 4),
    }
