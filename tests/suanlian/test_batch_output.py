import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rag import BatchJournal, BatchLine, FileError, batch_lines, run_batch
from suanlian.batch_output import check_kind, same_questions, write_answers
from tests.api.fake import FakeAssistant

ROWS: list[dict[str, Any]] = [
    {"id": "甲", "question": "谁在种茶？", "answer": "=1+1", "备注": "@SUM(A1)"},
    {"id": "-2", "question": "=cmd|面积多少", "answer": "-5", "备注": "＝1\n二"},
    {"id": "+x", "question": "？", "备注": "\x07\tok"},
    {"id": "丁", "question": "何时开垦？", "备注": "茶" * 40_000, "n": 3, "number": 10**17, "list": [1]},
]


@pytest.fixture
def lines() -> list[BatchLine]:
    return list(batch_lines(enumerate(ROWS, 1), max_chars=100))


@pytest.fixture
def journal(tmp_path: Path, lines: list[BatchLine]) -> BatchJournal:
    fake = FakeAssistant()
    with BatchJournal(tmp_path / "j") as journal:
        run_batch(lines, lambda line: fake.ask(line.asked()).as_dict(), journal)
    return journal


def test_a_csv_that_excel_reads_and_does_not_run(tmp_path: Path, journal: BatchJournal, lines: list[BatchLine]) -> None:
    out = tmp_path / "out.csv"
    write_answers(out, journal, lines)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        found = list(reader)
    assert reader.fieldnames == [
        *("id", "question", "answer", "refused", "confidence", "mode", "fallback", "incomplete"),
        *(
            "short_answer",
            "items",
            "citations",
            "citations_json",
            "error",
            "input_answer",
            "备注",
            "n",
            "number",
            "list",
        ),
    ]
    assert [row["id"] for row in found] == ["甲", "-2", "'+x", "丁"]
    assert [row["question"] for row in found] == ["谁在种茶？", "'=cmd|面积多少", "", "何时开垦？"]
    assert [row["input_answer"] for row in found] == ["'=1+1", "-5", "", ""]
    assert [row["备注"][:5] for row in found] == ["'@SUM", "'＝1\n二", "\x07\tok", "茶茶茶茶茶"]
    assert [row["refused"] for row in found] == ["false", "false", "", "true"]
    assert found[0]["items"] == "青禾茶园、云脚农场、松风合作社、青禾茶厂、石桥制茶"
    assert found[1]["short_answer"] == "三千二百亩"
    assert float(found[1]["confidence"]) == 0.97
    shown = "[1] 𠮷岚镇茶业观察：从茶园到茶杯 › 概况: “茶园面积为三千二百亩”"
    assert found[1]["citations"] == shown
    assert len(found[0]["citations"].split("\n")) == 3
    [citation] = json.loads(found[1]["citations_json"])
    assert (citation["quote"], citation["end"] - citation["start"]) == ("茶园面积为三千二百亩", 10)
    assert found[2]["error"].startswith("question_wordless: 问题里只有标点")
    assert same_questions(out, lines)
    assert not same_questions(out, lines[1:])


def test_a_workbook_without_a_formula(tmp_path: Path, journal: BatchJournal, lines: list[BatchLine]) -> None:
    out = tmp_path / "out.xlsx"
    write_answers(out, journal, lines)
    sheet = openpyxl.load_workbook(out).active
    header, *rows = list(sheet.iter_rows())
    found = [dict(zip([cell.value for cell in header], row, strict=True)) for row in rows]
    # Text stays what it is, and is text.
    assert [row["question"].value for row in found] == ["谁在种茶？", "=cmd|面积多少", None, "何时开垦？"]
    assert [row["input_answer"].value for row in found] == ["=1+1", "-5", None, None]
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr", "n", "b"}
    marked = {cell.value for row in rows for cell in row if cell.quotePrefix}
    assert marked == {"=1+1", "@SUM(A1)", "-2", "=cmd|面积多少", "-5", "＝1\n二", "+x"}
    assert found[3]["refused"].value is True
    assert found[0]["confidence"].value == 0.93
    assert found[2]["备注"].value == "\tok"  # XML has no room for the bell
    assert len(found[3]["备注"].value) == 32_767
    assert [found[3][name].value for name in ("n", "number", "list")] == [3, "100000000000000000", "[1]"]
    assert same_questions(out, lines)


def test_how_each_answer_was_made_is_in_its_row(tmp_path: Path) -> None:
    rows = [{"question": question} for question in ("谁撰写", "谁退回", "谁中断", "谁种茶")]
    lines, fake = list(batch_lines(enumerate(rows, 1), max_chars=100)), FakeAssistant()
    with BatchJournal(tmp_path / "j") as journal:
        run_batch(lines, lambda line: fake.ask(line.asked()).as_dict(), journal)
    write_answers(tmp_path / "out.csv", journal, lines)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [(row["mode"], row["fallback"], row["incomplete"]) for row in csv.DictReader(file)]
    assert found == [
        ("llm", "", "false"),
        ("extractive", "late", "false"),
        ("llm", "", "true"),
        ("extractive", "", "false"),
    ]
    write_answers(tmp_path / "out.xlsx", journal, lines)
    header, *cells = openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)
    at = [header.index(name) for name in ("mode", "fallback", "incomplete")]
    assert [tuple(row[n] for n in at) for row in cells][:3] == [
        ("llm", None, False),
        ("extractive", "late", False),
        ("llm", None, True),
    ]
    write_answers(tmp_path / "out.jsonl", journal, lines)
    told = [json.loads(line)["reply"] for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [len(reply["repairs"]) for reply in told] == [3, 0, 0, 0]
    assert same_questions(tmp_path / "out.xlsx", lines)


def test_lines_as_the_service_sends_them(tmp_path: Path, journal: BatchJournal, lines: list[BatchLine]) -> None:
    out = tmp_path / "out.ndjson"
    write_answers(out, journal, lines)
    assert out.read_bytes() == b"".join(result + b"\n" for result in journal.results(lines))
    assert same_questions(out, lines)
    out.write_text("[]\n")
    assert not same_questions(out, lines)


def test_a_form_that_is_not_written(tmp_path: Path) -> None:
    check_kind(tmp_path / "out.XLSX")
    with pytest.raises(FileError, match=r"name the output \.jsonl, \.csv or \.xlsx"):
        check_kind(tmp_path / "out.pdf")
