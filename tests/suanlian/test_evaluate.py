"""``suanlian eval``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from rag import FileError, InputError, Settings
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
def table(tmp_path: Path) -> str:
    path = tmp_path / "own.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    return str(path)


@pytest.fixture
def material(tmp_path: Path) -> str:
    path = tmp_path / "docs" / "mill.md"
    path.parent.mkdir()
    path.write_text(MILL, encoding="utf-8")
    return str(path.parent)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["eval", *arguments])


def test_a_table_of_one_s_own_over_documents_of_one_s_own(table: str, material: str, tmp_path: Path) -> None:
    result = invoke(table, "--documents", material, "--json")
    assert result.exit_code == 0, result.output
    (run,) = json.loads(result.stdout)
    assert (run["set"], run["summary"]["questions"], run["summary"]["quotes_verbatim"]) == ("own.csv", 3, 1.0)
    assert not (tmp_path / "index").exists()


def test_saved_compared_reported_and_exported(table: str, material: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    saved, report, ragas = (tmp_path / "out" / name for name in ("run.json", "report.html", "ragas.jsonl"))
    files = ["--save", str(saved), "--report", str(report), "--ragas", str(ragas)]
    result = invoke(table, "--documents", material, *files)
    assert result.exit_code == 0, result.output
    assert "own.csv" in result.stdout
    assert len(ragas.read_text(encoding="utf-8").splitlines()) == 3
    (run,) = json.loads(saved.read_text(encoding="utf-8"))
    assert all("trace" in row["answer"] for row in run["questions"])
    assert "逐题对照" not in report.read_text(encoding="utf-8")

    again = invoke(table, "--documents", material, "--compare", str(saved), "--report", str(report), "--json")
    assert again.exit_code == 0, again.output
    (compared,) = json.loads(again.stdout)
    assert {found["p"] for found in compared["compared"]["differences"]} == {1.0}
    assert "逐题对照" in report.read_text(encoding="utf-8")


def test_a_service_by_its_url(tmp_path: Path) -> None:
    own = tmp_path / "tea.jsonl"
    rows = [
        {"question": "茶园有多少亩？", "answer": "三千二百亩", "evidence": ["茶园面积为三千二百亩"]},
        {"question": "哪一年开垦？", "answer": ""},
    ]
    own.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    fake = FakeAssistant()
    with running(Settings(port=0, api_keys=SecretStr("a-key-of-some-length")), fake) as url:
        refused = invoke(str(own), "--url", url)
        result = invoke(str(own), "--url", url, "--api-key", "a-key-of-some-length", "--json")
    assert isinstance(refused.exception, InputError)
    assert result.exit_code == 0, result.output
    (run,) = json.loads(result.stdout)
    assert (run["summary"]["fully_right"], run["summary"]["refusal"], run["summary"]["judged"]) == (1.0, 1.0, 1)
    assert [row["verbatim"] for row in run["questions"]] == [True, True]


@pytest.mark.parametrize("option", ["--index", "--documents"])
def test_a_service_has_its_own_documents(table: str, option: str) -> None:
    result = invoke(table, "--url", "http://127.0.0.1:1", option, "x")
    assert isinstance(result.exception, InputError)


def test_a_run_of_other_sets_is_not_compared_with(table: str, material: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    saved.write_text("[]", encoding="utf-8")
    result = invoke(table, "--documents", material, "--compare", str(saved))
    assert isinstance(result.exception, InputError)


def test_what_is_wrong_with_the_call_is_told_before_anything_is_asked(table: str, tmp_path: Path) -> None:
    not_a_folder = tmp_path / "file"
    not_a_folder.write_text("", encoding="utf-8")
    assert isinstance(invoke("nothing.csv").exception, FileError)
    assert isinstance(invoke(table, "--compare", table).exception, FileError)
    assert isinstance(invoke(table, "--save", str(not_a_folder / "run.json")).exception, OSError)
    assert isinstance(invoke(table, "--report", str(tmp_path)).exception, OSError)
    assert not (tmp_path / "index").exists()
