"""A framework in a process of its own."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console

from evals.benchmarks.peers.figures import as_rows, show
from evals.benchmarks.peers.run import compare, passages_of, peak_memory_mb
from evals.benchmarks.squad import load_squad
from rag import Settings


def test_gold_passages_are_those_over_the_gold_span(squad_file: Path) -> None:
    benchmark = load_squad(squad_file)
    texts, gold = passages_of(benchmark, benchmark.questions, 300)
    for question, numbers in zip(benchmark.questions, gold, strict=True):
        assert len(numbers) == 1
        assert question.answers[0] in texts[next(iter(numbers))]


def test_this_library_s_row(squad_file: Path, tmp_path: Path) -> None:
    benchmark = load_squad(squad_file)
    (row,) = compare([], benchmark, benchmark.questions, Settings(model="hash", model_dir=tmp_path))
    assert (row.name, row.figures["hit@1"], row.figures["hit@5"]) == ("suanlian", 1.0, 1.0)
    assert row.ms_p50 > 0 and row.build_s > 0 and row.memory_mb > 50
    shown = io.StringIO()
    show("tiny", [row], Console(file=shown, width=120))
    assert "suanlian" in shown.getvalue() and "peak MB" in shown.getvalue()
    assert json.loads(json.dumps(as_rows([row])))[0]["figures"]["mrr@10"] == 1.0


def test_without_the_model_s_time_the_same_is_found(squad_file: Path, tmp_path: Path) -> None:
    benchmark = load_squad(squad_file)
    settings = Settings(model="hash", model_dir=tmp_path)
    (row,) = compare([], benchmark, benchmark.questions, settings, beside_model=True)
    assert row.figures["hit@1"] == 1.0 and row.ms_p50 > 0
    assert row.memory_mb is None
    shown = io.StringIO()
    show("tiny", [row], Console(file=shown, width=120))
    assert "–" in shown.getvalue()


def test_memory_is_this_process_s_own() -> None:
    before = peak_memory_mb()
    held = bytearray(80 * 2**20)
    assert peak_memory_mb() >= before and len(held) > 0
