"""The 95 % confidence interval of each figure of a run (:mod:`evals.statistics`)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.calibration import FIGURES, confidence_and_event
from evals.score import MEANS, MEDIANS, Scored
from evals.statistics import Interval, interval


def intervals(scored: Sequence[Scored]) -> dict[str, Interval]:
    """By the figure's name in ``summary`` or, for ``aurc``, ``auroc``, ``brier`` and ``ece``, in ``calibration``'s
    ``all``. Figures of fewer than two questions have none."""
    found: dict[str, Interval | None] = {name: interval(_known(scored, name)) for name in MEANS}
    found |= {f"{name}_median": interval(_known(scored, name), statistic=np.median) for name in MEDIANS}
    found["quotes_verbatim"] = interval([float(s.verbatim) for s in scored])
    confidence, event = confidence_and_event(scored)
    if len(set(event)) == 2:
        found |= {
            name: interval(confidence, event, statistic=figure, vectorized=False) for name, figure in FIGURES.items()
        }
    return {name: each for name, each in found.items() if each is not None}


def _known(scored: Sequence[Scored], name: str) -> list[float]:
    return [value for s in scored if (value := s.scores.get(name)) is not None]
