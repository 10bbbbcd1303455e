"""Question sets from a team's own files."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from evals.sets import Question, load_set
from rag import FileError, InputError

ROWS = [
    {"question": "茶园有多少亩？", "answer": "3200亩|三千二百亩"},
    {"question": "茶园归谁所有？", "answer": ""},
]


def jsonl(path: Path, *rows: Any) -> str:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return str(path)


def check_rows(questions: list[Question]) -> None:
    """The two questions of ROWS, whatever file they came in."""
    first, second = questions
    assert (first.question, first.points[0].any_of, first.answerable) == (
        "茶园有多少亩？",
        ("3200亩", "三千二百亩"),
        True,
    )
    assert (second.points, second.answerable, second.kind) == ((), False, "unanswerable")
    assert first.id != second.id


def test_jsonl_of_questions_and_answers(tmp_path: Path) -> None:
    check_rows(load_set(jsonl(tmp_path / "own.jsonl", *ROWS)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_excel_saves_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "own.csv"
    text = f"问题{delimiter}标准答案\r\n茶园有多少亩？{delimiter}3200亩|三千二百亩\r\n\r\n茶园归谁所有？{delimiter}\r\n"
    path.write_bytes(text.encode(encoding))
    questions = load_set(str(path))
    check_rows(questions)
    assert [question.id for question in questions] == ["own-002", "own-004"]


def test_a_cell_of_several_lines_holds_several_facts(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text('question,answer\n有哪些产线？,"两条炒制线\n三条|3条包装线"\n', encoding="utf-8")
    (question,) = load_set(str(path))
    assert [point.any_of for point in question.points] == [("两条炒制线",), ("三条", "3条包装线")]


def test_xlsx_reads_cells_as_they_are_shown(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["编号", "问题", "答案", "可回答"],
        [7, "占比多少？", 0.15, None],
        [8, "哪一年？", 2024.0, True],
        [9, "谁？", "甲", "否"],
    ):
        sheet.append(row)
    sheet["C2"].number_format = "0%"
    path = tmp_path / "own.xlsx"
    book.save(path)
    share, year, nobody = load_set(str(path))
    assert (share.id, share.points[0].any_of) == ("7", ("15%",))
    assert year.points[0].any_of == ("2024",)
    assert (nobody.answerable, nobody.points) == (False, ())


def test_a_file_that_only_claims_to_be_xlsx(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / "own.xlsx"
    path.write_text("question,answer", encoding="utf-8")
    with pytest.raises(FileError, match=r"own\.xlsx cannot be read"):
        load_set(str(path))


def test_without_openpyxl_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    path = tmp_path / "own.xlsx"
    path.write_bytes(b"")
    with pytest.raises(InputError, match=r"suanlian\[eval\]"):
        load_set(str(path))


def test_a_list_and_its_facets(tmp_path: Path) -> None:
    row = {"问题": "有哪些茶厂？", "清单": "青禾茶厂|青禾、石桥制茶；云脚", "类型": "名单题", "环节": "加工", "编号": 3}
    (question,) = load_set(jsonl(tmp_path / "own.jsonl", row))
    assert question.items == ("青禾茶厂|青禾", "石桥制茶", "云脚")
    assert [point.any_of for point in question.points] == [("青禾茶厂", "青禾"), ("石桥制茶",), ("云脚",)]
    assert (question.id, question.kind, question.segment) == ("3", "名单题", "加工")


def test_ragas_names_and_the_systems_own_answer_is_not_the_gold(tmp_path: Path) -> None:
    old = {"question": "多少亩？", "answer": "大概很多亩", "contexts": ["…"], "ground_truth": "3200亩"}
    new = {
        "user_input": "几座窑？",
        "response": "不知道",
        "reference": "七座",
        "reference_contexts": ["村里有七座龙窑"],
    }
    first, second = load_set(jsonl(tmp_path / "own.jsonl", old, new))
    assert first.points[0].any_of == ("3200亩",)
    assert (second.points[0].any_of, second.points[0].evidence) == (("七座",), ("村里有七座龙窑",))


def test_rows_of_both_forms_and_a_history(tmp_path: Path) -> None:
    history = [{"role": "user", "content": "青禾茶厂在哪？"}, {"role": "assistant", "content": "在石桥。"}]
    own = {"id": "a", "question": "它产什么？", "history": history, "kind": "followup", "segment": "s", "split": "x",
           "points": [{"any_of": ["绿茶"]}], "items": None, "answerable": True}  # fmt: skip
    plain = {"question": "它产什么？", "answer": "绿茶", "history": json.dumps(history, ensure_ascii=False)}
    first, second = load_set(jsonl(tmp_path / "own.jsonl", own, plain))
    assert first.messages() == second.messages() == [*history, {"role": "user", "content": "它产什么？"}]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"answer": "甲"}, "no column for the question"),
        ({"question": "谁？"}, "no column for the answer"),
        ({"question": " ", "answer": "甲"}, "its question is empty"),
        ({"question": "谁？", "answer": "", "answerable": True}, "has no answer"),
        ({"question": "谁？", "answer": "甲", "answerable": "也许"}, "not true or false"),
        ({"question": {"a": 1}, "answer": "甲"}, "neither text nor a number"),
        ({"question": "谁？", "answer": "甲", "history": "你好"}, "history is not a list"),
        (["谁？"], "not a JSON object"),
        ({"id": "own-001", "question": "谁？", "answer": "甲"}, "already stands in row 1"),
    ],
)
def test_a_bad_row_is_told_by_file_and_number(tmp_path: Path, row: Any, said: str) -> None:
    with pytest.raises(FileError) as caught:
        load_set(jsonl(tmp_path / "own.jsonl", ROWS[0], row))
    assert caught.value.en.startswith("own.jsonl, row 2 is not a question: ")
    assert said in caught.value.en
    assert caught.value.zh.startswith("own.jsonl 第 2 行不是一个问题：")
    assert "\n" not in caught.value.en


def test_a_torn_line_an_open_quotation_mark_and_an_empty_file(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"question": "谁', encoding="utf-8")
    with pytest.raises(FileError, match=r"torn\.jsonl, row 1"):
        load_set(str(torn))
    table = tmp_path / "open.csv"
    table.write_text('question,answer\n谁？,甲\n"谁,甲\n', encoding="utf-8")
    with pytest.raises(FileError, match=r"open\.csv, row 3 is not CSV"):
        load_set(str(table))
    table.write_text("question,answer\n", encoding="utf-8")
    with pytest.raises(FileError, match="holds no question"):
        load_set(str(table))
    table.write_bytes(b"\x81\x20\xff\xff")
    with pytest.raises(FileError, match="not text in UTF-8 or GB18030"):
        load_set(str(table))
