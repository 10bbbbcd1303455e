"""``suanlian bench``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from suanlian.cli import app


@pytest.fixture
def squad_file(tmp_path: Path) -> Path:
    qas = [{"id": "q", "question": "水泵由什么制成？", "answers": [{"text": "铸铁", "answer_start": 3}]}]
    data = [{"id": "a", "title": "", "paragraphs": [{"id": "p", "context": "水泵由铸铁制成。", "qas": qas}]}]
    path = tmp_path / "tiny.json"
    path.write_text(json.dumps({"data": data}), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RAG_MODEL", "hash")
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))


def test_json_holds_figures_and_questions(squad_file: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "drcd", "--data", str(squad_file), "--floors", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    (found,) = told["halves"].values()
    assert (found["questions"], found["hit@1"], found["floors"]["bm25"]["hit@1"]) == (1, 1.0, 1.0)
    assert [row["id"] for row in told["questions"]] == ["q"]
    assert not (tmp_path / "index").exists()


def test_a_table_for_people(squad_file: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "cmrc2018", "--data", str(squad_file), "--limit", "1"])
    assert result.exit_code == 0, result.output
    assert "mrr@10" in result.stdout


@pytest.mark.parametrize("wrong", [["squad"], ["drcd", "--half", "dev"], ["drcd", "--limit", "0"]])
def test_a_wrong_call_exits_with_2(squad_file: Path, wrong: list[str]) -> None:
    assert CliRunner().invoke(app, ["bench", *wrong, "--data", str(squad_file)]).exit_code == 2
