"""``suanlian judge``."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rag import FileError, InputError
from suanlian.cli import app
from tests.evals.model_samples import DROPPED, KEPT, MOVED, REPLACED, statement


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    path = tmp_path / "statements.jsonl"
    rows = [statement(n, (KEPT, KEPT, MOVED, REPLACED, DROPPED)[n % 5]) for n in range(20)]
    path.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["judge", *map(str, arguments)])


def fill_in(sheet: Path, *, leave: int = 0) -> None:
    """Judge as a reader would: 1890 is not 1880, and nothing but the owner's sentence says who he is."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[leave:]:
        wrong = "1890" in row["text"] or ("主人" in row["text"] and "主人" not in row["sentences"])
        row["supported"] = "否" if wrong else "是"
    with sheet.open("w", encoding="gb18030", newline="") as file:  # as Excel saves it
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_drawn_judged_and_scored(statements: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "out" / "sheet.csv"
    drawn = invoke("draw", statements, "--draw", 100, "--seed", 7, "-o", sheet)
    assert drawn.exit_code == 0, drawn.output
    assert "核对前 before 20, 核对后 after 16" in drawn.output
    fill_in(sheet)
    found = json.loads(invoke("score", sheet, "--json").stdout)
    assert (found["before"]["faithfulness"], found["after"]["faithfulness"]) == (0.4, 1.0)
    assert (found["before"]["uncited"], found["check"]["precision"]["share"]) == (4, 1.0)
    said = invoke("score", sheet).stdout
    assert "核对前 before the check: faithfulness 0.400 [" in said
    assert "8 / 20 supported, 4 named no sentence" in said
    assert "precision of the check: 1.000 [" in said


def test_a_sheet_half_read_says_so(statements: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    invoke("draw", statements, "-o", sheet)
    fill_in(sheet, leave=3)
    assert "not judged" in invoke("score", sheet).stdout


def test_a_sheet_is_not_drawn_over_one_that_may_be_judged(statements: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.jsonl"
    assert invoke("draw", statements, "-o", sheet).exit_code == 0
    before = sheet.read_bytes()
    assert isinstance(invoke("draw", statements, "--seed", 8, "-o", sheet).exception, InputError)
    assert sheet.read_bytes() == before


def test_what_is_wrong_with_the_call(statements: Path, tmp_path: Path) -> None:
    assert isinstance(invoke("draw", tmp_path / "none.jsonl", "-o", tmp_path / "s.csv").exception, FileError)
    assert isinstance(invoke("score", tmp_path / "none.csv").exception, FileError)
    assert invoke("draw", statements, "--draw", 0).exit_code == 2
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    assert isinstance(invoke("draw", tmp_path / "empty.jsonl", "-o", tmp_path / "s.csv").exception, InputError)
    assert not (tmp_path / "s.csv").exists()
