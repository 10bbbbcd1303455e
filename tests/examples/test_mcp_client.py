"""``examples/mcp_client.py``, over HTTP and over stdio."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr

from rag import Settings
from tests.api.fake import FakeAssistant
from tests.api.live import running
from tests.rag.index.samples import BIRDS

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "mcp_client.py"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
        timeout=120,
        check=False,
    )


def test_over_http() -> None:
    with running(Settings(port=0, api_keys=SecretStr("right")), FakeAssistant()) as url:
        done = run("谁在种茶？", "--url", f"{url}/mcp", "--key", "right")
        assert done.returncode == 0, done.stderr
        assert "[1] 𠮷岚镇茶业观察" in done.stdout and "“上游的种植企业主要有青禾茶园" in done.stdout
        refused = run("哪一年开垦的？", "--url", f"{url}/mcp", "--key", "right")
        assert "not in the material: 茶园最早的开垦年份" in refused.stdout


def test_over_stdio(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "birds.md").write_text(BIRDS, encoding="utf-8")
    there = {"RAG_MODEL": "hash", "RAG_INDEX": str(tmp_path / "index"), "RAG_DOCUMENTS": str(tmp_path / "documents")}
    done = run("白鹭吃什么", "--", sys.executable, "-m", "suanlian", "mcp", **there)
    assert done.returncode == 0, done.stderr
    assert "tools: ask, search, read_document" in done.stderr
    assert done.stdout.strip()
