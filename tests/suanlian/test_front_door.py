import subprocess
import sys
from contextlib import closing
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

import pytest

import api
import rag
import suanlian
from tests.rag.index.samples import BIRDS


def test_the_names_are_those_of_the_packages_behind() -> None:
    for name in suanlian.__all__:
        behind = api if name == "create_app" else rag
        assert getattr(suanlian, name) is getattr(behind, name)


def test_the_first_lines_that_anybody_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "birds.md").write_text(BIRDS, encoding="utf-8")
    for name, value in (("INDEX", tmp_path / "index"), ("DOCUMENTS", tmp_path / "documents"), ("MODEL", "hash")):
        monkeypatch.setenv(f"RAG_{name}", str(value))
    monkeypatch.setenv("RAG_REFUSE_BELOW", "0")
    with closing(suanlian.Assistant.open()) as assistant:  # built, since it is missing
        answer = assistant.ask("白鹭吃什么")
        assert "小鱼" in answer.text and not answer.refused and 0 <= answer.confidence <= 1
        assert answer.items == () or all(item.text in answer.text for item in answer.items)
        for c in answer.citations:
            assert assistant.document(c.document.id).text[c.start : c.end] == c.quote
            assert c.document.title
        assert answer.citations


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'assistant'"):
        _ = suanlian.assistant


def test_the_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="suanlian")
    assert command.value == "suanlian.cli:main"


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    look = "import sys, suanlian.cli; print(*{'torch', 'fastapi', 'rag', 'api', 'evals', 'faiss'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_there_are_questions_to_show() -> None:
    lines = files("suanlian").joinpath("examples.txt").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) >= 3
