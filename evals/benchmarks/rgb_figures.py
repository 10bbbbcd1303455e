"""RGB's figures: refusal, robustness to noise, integration of several passages, retrieval."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from evals.benchmarks.rgb_asked import NOISE, RgbAsked, Told, ranks
from evals.benchmarks.selective import paired_auroc
from evals.metrics import aurc


def figures(asked: Sequence[RgbAsked]) -> dict[str, Any]:
    """Everything that is reported of some questions.

    ``refusal``: AUROC of the confidence between each question over its positives and over its negatives alone, with
    its 95 % interval, the same with the negatives left among the positives, and that of plain BM25's top score; AURC
    over both askings (over its negatives every answer is an error); the shares refused. ``noise``: by share of noise,
    the share of questions with every part stated, the mean share of parts stated, the share refused. ``integration``:
    the same over all positives, for the questions that have several parts. ``retrieval``: among all passages.
    """
    urged = [told for one in asked for told in one.urged]
    alone = [one.negatives.answer for one in asked]
    several = [one.positives for one in asked if len(one.question.parts) > 1]
    return {
        "questions": len(asked),
        "refusal": {
            "auroc": paired_auroc(*_sure(asked, "positives")),
            "auroc among negatives": paired_auroc(*_sure(asked, "own")),
            "auroc of bm25": paired_auroc([one.bm25_best[0] for one in asked], [one.bm25_best[1] for one in asked]),
            "aurc": round(
                aurc.score(
                    [told.answer.confidence for told in urged],
                    [told.right and at % 2 == 0 for at, told in enumerate(urged)],
                ),
                4,
            ),
            "refused": _mean(float(answer.refused) for answer in alone),
            "false refused": _mean(float(one.positives.answer.refused) for one in asked),
            "false refused among negatives": _mean(float(one.own.answer.refused) for one in asked),
        },
        "noise": {f"{noise:.1f}": _stated([one.noisy[noise] for one in asked]) for noise in NOISE},
        "integration": _stated(several) if several else None,
        "retrieval": {
            "suanlian": ranks([one.ranked for one in asked]),
            "bm25": ranks([one.bm25_ranked for one in asked]),
        },
    }


def as_rows(asked: Sequence[RgbAsked]) -> list[dict[str, Any]]:
    """Each question with its answers, for JSON."""
    return [
        {
            "id": one.question.id,
            "half": one.question.half,
            "question": one.question.question,
            "parts": one.question.parts,
            "positives": _row(one.positives),
            "negatives": _row(one.negatives),
            "own": _row(one.own),
            "noise": {f"{noise:.1f}": _row(told) for noise, told in one.noisy.items()},
        }
        for one in asked
    ]


def _row(told: Told) -> dict[str, Any]:
    answer = told.answer
    return {
        "answer": answer.text,
        "refused": answer.refused,
        "confidence": answer.confidence,
        "parts": told.parts,
        "noise": round(told.noise, 3),
    }


def _sure(asked: Sequence[RgbAsked], over: str) -> tuple[list[float], list[float]]:
    return [getattr(one, over).answer.confidence for one in asked], [one.negatives.answer.confidence for one in asked]


def _stated(told: Sequence[Told]) -> dict[str, float]:
    return {
        "questions": len(told),
        "every part": _mean(float(one.right) for one in told),
        "parts": _mean(one.parts for one in told),
        "refused": _mean(float(one.answer.refused) for one in told),
        "share of noise": _mean(one.noise for one in told),
    }


def _mean(values: Iterable[float]) -> float:
    return round(statistics.fmean(values), 4)
