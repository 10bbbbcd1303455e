"""A temporary index and what it took."""

from __future__ import annotations

from pathlib import Path

from evals.benchmarks.indexed import indexed
from evals.benchmarks.squad import Paragraph
from rag import Settings


def test_building_is_counted(tmp_path: Path) -> None:
    paragraphs = [Paragraph("a", "水泵", "水泵由铸铁制成。"), Paragraph("b", "风车", "风车由木头制成。")]
    with indexed(paragraphs, Settings(model="hash", model_dir=tmp_path)) as made:
        assert made.passages == 2
        assert 0 < made.encode_seconds < made.build_seconds
        assert made.build_figures()["passages"] == 2


def test_the_same_index_under_other_settings(tmp_path: Path) -> None:
    with indexed([Paragraph("a", "水泵", "水泵由铸铁制成。")], Settings(model="hash", model_dir=tmp_path)) as made:
        strict = made.again(refuse_below=1.0)
        assert strict.ask("水泵由什么制成？").refused
        assert not made.assistant.ask("水泵由什么制成？").refused
