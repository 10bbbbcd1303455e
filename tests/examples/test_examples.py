"""The examples run: those in process over a small index, those over HTTP against a live service; each as a program of its own."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Settings, ingest
from tests.api.fake import FakeAssistant
from tests.api.live import running
from tests.rag.material import TEA, written

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"


def run(name: str, *arguments: str, **environment: str) -> str:
    """What an example prints. It may ask nothing of the network but loopback, and warnings are errors."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "SUANLIAN_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments],
        cwd=environment.pop("cwd"),
        env={**own, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an example that opens an index: invented material, no model."""
    folder = tmp_path_factory.mktemp("examples")
    settings = Settings(index=folder / "index", model="hash")
    ingest([written(folder / "files", {"tea.md": TEA})], settings)
    return {"RAG_INDEX": str(settings.index), "RAG_MODEL": "hash", "cwd": str(folder)}


@pytest.fixture
def url(fake: FakeAssistant) -> Iterator[str]:
    with running(Settings(port=0), fake) as url:
        yield url


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant()


QUESTION = "国内谁生产揉捻机"
ANSWER = "国内具备揉捻机生产能力的企业有松岭机械、岩上科技、绿洲股份等[1]。"


def test_in_process(index: dict[str, str]) -> None:
    printed = run("in_process.py", QUESTION, **index)
    assert ANSWER in printed.split("\n")
    assert "- 岩上科技 (1,)" in printed
    assert re.search(r"^\[1\] 青岚茶叶手册, \d+–\d+: .*岩上科技", printed, re.MULTILINE)
    assert f"→ [1]\n→ {ANSWER}" in printed
    assert "国外谁生产揉捻机" in printed


def test_async_in_process(index: dict[str, str]) -> None:
    printed = run("async_in_process.py", QUESTION, "揉捻机的客户有哪些", **index)
    assert f"{QUESTION} → {ANSWER}" in printed
    assert "揉捻机的客户有哪些 → " in printed
    assert f"\n→ {ANSWER}" in printed
    assert "青岚茶叶手册 茶叶 › 揉捻机" in printed


def test_langchain_retriever(index: dict[str, str]) -> None:
    assert "青岚茶叶手册 › 茶叶 › 揉捻机\n" in run("langchain_retriever.py", "揉捻机", **index)


def test_langchain_runnable(index: dict[str, str]) -> None:
    printed = run("langchain_runnable.py", QUESTION, **index)
    assert printed.startswith(ANSWER)
    assert "[1] 青岚茶叶手册: " in printed
    assert f"→ {ANSWER}" in printed


@pytest.mark.parametrize("name", ["openai_client.py", "langchain_chatopenai.py", "http_stream.py"])
def test_over_http(name: str, url: str, tmp_path: Path) -> None:
    for printed in (
        run(name, url, "谁在种茶和制茶？", cwd=str(tmp_path)),
        run(name, cwd=str(tmp_path), SUANLIAN_URL=url + "/", SUANLIAN_KEY="k"),
    ):
        assert "青禾茶园、云脚农场和松风合作社" in printed
        assert "[3] 𠮷岚镇茶业观察" in printed
        assert "\n→ " in printed


def test_http_stream_says_what_went_wrong(url: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="服务内部出错"):
        run("http_stream.py", url, "谁断", cwd=str(tmp_path))


def test_mount_in_fastapi(index: dict[str, str]) -> None:
    asked = """
import runpy
from fastapi.testclient import TestClient
app = runpy.run_path(EXAMPLE)["app"]
with TestClient(app, base_url="http://127.0.0.1:8080") as client:
    print(client.get("/").json())
    while (ready := client.get("/ask/readyz")).status_code == 503:
        assert ready.json()["error"]["code"] == "loading", ready.text
    print(client.post("/ask/v1/chat", json={"question": QUESTION}).json()["answer"])
"""
    program = Path(index["cwd"]) / "asked.py"
    program.write_text(
        f"EXAMPLE, QUESTION = {str(EXAMPLES / 'mount_in_fastapi.py')!r}, {QUESTION!r}\n{asked}", encoding="utf-8"
    )
    assert run(str(program), **index) == "{'ask': '/ask/'}\n" + ANSWER + "\n"


def test_each_says_how_it_is_run_and_asks_this_machine_only() -> None:
    names = sorted(path.name for path in EXAMPLES.glob("*.py"))
    assert len(names) >= 8
    told_of = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"\.\./examples/(\w+\.py)", told_of))) == names
    for name in names:
        told = ast.get_docstring(ast.parse((EXAMPLES / name).read_text(encoding="utf-8"))) or ""
        assert f"python examples/{name}" in told
        addresses = re.findall(r"https?://[\w.-]+", (EXAMPLES / name).read_text(encoding="utf-8"))
        assert set(addresses) <= {"http://127.0.0.1"}
