"""Sheets for a reader, as files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from evals.judging import Drawn, Pair
from evals.sheets import key_of, read_key, read_sheet, write_sheet
from rag import FileError, InputError

PAIRS = [
    Pair("001", "磨坊建于哪一年？", "磨坊建于1880年", ("〔磨坊〕磨坊建于1880年。", "它坐落在河边。")),
    Pair("002", "=1+1", "-磨坊", ("@石家",)),
]
KEY = [Drawn("q1.1", "kept", "", "001", "001"), Drawn("q2.1", "replaced", "number", "002", "")]


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.jsonl"])
def test_a_sheet_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out" / name
    judged = [replace(PAIRS[0], supported=True, note="清楚"), PAIRS[1]]
    write_sheet(path, judged, KEY)
    first, second = read_sheet(path)
    assert first == judged[0]
    assert (second.id, second.supported) == ("002", None)
    assert read_key(key_of(path)) == KEY


def test_a_spreadsheet_runs_nothing_of_it(tmp_path: Path) -> None:
    write_sheet(tmp_path / "sheet.csv", PAIRS, KEY)
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        header, _, odd = list(csv.reader(file))
    assert header == ["id", "question", "text", "sentences", "supported", "note"]
    assert odd == ["002", "'=1+1", "'-磨坊", "'@石家", "", ""]


def test_judgements_are_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    write_sheet(path, PAIRS, KEY)
    before = path.read_bytes()
    with pytest.raises(InputError, match="may hold judgements"):
        write_sheet(path, PAIRS[:1], KEY)
    assert path.read_bytes() == before
    with pytest.raises(InputError, match=r"name it \.csv or \.jsonl"):
        write_sheet(tmp_path / "sheet.txt", PAIRS, KEY)


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("yes", True), ("是", True), ("TRUE", True), ("1", True), ("no", False), ("否", False), ("0", False), (" ", None)],
)
def test_what_a_reader_may_write(tmp_path: Path, word: str, verdict: bool | None) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"id,question,text,sentences,supported,note\n7,问,答,句,{word},\n", encoding="gb18030")
    (pair,) = read_sheet(path)
    assert (pair.id, pair.supported) == ("007", verdict)


def test_a_judgement_in_json_may_be_a_truth_value(tmp_path: Path) -> None:
    path = tmp_path / "sheet.jsonl"
    row = {"id": "001", "question": "问", "text": "答", "sentences": ["句"], "supported": False}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert read_sheet(path)[0].supported is False


def test_what_is_no_judgement_is_told_by_its_row(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("id,question,text,sentences,supported,note\n1,问,答,句,也许,\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"sheet\.csv, row 2 .*write yes or no"):
        read_sheet(path)


def test_a_sheet_or_key_that_is_not_there(tmp_path: Path) -> None:
    for name in ("none.csv", "none.jsonl"):
        with pytest.raises(FileError, match="judge draw"):
            read_sheet(tmp_path / name)
    with pytest.raises(FileError, match="its key must stand beside it"):
        read_key(tmp_path / "none.key.jsonl")
    (tmp_path / "bad.key.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(FileError, match="line 1 is not JSON"):
        read_key(tmp_path / "bad.key.jsonl")
