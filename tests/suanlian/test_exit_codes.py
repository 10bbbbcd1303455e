"""Of every command: 0 done, 1 the work failed, 2 the call or its input is wrong; results on stdout, as JSON where asked for."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer.main

from rag import Settings, ingest
from suanlian.cli import app, main
from tests.rag.index.samples import BIRDS, TREES

Run = Callable[..., tuple[int, str, str]]
NOBODY = "http://127.0.0.1:9"  # the port of discard, where no service listens
SQUAD = {
    "data": [
        {
            "id": "a",
            "title": "",
            "paragraphs": [
                {
                    "id": "p",
                    "context": "水泵由铸铁制成。",
                    "qas": [
                        {"id": "q", "question": "水泵由什么制成？", "answers": [{"text": "铸铁", "answer_start": 3}]}
                    ],
                }
            ],
        }
    ]
}
JSON = [
    "build docs --keep",
    "ask 白鹭吃什么",
    "batch in.jsonl",
    "eval own.csv",
    "bench cmrc2018 --data squad.json",
    "judge score sheet.csv",
    "add docs/birds.md",
    "remove birds.md",
    "list",
    "compact",
    "doctor",
]
FAILED = [
    "ask 白鹭吃什么",
    "serve --port 0",
    "batch in.jsonl",
    "eval own.csv",
    "add docs",
    "remove birds.md",
    "list",
    "mcp --index index",
    "compact",
    "doctor",
]
WRONG = [
    "build nowhere",
    "build docs/birds.md",  # others are in the index, and it is not said what becomes of them
    "ask ？！",
    "ask 白鹭 --mode llm",
    "ask 白鹭 --mode fast",
    "ask 白鹭 --index nowhere",
    "serve --host 0.0.0.0",
    "serve --workers 0",
    "serve --port 70000",
    "batch nowhere.jsonl",
    "eval nowhere.csv",
    "eval own.csv --compare own.csv",
    "eval own.csv --mode llm",
    "eval own.csv --replay nowhere.jsonl",
    "judge draw nowhere.jsonl",
    "judge draw own.csv -o sheet.csv",  # it is there already
    "judge score own.csv",
    "bench cmrc2018 --data nowhere.json",
    "bench none --data squad.json",
    "add nowhere",
    "add docs --published soon",
    "remove none.md",
    "remove",
    "list --collection none",
    "mcp --index nowhere",
    "compact --collection none",
    "compact --keep-days -1",
    "doctor --nothing",
    "answer",
]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs a command line in a folder that holds an index, its documents and questions; its code and what it said."""
    for name in [name for name in os.environ if name.startswith("RAG_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "trees.md").write_text(TREES, encoding="utf-8")
    (docs / "birds.md").write_text(BIRDS, encoding="utf-8")
    (tmp_path / "in.jsonl").write_text('{"question": "白鹭吃什么"}\n', encoding="utf-8")
    (tmp_path / "own.csv").write_text("问题,标准答案\n白鹭吃什么？,小鱼\n", encoding="utf-8")
    sheet = "id,question,text,sentences,supported,note\n001,白鹭吃什么？,白鹭吃小鱼,白鹭吃小鱼。,yes,\n"
    drawn = {"statement": "q.1", "outcome": "kept", "reason": "", "written": "001", "said": "001"}
    (tmp_path / "sheet.csv").write_text(sheet, encoding="utf-8")
    (tmp_path / "sheet.key.jsonl").write_text(json.dumps(drawn), encoding="utf-8")
    (tmp_path / "squad.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    # The settings come from the file, so that each command is seen to read it.
    (tmp_path / "suanlian.toml").write_text('index = "index"\nmodel = "hash"\n', encoding="utf-8")
    ingest([docs], Settings())
    logger, interrupt = logging.getLogger("suanlian"), signal.getsignal(signal.SIGINT)
    before = logger.handlers[:], logger.level, logger.propagate

    def running(line: str, *more: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["suanlian", *line.split(), *more])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    yield running
    logger.handlers[:], logger.level, logger.propagate = before
    signal.signal(signal.SIGINT, interrupt)


def test_every_command_is_looked_at() -> None:
    commands = set(typer.main.get_group(app).commands)
    named = [{line.split()[0] for line in lines} for lines in (JSON, FAILED, WRONG)]
    assert commands - named[0] == {"serve", "mcp"}  # they print no result
    assert commands - named[1] == {"build", "bench", "judge"}  # see below; judge reads files alone
    assert commands - named[2] == set()


@pytest.mark.parametrize("line", JSON)
def test_done_is_0_and_json_is_all_that_stands_on_stdout(run: Run, line: str) -> None:
    code, out, err = run(line, "--json")
    assert code == 0, err
    assert json.loads(out)
    assert "\x1b" not in out


@pytest.mark.parametrize("line", FAILED)
def test_work_that_failed_is_1_and_one_sentence(run: Run, tmp_path: Path, line: str) -> None:
    manifest = tmp_path / "index" / "default" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:-20])
    code, out, err = run(line)
    assert code == 1, (out, err)
    assert "suanlian build" in out + err  # what mends it
    assert "Traceback" not in err


@pytest.mark.parametrize("line", ["build docs", "add docs", "bench cmrc2018 --data squad.json"])
def test_a_model_that_is_not_there_is_1(run: Run, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("RAG_MODEL", "./none")
    code, out, err = run(line)
    assert (code, out) == (1, "")
    assert "no model folder ./none" in err


@pytest.mark.parametrize("line", [f"batch in.jsonl --url {NOBODY}", f"eval own.csv --url {NOBODY}"])
def test_a_service_that_does_not_answer_is_1(run: Run, line: str) -> None:
    code, out, err = run(line)
    assert (code, out) == (1, "")
    assert NOBODY in err


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_call_is_2_and_changes_nothing(run: Run, tmp_path: Path, line: str) -> None:
    def held() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".lock"}

    before = held()
    code, out, err = run(line)
    assert (code, out) == (2, ""), err
    assert err.strip() and "Traceback" not in err
    assert held() == before
