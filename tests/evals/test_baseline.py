"""What counts as worse than the baseline."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from evals import baseline
from evals.baseline import GATED, BaselineMismatchError, Kept, check, differences, failed, keep
from evals.sets import load_set
from rag import FileError
from tests.evals.samples import answer, one, question, ranking, some

COMMITTED = Path(baseline.__file__).parent / "baselines"
BEFORE = keep(some())


def failures(now: list[Kept], before: list[Kept] | None = None) -> list[str]:
    return [each.metric for each in check(before or BEFORE, now) if failed(each)]


def test_the_same_scores_pass() -> None:
    assert failures(keep(some())) == []
    assert all(each.losses == 0 for each in check(BEFORE, keep(some())))


def test_better_scores_pass() -> None:
    assert failures(BEFORE, keep(some(wrong=frozenset(range(9))))) == []


@pytest.mark.parametrize(("lost", "won", "fails"), [(4, 0, False), (5, 0, True), (6, 1, False), (7, 1, True)])
def test_worse_is_what_chance_would_not_do(lost: int, won: int, fails: bool) -> None:
    # As the module's docstring promises: five lost and none won, seven and one.
    before = keep(some(wrong=frozenset(range(10, 10 + won))))
    now = keep(some(wrong=frozenset(range(lost))))
    assert failures(now, before) == (["fully_right", "citation_precision"] if fails else [])


def test_one_quote_that_is_not_verbatim_fails() -> None:
    scored = some()
    assert failures(keep((replace(scored[0], verbatim=False), *scored[1:]))) == ["verbatim"]


def test_refusing_more_and_finding_less_fail() -> None:
    scored = some()
    refused = tuple(replace(s, scores={**s.scores, "false_refusal": 1.0, "mrr@10": 0.5}) for s in scored[:20])
    assert {"false_refusal", "mrr@10"} <= set(failures(keep((*refused, *scored[20:]))))


def test_other_questions_are_told_by_name() -> None:
    scored = some()
    changed = one(replace(scored[1].question, question="另一问"), answer(), ranking(True))
    now = keep((changed, *scored[2:], one(question("new"), answer())))
    with pytest.raises(BaselineMismatchError, match=r"new: new; gone: q0; changed: q1\).*--write"):
        check(BEFORE, now)
    assert {each.metric: each.questions for each in differences(BEFORE, now)}["fully_right"] == 18


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "made" / "own.jsonl"
    baseline.write(path, BEFORE)
    assert baseline.read(path) == BEFORE
    assert "ms" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["{", '{"id": "a"}', "[]"])
def test_a_line_that_is_none_is_named(tmp_path: Path, words: str) -> None:
    path = tmp_path / "own.jsonl"
    baseline.write(path, BEFORE[:2])
    path.write_text(path.read_text(encoding="utf-8") + words + "\n", encoding="utf-8")
    with pytest.raises(FileError, match=re.escape(f"{path}, line 3")):
        baseline.read(path)
    with pytest.raises(FileError, match="no baseline to read"):
        baseline.read(tmp_path / "none.jsonl")


def test_the_committed_baseline_is_of_dev_as_it_stands() -> None:
    """Where this fails a question was edited: look at it, then `python -m evals.gate --write`."""
    kept = baseline.read(COMMITTED / "dev.jsonl")
    assert [(line.id, line.digest) for line in kept] == [(q.id, baseline.digest(q)) for q in load_set("dev")]
    assert all(set(line.scores) == set(GATED) for line in kept)
    assert all(line.scores["verbatim"] == 1.0 for line in kept)
