"""``suanlian eval`` of answers that a language model writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.statements import read_statements
from rag import InputError, LanguageModelMissingError, Settings
from suanlian.cli import app
from tests.api.fake import FakeAssistant
from tests.api.live import running

MILL = "# 磨坊\n\n磨坊建于1880年，坐落在河边。磨坊的主人是石家。\n"
TABLE = "问题,标准答案\n磨坊建于哪一年？,1880年\n磨坊的主人是谁？,石家\n桥梁有多长？,\n"


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RAG_MODEL", "hash")
    monkeypatch.setenv("RAG_INDEX", str(tmp_path / "index"))


@pytest.fixture
def lying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_LLM_PROVIDER", "fake")
    monkeypatch.setenv("RAG_LLM_MODEL", "wrong_number")


@pytest.fixture
def call(tmp_path: Path) -> list[str]:
    """A set of one's own over documents of one's own."""
    table, mill = tmp_path / "own.csv", tmp_path / "docs" / "mill.md"
    mill.parent.mkdir()
    table.write_text(TABLE, encoding="utf-8")
    mill.write_text(MILL, encoding="utf-8")
    return [str(table), "--documents", str(mill.parent)]


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["eval", *arguments])


def test_a_mode_is_kept_and_compared(call: list[str], tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    result = invoke(*call, "--mode", "extractive", "--save", str(saved))
    assert result.exit_code == 0, result.output
    assert "own.csv (extractive)" in result.stdout
    (run,) = json.loads(saved.read_text(encoding="utf-8"))
    assert (run["mode"], run["writing"]) == ("extractive", None)
    again = invoke(*call, "--compare", str(saved), "--json")
    (compared,) = json.loads(again.stdout)
    assert (compared["mode"], compared["compared"]["a"]) == ("auto", "own.csv (extractive)")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--mode", "llm"], "No language model is configured"),
        (["--record", "r.jsonl"], "No language model is configured"),
        (["--statements", "s.jsonl"], "No language model is configured"),
        (["--record", "r.jsonl", "--replay", "r.jsonl"], "give one of the two"),
        (["--mode", "extractive", "--statements", "s.jsonl"], "--mode extractive asks none"),
        (["--replay", "none.jsonl"], "Make one with --record"),
    ],
)
def test_what_does_not_go_together_is_told_before_anything_is_asked(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*call, *options)
    assert isinstance(result.exception, InputError)
    assert words in result.exception.en
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.mark.parametrize("option", ["--record", "--replay", "--statements"])
def test_a_service_s_model_is_its_own(call: list[str], option: str) -> None:
    result = invoke(call[0], "--url", "http://127.0.0.1:1", option, "x.jsonl")
    assert isinstance(result.exception, InputError) and "leave out --url" in result.exception.en


def test_a_service_is_asked_in_the_mode(tmp_path: Path) -> None:
    table = tmp_path / "tea.csv"
    table.write_text("问题,答案\n茶园有多少亩？,三千二百亩\n", encoding="utf-8")
    fake = FakeAssistant()
    with running(Settings(port=0), fake) as url:
        result = invoke(str(table), "--url", url, "--mode", "extractive", "--json")
        refused = invoke(str(table), "--url", url, "--mode", "llm")
    assert result.exit_code == 0, result.output
    assert {asked["mode"] for asked in fake.calls if "mode" in asked} == {"extractive", "llm"}
    assert json.loads(result.stdout)[0]["mode"] == "extractive"
    assert isinstance(refused.exception, LanguageModelMissingError)


@pytest.mark.usefixtures("lying")
def test_a_model_that_errs_is_recorded_replayed_and_its_statements_written_down(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies, statements = tmp_path / "replies.jsonl", tmp_path / "statements.jsonl"
    options = ["--mode", "llm", "--statements", str(statements), "--json"]
    first = invoke(*call, *options, "--record", str(replies))
    assert first.exit_code == 0, first.output
    (run,) = json.loads(first.stdout)
    assert (run["mode"], run["writing"]["tokens"]["models"]) == ("llm", ["wrong_number"])
    told = read_statements(statements)
    assert told and {each.outcome for each in told} <= {"moved", "replaced", "dropped", "kept"}
    assert all("1880" in each.said for each in told if "1880" in "".join(each.quotes))

    monkeypatch.setenv("RAG_LLM_PROVIDER", "openai")
    monkeypatch.setenv("RAG_LLM_BASE_URL", "http://127.0.0.1:1/v1")  # where nothing is
    again = invoke(*call, *options, "--replay", str(replies))
    assert again.exit_code == 0, again.output
    (replayed,) = json.loads(again.stdout)
    assert [row["answer"]["answer"] for row in replayed["questions"]] == [
        row["answer"]["answer"] for row in run["questions"]
    ]
    assert read_statements(statements) == told


@pytest.mark.usefixtures("lying")
def test_a_reply_that_a_recording_lacks_ends_a_run_in_any_mode(call: list[str], tmp_path: Path) -> None:
    replies = tmp_path / "replies.jsonl"
    assert invoke(*call, "--record", str(replies)).exit_code == 0
    first = replies.read_text(encoding="utf-8").splitlines()[0]
    row = json.loads(first)
    row["prompt"] = "0" * 64
    replies.write_text(json.dumps(row) + "\n", encoding="utf-8")
    result = invoke(*call, "--mode", "auto", "--replay", str(replies))
    assert isinstance(result.exception, InputError)
    assert "holds no reply" in result.exception.en
