"""Runs in RAGAS's form, so that its metrics can be put to the same answers.

One JSON object a line with the fields of ``SingleTurnSample`` (``EvaluationDataset.from_jsonl`` reads the file):
``user_input``, ``response``, ``retrieved_contexts``, ``reference`` and, where the set holds them, ``reference_contexts``
(https://docs.ragas.io/en/stable/concepts/components/eval_dataset/). All samples of a RAGAS dataset are of one kind, so
a follow-up is given as the question that it was read as, not as a conversation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evals.runs import Run
from evals.score import Scored

_MARK = re.compile(r"\[\d+\]")  # of a citation; RAGAS's judges read them as words
# What a sample of a question without an answer should say; RAGAS has no field for it.
REFUSAL = "资料中没有答案。"


def sample(s: Scored) -> dict[str, Any]:
    """One question as a ``SingleTurnSample``: contexts are the passages found, best first, else those cited."""
    question, answer = s.question, s.answer
    found = [passage.text for passage in s.ranking.retrieved] or [c.text for c in answer.citations]
    gold = "；".join(point.any_of[0] for point in question.points)
    evidence = list(dict.fromkeys(words for point in question.points for words in point.evidence))
    sample: dict[str, Any] = {
        "user_input": answer.standalone_question if question.history else question.question,
        "response": _MARK.sub("", answer.text),
        "retrieved_contexts": list(dict.fromkeys(found)),
        "reference": gold if question.answerable else REFUSAL,
    }
    return {**sample, "reference_contexts": evidence} if evidence else sample


def write_ragas(path: Path, runs: Iterable[Run]) -> None:
    """Every question of the runs in a file (UTF-8), a line each; folders on the way are made."""
    lines = [json.dumps(sample(s), ensure_ascii=False) for run in runs for s in run.scored]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
