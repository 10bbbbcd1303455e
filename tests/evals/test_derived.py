"""The questions whose answers are computed from lists are well formed, and their golds stand in the bundled corpus."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.evals.test_questions import CORPUS, FIELDS, normalise

LINES = (Path(__file__).parents[2] / "evals" / "questions" / "derived.jsonl").read_text(encoding="utf-8").splitlines()
QUESTIONS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
TEXT = normalise("\n".join(CORPUS.values()))


def test_there_are_enough_and_none_stands_twice() -> None:
    assert len(QUESTIONS) >= 15
    assert (
        len({row["id"] for row in QUESTIONS})
        == len({normalise(row["question"]) for row in QUESTIONS})
        == len(QUESTIONS)
    )


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: str(row["id"]))
def test_golds_can_be_computed_from_the_evidence(row: dict[str, Any]) -> None:
    assert set(row) == FIELDS
    assert row["segment"] in CORPUS
    for point in row["points"]:
        spans = [normalise(span) for span in point["evidence"]]
        assert spans and all(span in TEXT for span in spans)
        counted = re.fullmatch(r"(\d+)家", point["any_of"][0])
        named = row["items"] if counted else point["any_of"]
        assert all(any(normalise(name) in span for span in spans) for name in named)
        assert not counted or int(counted[1]) == len(row["items"])
