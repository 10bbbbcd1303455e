import csv
import json
from pathlib import Path

import openpyxl
import pytest

from rag import FileError
from suanlian.batch_input import read_batch


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
def test_text_in_the_encodings_that_it_comes_in(tmp_path: Path, encoding: str, name: str) -> None:
    path = tmp_path / name
    if name == "in.csv":
        rows = [("编号", "问题", "备注"), ("甲", "茶园在哪里", "山谷，南坡"), ("乙", "", "空")]
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        rows_ = [
            {"id": "甲", "question": "茶园在哪里", "备注": "山谷，南坡"},
            {"id": "乙", "question": "", "备注": "空"},
        ]
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows_), encoding=encoding)
    good, wrong = read_batch(path, max_chars=100)
    assert (good.id, good.question, good.extra) == ("甲", "茶园在哪里", {"备注": "山谷，南坡"})
    assert wrong.error is not None
    assert (wrong.id, wrong.error.code, wrong.extra) == ("乙", "question_empty", {"备注": "空"})
    assert (good.number, wrong.number) == ((2, 3) if name == "in.csv" else (1, 2))


def test_the_first_sheet_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    history = json.dumps([{"role": "user", "content": "有茶园吗"}, {"role": "assistant", "content": "有"}])
    for row in (("Question", "历史", "n"), ("它多大", history, 3), (None, None, None), (2024, "不是 JSON", None)):
        book.active.append(row)
    book.create_sheet("other").append(("question",))
    book.save(tmp_path / "in.xlsx")
    follow, wrong = read_batch(tmp_path / "in.xlsx", max_chars=100)
    assert [message["content"] for message in follow.messages] == ["有茶园吗", "有", "它多大"]
    assert follow.extra == {"n": "3"}
    assert wrong.number == 4
    assert wrong.error is not None
    assert wrong.error.param == "history"


def test_a_conversation_in_a_column(tmp_path: Path) -> None:
    talk = json.dumps([{"role": "user", "content": "茶园多大"}], ensure_ascii=False)
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("messages", "question"), (talk, ""), ("", "茶园在哪里"), (talk, "茶园在哪里")])
    one, other, both = read_batch(tmp_path / "in.csv", max_chars=100)
    assert (one.question, other.question) == ("茶园多大", "茶园在哪里")
    assert both.error is not None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.jsonl", None, "There is no file"),
        ("in.txt", "茶园在哪里", "neither JSONL, CSV nor XLSX"),
        ("in.jsonl", " \n\n", "holds no question"),
        ("in.csv", "question\n", "holds no question"),
        ("in.csv", "a,b\n1,2\n", r"no column for the question \(one of question, .*, only: a, b"),
        ("in.xlsx", "not a workbook", "cannot be read as XLSX"),
        ("in.csv", 'question\n"open', "is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=said):
        read_batch(tmp_path / name, max_chars=100)
