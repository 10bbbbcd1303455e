"""The command that fits the weights."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from evals.training import facts
from evals.training.crossvalidation import Read
from evals.training.examples import Example
from rag.answer.spans_weights import Weights


def test_the_command_writes_what_the_library_reads(
    examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(facts, "squad_examples", lambda path, settings: (examples, 40))
    monkeypatch.setattr(facts, "Console", lambda: Console(width=200))
    out = tmp_path / "weights.txt"
    facts.main(tmp_path / "one.json", tmp_path / "two.json", out)
    weights = Weights.parse(out.read_text(encoding="utf-8"))
    printed = capsys.readouterr().out
    assert weights.general and f"{facts.count(weights)} weights" in printed
    assert "40 questions, 36 ask for a fact, 36 have it in reach" in printed and "mills" in printed


def test_the_figures_are_means_by_material_and_by_type(examples: list[Example]) -> None:
    person = next(example for example in examples if example.sought.sort == "person")
    place = next(example for example in examples if example.sought.sort == "place")
    reads = [Read(person, person.answers[0], person.answers[0]), Read(place, "", "")]
    assert facts.figures(reads) == [("mills", "2", "0.500", "0.500", "0.500")]
    assert ("mills place", "1", "0.000", "0.000", "0.000") in facts.figures(reads, by_type=True)
