"""The examples run: those in process over a small index, those over HTTP against a live service."""

from __future__ import annotations

import ast
import os
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from rag import Settings, ingest
from tests.api.fake import FakeAssistant
from tests.api.live import running, wait_ready
from tests.rag.material import TEA, written

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"

QUESTION = "国内谁生产揉捻机"
ANSWER = "国内具备揉捻机生产能力的企业有松岭机械、岩上科技、绿洲股份等[1]。"

Run = Callable[..., str]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of invented material, made without a model."""
    folder = tmp_path_factory.mktemp("examples")
    settings = Settings(index=folder / "index", model="hash")
    ingest([written(folder / "files", {"tea.md": TEA})], settings)
    return settings.index


@pytest.fixture(autouse=True)
def environment(index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As a reader's who has that index: no settings of another kind, no other working directory's file."""
    for name in list(os.environ):
        if name.startswith(("RAG_", "SUANLIAN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RAG_INDEX", str(index))
    monkeypatch.setenv("RAG_MODEL", "hash")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs an example as a program; what it prints."""

    def run(name: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return capsys.readouterr().out

    return run


@pytest.fixture
def url() -> Iterator[str]:
    with running(Settings(port=0), FakeAssistant()) as url, httpx.Client(base_url=url) as client:
        wait_ready(client)
        yield url


def test_in_process(run: Run) -> None:
    printed = run("in_process.py", QUESTION)
    assert ANSWER in printed.split("\n")
    assert "- 岩上科技 (1,)" in printed
    assert re.search(r"^\[1\] 青岚茶叶手册, \d+–\d+: .*岩上科技", printed, re.MULTILINE)
    assert f"→ [1]\n→ {ANSWER}" in printed
    assert printed.rstrip().endswith("国外谁生产揉捻机")


def test_async_in_process(run: Run) -> None:
    printed = run("async_in_process.py", QUESTION, "揉捻机的客户有哪些")
    assert f"{QUESTION} → {ANSWER}" in printed
    assert "揉捻机的客户有哪些 → " in printed
    assert f"\n→ {ANSWER}" in printed
    assert "青岚茶叶手册 茶叶 › 揉捻机" in printed


def test_langchain_retriever(run: Run) -> None:
    assert "青岚茶叶手册 › 茶叶 › 揉捻机\n" in run("langchain_retriever.py", "揉捻机")


def test_own_language_model(run: Run) -> None:
    printed = run("own_language_model.py", QUESTION)
    assert "mode: llm, fallback: None" in printed
    assert "dropped: 这些产品全球销量第一" in printed or "replaced: 这些产品全球销量第一" in printed
    assert printed.count("销量第一") == 1, "it is told to the witness alone"
    assert re.search(r"^\[1\] 青岚茶叶手册: ", printed, re.MULTILINE)


def test_langchain_runnable(run: Run) -> None:
    printed = run("langchain_runnable.py", QUESTION)
    assert printed.startswith(ANSWER)
    assert "[1] 青岚茶叶手册: " in printed
    assert f"→ {ANSWER}" in printed


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("openai_client.py", "citations: 3"),
        ("langchain_chatopenai.py", "资料中没有找到茶园最早的开垦年份。"),
        ("http_stream.py", "refused: False, 8.4 ms"),
    ],
)
def test_over_http(run: Run, name: str, last: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = run(name, url, "谁在种茶和制茶？")
    monkeypatch.setenv("SUANLIAN_URL", url + "/")
    monkeypatch.setenv("SUANLIAN_KEY", "k")
    for printed in (given, run(name)):
        assert "青禾茶园、云脚农场和松风合作社[1]" in printed
        assert "[3] 𠮷岚镇茶业观察" in printed
        assert printed.rstrip().split("\n")[-1] == last


def test_http_stream_says_what_went_wrong(run: Run, url: str) -> None:
    with pytest.raises(SystemExit, match="服务内部出错"):
        run("http_stream.py", url, "谁断")


def test_mount_in_fastapi() -> None:
    around: Any = runpy.run_path(str(EXAMPLES / "mount_in_fastapi.py"))["app"]
    with TestClient(around, base_url="http://127.0.0.1:8080") as client:
        assert client.get("/").json() == {"ask": "/ask/"}
        wait_ready(client, "/ask/readyz")
        assert client.post("/ask/v1/chat", json={"question": QUESTION}).json()["answer"] == ANSWER


def test_each_says_how_it_is_run_and_asks_this_machine_only() -> None:
    told_of = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    names = sorted(set(re.findall(r"\.\./examples/(\w+\.py)", told_of)))
    assert len(names) >= 8
    for name in names:
        source = (EXAMPLES / name).read_text(encoding="utf-8")
        assert f"python examples/{name}" in (ast.get_docstring(ast.parse(source)) or "")
        assert set(re.findall(r"https?://[\w.-]+", source)) <= {"http://127.0.0.1"}
