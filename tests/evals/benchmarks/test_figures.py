"""Figures of a run."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from evals.benchmarks.asked import Asked, ask
from evals.benchmarks.figures import as_rows, figures
from evals.benchmarks.halves import by_half, show
from evals.benchmarks.indexed import indexed
from evals.benchmarks.squad import load_squad
from rag import Settings


@pytest.fixture
def asked(squad_file: Path, tmp_path: Path) -> list[Asked]:
    benchmark = load_squad(squad_file)
    with indexed(benchmark.paragraphs, Settings(model="hash", model_dir=tmp_path)) as made:
        return [ask(question, made.assistant, made.documents) for question in benchmark.questions]


def test_figures_are_means_and_medians(asked: list[Asked]) -> None:
    found = figures(asked)
    assert found["questions"] == 3
    assert found["hit@1"] == pytest.approx(sum(one.scores()["hit@1"] for one in asked) / 3, abs=1e-4)
    assert found["quote_chars_median"] in {length for one in asked for length in one.quotes}


def test_each_half_has_its_own(asked: list[Asked]) -> None:
    halves = by_half(asked, figures)
    assert set(halves) == {one.question.half for one in asked}
    assert sum(found["questions"] for found in halves.values()) == 3


def test_no_question_is_no_figure() -> None:
    assert figures([])["ms_p50"] is None
    assert by_half([], figures) == {}
    show("none", {}, Console(file=io.StringIO()))


def test_it_is_shown_and_kept(asked: list[Asked]) -> None:
    shown = io.StringIO()
    halves = by_half(asked, figures)
    first = next(iter(halves))
    halves[first]["floors"] = {"bm25": {"hit@1": 0.5}}
    show("tiny", halves, Console(file=shown, width=100))
    assert "mrr@10" in shown.getvalue() and "bm25: hit@1" in shown.getvalue()
    rows = json.loads(json.dumps(as_rows(asked)))
    assert [row["id"] for row in rows] == [one.question.id for one in asked]
    assert rows[0]["golds"] == ["1952年"]
