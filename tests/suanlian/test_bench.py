"""``suanlian bench``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag import InputError
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


def test_news_lie_among_the_paragraphs(squad_file: Path, tmp_path: Path) -> None:
    news = tmp_path / "news.txt"
    news.write_text("风车由木头制成。\n甲厂位于北方。\n", encoding="utf-8")
    called = ["bench", "drcd", "--data", str(squad_file), "--distractors", str(news), "--json"]
    told = json.loads(CliRunner().invoke(app, called).stdout)
    assert (told["index"]["paragraphs"], told["index"]["news_articles"], told["index"]["passages"]) == (1, 2, 3)
    (found,) = told["halves"].values()
    assert found["hit@1"] == 1.0 and found["ms_p95"] >= found["ms_p50"]


@pytest.mark.parametrize("as_json", [True, False])
def test_rgb(tmp_path: Path, as_json: bool) -> None:
    row = {
        "id": 0,
        "query": "水泵由什么制成？",
        "answer": ["铸铁"],
        "positive": ["水泵由铸铁制成。"],
        "negative": ["风车由木头制成。"],
    }
    path = tmp_path / "zh.json"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    result = CliRunner().invoke(app, ["bench", "rgb", "--data", str(path), *(["--json"] if as_json else [])])
    assert result.exit_code == 0, result.output
    if as_json:
        (found,) = json.loads(result.stdout)["halves"].values()
        assert found["noise"]["0.0"]["every part"] == 1.0
    else:
        assert "refusal: auroc" in result.stdout


def test_peers_tells_an_unknown_name(squad_file: Path) -> None:
    result = CliRunner().invoke(app, ["bench", "peers", "--data", str(squad_file), "--peer", "elastic"])
    assert isinstance(result.exception, InputError)


def test_peers_may_be_this_library_alone(squad_file: Path) -> None:
    called = ["bench", "peers", "--data", str(squad_file), "--peer", "suanlian", "--json"]
    told = json.loads(CliRunner().invoke(app, called).stdout)
    assert [row["name"] for row in told["rows"]] == ["suanlian"]
