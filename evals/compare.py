"""Two runs compared, question by question: what changed, how sure that is, and where.

Questions are matched by id; one whose wording or gold differs between the runs is left out and named. A metric is
compared over the questions that it scores in both runs (one that refuses more loses list precision's questions: see
``false_refusal`` beside it). The p-values are each metric's own, not corrected for there being several.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evals.runs import Run
from evals.score import EVENT, LOWER_IS_BETTER, MEANS, MEDIANS, Scored
from evals.statistics import Alternative, Interval, interval, paired_test
from rag import InputError

Pairs = Mapping[str, tuple[float, float]]  # question id → the score in the one run and in the other

_EXTRA = ("brier", "verbatim")
COMPARED = (*MEANS, *MEDIANS, EVENT, *_EXTRA)
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """How a metric differs between run ``a`` and run ``b``.

    ``a`` and ``b`` are means over the ``questions`` scored in both, ``difference`` is ``b - a`` with its 95 % interval,
    ``p`` the paired test's. ``better`` and ``worse`` are the ids of the questions where ``b`` won and lost, those that
    changed most first.
    """

    metric: str
    questions: int
    a: float
    b: float
    difference: float
    ci: Interval | None
    p: float
    wins: int
    losses: int
    ties: int
    better: tuple[str, ...]
    worse: tuple[str, ...]

    @property
    def gained(self) -> bool:
        """Whether the mean became better, whichever way the metric is better."""
        return gain(self.metric, self.a, self.b) > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs by name (and mode, where that is what differs), the differences of every metric that both have, and the questions that could not be matched:
    in one run alone, or in both with another wording or gold."""

    a: str
    b: str
    differences: tuple[Difference, ...]
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def compare(run_a: Run, run_b: Run) -> Comparison:
    """What is different in ``run_b``, as against ``run_a``.

    Raises:
        InputError: the runs have no question in common.
    """
    a, b = ({s.question.id: s for s in run.scored} for run in (run_a, run_b))
    same = [id for id in a if id in b and a[id].question == b[id].question]
    if not same:
        raise InputError(
            f"The runs {run_a.name} and {run_b.name} have no question in common. Compare runs of one question set.",
            f"{run_a.name} 与 {run_b.name} 两次评测没有共同的问题。请比较同一题集的评测。",
        )
    found = []
    for metric in COMPARED:
        scores = {id: (scored_by(metric, a[id]), scored_by(metric, b[id])) for id in same}
        pairs = {id: (one, other) for id, (one, other) in scores.items() if one is not None and other is not None}
        if pairs:
            found.append(difference(metric, pairs))
    modes = run_a.mode and run_b.mode and run_a.mode != run_b.mode
    return Comparison(
        run_a.label if modes else run_a.name,
        run_b.label if modes else run_b.name,
        tuple(found),
        tuple(id for id in a if id not in b),
        tuple(id for id in b if id not in a),
        tuple(id for id in a if id in b and id not in same),
    )


def difference(metric: str, pairs: Pairs, alternative: Alternative = "two-sided") -> Difference:
    """The difference of one metric over at least one pair. ``alternative="less"`` tests for ``b`` being the worse,
    whichever way the metric is better."""
    gains = {id: gain(metric, one, other) for id, (one, other) in pairs.items()}
    better = sorted((id for id, gain in gains.items() if gain > 0), key=lambda id: -gains[id])
    worse = sorted((id for id, gain in gains.items() if gain < 0), key=lambda id: gains[id])
    changes = [other - one for one, other in pairs.values()]
    return Difference(
        metric,
        len(pairs),
        _mean([one for one, _ in pairs.values()]),
        _mean([other for _, other in pairs.values()]),
        _mean(changes),
        interval(changes),
        round(paired_test(list(gains.values()), alternative), 4),
        len(better),
        len(worse),
        len(pairs) - len(better) - len(worse),
        tuple(better),
        tuple(worse),
    )


def gain(metric: str, one: float, other: float) -> float:
    """By how much the other score is better, less than 0 where it is worse."""
    gained = one - other if metric in LOWER_IS_BETTER or metric == "brier" else other - one
    return 0.0 if abs(gained) < _SAME else gained


def scored_by(metric: str, scored: Scored) -> float | None:
    """A question's score: one of ``Scored.scores``, ``verbatim``, or ``brier``, its squared error of confidence."""
    if metric == "verbatim":
        return float(scored.verbatim)
    if metric == "brier":
        event = scored.scores[EVENT]
        return None if event is None else (scored.answer.confidence - event) ** 2
    return scored.scores.get(metric)


def _mean(values: list[float]) -> float:
    return round(statistics.fmean(values), 4)
