"""Whether confidence deserves its name: what it predicts is that every point of the answer is right and cited.

``all`` is over every question, refusals too, each with the confidence that its answer was held back at and the event
0 (:mod:`evals.metrics.right_and_cited`). Since a refusal *is* a low confidence, that flatters; ``answered`` is over the
questions that were answered, where confidence has to tell right from wrong by itself. ``auroc_answerable`` says how
well confidence tells questions that the material answers from those it does not, whatever was answered.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.metrics import aurc, auroc, brier, ece
from evals.score import EVENT, Scored

FIGURES = {"aurc": aurc.score, "auroc": auroc.score, "brier": brier.score, "ece": ece.score}
Numbers = npt.NDArray[np.float64]


def calibration(scored: Sequence[Scored]) -> dict[str, Any]:
    """For JSON: figures of all questions and of those answered, each with its bins and risk–coverage curve."""
    confidence, _ = confidence_and_event(scored)
    answerable = np.array([s.question.answerable for s in scored], dtype=float)
    return {
        "event": EVENT,
        "all": _figures(scored),
        "answered": _figures([s for s in scored if not s.answer.refused]),
        "auroc_answerable": rounded(auroc.score(confidence, answerable)),
    }


def confidence_and_event(scored: Sequence[Scored]) -> tuple[Numbers, Numbers]:
    """Of each question its confidence in [0, 1], and whether the event came, 0 or 1; both (n,)."""
    confidence = np.array([s.answer.confidence for s in scored], dtype=float)
    return np.clip(confidence, 0, 1), np.array([s.scores[EVENT] for s in scored], dtype=float)


def rounded(value: float) -> float | None:
    """A figure as it is kept: four places; None where there is none."""
    return None if math.isnan(value) else round(value, 4)


def _figures(scored: Sequence[Scored]) -> dict[str, Any]:
    confidence, event = confidence_and_event(scored)
    figures: dict[str, Any] = {"questions": len(scored), "right": int(event.sum())}
    figures |= {name: rounded(figure(confidence, event)) for name, figure in FIGURES.items()}
    figures["bins"] = [_round(asdict(each)) for each in ece.bins(confidence, event)]
    figures["risk_coverage"] = [_round(asdict(point)) for point in aurc.curve(confidence, event)]
    return figures


def _round(row: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}
