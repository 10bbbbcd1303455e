import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rag import Settings
from tests.api.fake import FakeAssistant
from tests.api.live import running
from tests.rag.index.samples import BIRDS, TREES
from tests.suanlian.test_cli import refused, suanlian, told

QUESTIONS = ("白鹭吃什么", "松树的叶子像什么", "桦树的皮是什么颜色", "燕子在哪里筑巢", "桦树有多高", "松果几年成熟")
SURE = {"RAG_REFUSE_BELOW": "0"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, index = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("index")
    (folder / "trees.md").write_text(TREES, encoding="utf-8")
    (folder / "birds.md").write_text(BIRDS, encoding="utf-8")
    told(suanlian(index, "build", str(folder)), 0)
    return index


def jsonl(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def answers(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def kept(out: Path) -> Path:
    return out.with_name(f".{out.name}.part.jsonl")


def test_every_line_has_its_answer_or_its_error(tmp_path: Path, index: Path) -> None:
    talk = [{"role": "user", "content": "松树常青吗"}, {"role": "assistant", "content": "松树四季常青。"}]
    questions = jsonl(
        tmp_path / "in.jsonl",
        {"id": "x", "question": QUESTIONS[0], "grade": 4},
        "这不是 JSON",
        {"question": "它的叶子像什么", "history": talk},
        {"question": ""},
        "",
        {"messages": [{"role": "user", "content": QUESTIONS[2]}]},
    )
    done = suanlian(index, "batch", str(questions), "--json", **SURE)
    said = told(done, 0)  # a wrong line is its own affair
    assert "line 2: The line is not valid JSON" in said
    assert "第 4 行：问题是空的" in said
    out = tmp_path / "in.answers.jsonl"
    summary = json.loads(done.stdout)
    assert summary.pop("seconds") >= 0
    assert summary == {"out": str(out), "total": 5, "done": 5, "failed": 2, "refused": 0, "asked": 3}
    found = answers(out)
    assert [(r["id"], r["line"]) for r in found] == [("x", 1), ("2", 2), ("3", 3), ("4", 4), ("6", 6)]
    assert [r.get("error", {}).get("code") for r in found] == [None, "malformed_json", None, "question_empty", None]
    assert found[0]["extra"] == {"grade": 4}
    assert "小鱼" in found[0]["reply"]["answer"]
    assert found[2]["reply"]["standalone_question"] != "它的叶子像什么"
    assert not kept(out).exists()
    again = suanlian(index, "batch", str(questions))
    assert "It holds the answers already" in told(again, 0)
    jsonl(questions, {"question": QUESTIONS[1]})
    _, en = refused(suanlian(index, "batch", str(questions)))
    assert "--restart" in en
    told(suanlian(index, "batch", str(questions), "--restart"), 0)
    assert [r["question"] for r in answers(out)] == [QUESTIONS[1]]


@pytest.mark.parametrize(("name", "kills"), [("out.jsonl", 3), ("out.xlsx", 1)])
def test_killed_again_and_again_it_asks_each_question_once(tmp_path: Path, index: Path, name: str, kills: int) -> None:
    asked = [f"{question}，第{n}次问" for n in range(15) for question in QUESTIONS]
    questions = jsonl(tmp_path / "in.jsonl", *({"question": question} for question in asked))
    out = tmp_path / name
    held: dict[str, bytes] = {}
    for _ in range(kills):
        _killed_after(index, questions, out, len(held) + 4)
        assert not out.exists()
        now = _entries(kept(out))
        assert held.items() <= now.items()  # what was answered stands as it was
        held = now
    with kept(out).open("ab") as file:
        file.write(b'{"key":"aaaa-1","state":"answ')  # half a line, as a crash may leave it
    done = suanlian(index, "batch", str(questions), "-o", str(out), "--json")
    assert f"going on: {len(held)} / 90" in told(done, 0)
    assert json.loads(done.stdout)["asked"] == 90 - len(held)
    if name == "out.jsonl":
        found = answers(out)
        assert [r["question"] for r in found] == asked
        ids = {r["reply"]["id"] for r in found}
        assert len(ids) == 90
        assert all(json.loads(entry)["reply"]["id"] in ids for entry in held.values())
    else:
        rows = list(openpyxl.load_workbook(out).active.iter_rows(min_row=2, values_only=True))
        assert [row[1] for row in rows] == asked
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.jsonl", name])


def _entries(journal: Path) -> dict[str, bytes]:
    """The whole lines of a journal by key: none twice."""
    lines = [line for line in journal.read_bytes().split(b"\n")[:-1] if line.startswith(b'{"key"')]
    found = {json.loads(line)["key"]: line for line in lines}
    assert len(found) == len(lines)
    return found


def _started(index: Path, *arguments: str) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "suanlian", "batch", *arguments],
        stderr=subprocess.PIPE,
        env={**clean, "RAG_INDEX": str(index), "RAG_MODEL": "hash", "PYTHONIOENCODING": "utf-8"},
    )


def _until(journal: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(3000):
        if journal.exists() and journal.read_bytes().count(b'\n{"key"') >= count:
            return
        assert process.poll() is None
        time.sleep(0.01)
    raise AssertionError("no answer came")


def _killed_after(index: Path, questions: Path, out: Path, count: int) -> None:
    with _started(index, str(questions), "-o", str(out), "--rate", "6") as process:
        try:
            _until(kept(out), count, process)
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of its own there")
def test_ctrl_c_says_how_to_go_on(tmp_path: Path, index: Path) -> None:
    questions = jsonl(tmp_path / "in.jsonl", *({"question": f"{QUESTIONS[0]}{n}"} for n in range(90)))
    out = tmp_path / "out.csv"
    with _started(index, str(questions), "-o", str(out), "--rate", "1") as process:
        _until(kept(out), 3, process)
        busy = suanlian(index, "batch", str(questions), "-o", str(out))
        assert "Another run is at work on this batch" in told(busy, 1)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read().decode()
        assert process.wait() == 130
    assert "Run the same command again to go on" in said
    assert "Traceback" not in said
    assert not out.exists()
    zh, en = refused(suanlian(index, "batch", str(questions), "-o", str(out), "--top-k", "3"))
    assert "begun with another top_k" in en
    assert "--restart" in zh
    told(suanlian(index, "batch", str(questions), "-o", str(out)), 0)
    assert not kept(out).exists()
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 91


def test_only_what_changed_in_the_input_is_asked(tmp_path: Path, index: Path) -> None:
    out = tmp_path / "out.jsonl"
    questions = jsonl(tmp_path / "in.jsonl", *({"question": f"{QUESTIONS[0]}{n}"} for n in range(90)))
    _killed_after(index, questions, out, 5)
    held = {json.loads(entry)["reply"]["question"] for entry in _entries(kept(out)).values()}
    jsonl(questions, {"question": "新来的问题是什么"}, *({"question": question, "n": 1} for question in held))
    done = suanlian(index, "batch", str(questions), "-o", str(out), "--json")
    told(done, 0)
    assert json.loads(done.stdout)["asked"] == 1
    found = answers(out)
    assert [r["question"] for r in found] == ["新来的问题是什么", *held]
    assert [r.get("extra") for r in found] == [None, *[{"n": 1}] * len(held)]


def test_what_is_wrong_with_the_call_is_one_sentence(tmp_path: Path, index: Path) -> None:
    good = jsonl(tmp_path / "in.jsonl", {"question": QUESTIONS[0]})

    def en(*arguments: object, **variables: str) -> str:
        return refused(suanlian(index, "batch", *map(str, arguments), **variables))[1]

    assert "There is no file" in en(tmp_path / "none.jsonl")
    assert "would replace the questions" in en(good, "-o", good)
    assert "leave out --index" in en(good, "--url", "http://127.0.0.1:1", "--index", index)
    assert "no index" in en(good, "--collection", "elsewhere")
    done = suanlian(index, "batch", str(good), "--mode", "llm")
    assert "No language model is configured" in told(done, 2)
    told(suanlian(index, "batch", str(good)), 0)  # nothing was begun by any of these


def test_a_running_service_is_asked(tmp_path: Path) -> None:
    fake, questions = (
        FakeAssistant(),
        jsonl(tmp_path / "in.jsonl", {"question": "谁在种茶"}, {"question": "故障在哪里"}),
    )
    out = tmp_path / "in.answers.jsonl"
    with running(Settings(index=tmp_path / "index", port=0), fake) as url:
        done = suanlian(tmp_path, "batch", str(questions), "--url", url, "--top-k", "5")
        assert "1 questions could not be answered" in told(done, 1)
        assert fake.calls[0]["top_k"] == 5
        found = answers(out)
        assert found[0]["reply"]["items"]
        assert found[1]["error"]["code"] == "service_error"
        fake.calls.clear()
        told(suanlian(tmp_path, "batch", str(questions), "--url", url, "--top-k", "5"), 1)
        assert [call["question"] for call in fake.calls] == ["故障在哪里"]
    assert "No service answers" in told(suanlian(tmp_path, "batch", str(questions), "--url", url, "--restart"), 1)
