"""The plain floors."""

from __future__ import annotations

from pathlib import Path

from evals.benchmarks.floors import floor_figures
from evals.benchmarks.indexed import indexed
from evals.benchmarks.squad import load_squad
from rag import Settings


def test_plain_tools_find_what_shares_its_words(squad_file: Path, tmp_path: Path) -> None:
    benchmark = load_squad(squad_file)
    with indexed(benchmark.paragraphs, Settings(model="hash", model_dir=tmp_path)) as made:
        found = floor_figures(benchmark.questions, made.assistant, made.documents)
    assert set(found) == {"bm25", "rrf"}
    assert found["bm25"] == {"hit@1": 1.0, "hit@5": 1.0, "mrr@10": 1.0}
    assert found["rrf"]["hit@5"] == 1.0
