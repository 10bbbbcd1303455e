"""``suanlian mcp`` in a process of its own, spoken to by the SDK's client."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, StdioServerParameters

from tests.rag.index.samples import BIRDS, TREES
from tests.suanlian.test_cli import refused, suanlian, told

T = TypeVar("T")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "trees.md").write_text(TREES, encoding="utf-8")
    (folder / "birds.md").write_text(BIRDS, encoding="utf-8")
    index = tmp_path_factory.mktemp("index")
    told(suanlian(index, "build", str(folder)), 0)
    return index


def environment(**variables: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    return {**clean, "RAG_MODEL": "hash", "PYTHONIOENCODING": "ascii", **variables}


def spoken(work: Callable[[Client], Awaitable[T]], *arguments: str, mode: str = "auto", **variables: str) -> T:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-W", "error", "-m", "suanlian", "mcp", *arguments],
        env=environment(**variables),
    )

    async def run() -> T:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            return await work(client)

    return asyncio.run(run())


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_it_answers_over_stdio(index: Path, mode: str) -> None:
    async def ask(client: Client) -> None:
        assert {tool.name for tool in (await client.list_tools()).tools} == {"ask", "search", "read_document"}
        answered = await client.call_tool("ask", {"question": "白鹭吃什么"})
        reply = answered.structured_content
        assert (reply["question"], reply["index"]["collection"]) == ("白鹭吃什么", "default")
        found = await client.call_tool("search", {"query": "白鹭", "top_k": 3})
        first = found.structured_content["results"][0]
        read = await client.call_tool("read_document", {"id": first["document"]["id"]})
        assert first["text"] in read.structured_content["text"]
        wrong = await client.call_tool("ask", {"question": "白鹭", "collection": "elsewhere"})
        assert wrong.is_error

    spoken(ask, "--index", str(index), mode=mode)


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


class Raw:
    """A server spoken to line by line."""

    def __init__(self, index: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "suanlian", "mcp", "--index", str(index)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(),
        )

    def ask(self, message: dict[str, Any]) -> Any:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(message, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline()) if "id" in message else None


def test_nothing_but_the_protocol_stands_on_stdout(index: Path) -> None:
    server = Raw(index)
    assert server.ask(INITIALIZE)["id"] == 1
    server.ask({"jsonrpc": "2.0", "method": "notifications/initialized"})
    params = {"name": "search", "arguments": {"query": "白鹭"}}
    found = server.ask({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params})
    assert found["result"]["structuredContent"]["results"]
    rest, stderr = server.process.communicate(timeout=60)
    assert (server.process.returncode, rest) == (0, "")
    assert "Traceback" not in stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_ctrl_c_ends_it(index: Path) -> None:
    server = Raw(index)
    server.ask(INITIALIZE)
    server.process.send_signal(signal.SIGINT)
    rest, stderr = server.process.communicate(timeout=60)
    assert (server.process.returncode, rest) == (-signal.SIGINT, "")
    assert "Traceback" not in stderr


def test_what_is_named_must_be_there(index: Path, tmp_path: Path) -> None:
    _, en = refused(suanlian(tmp_path, "mcp", "--index", str(tmp_path / "none")))
    assert "no index" in en
    assert not (tmp_path / "none").exists()
    refused(suanlian(index, "mcp", "--collection", "elsewhere"))
    assert not (index / "elsewhere").exists()
    _, en = refused(suanlian(index, "mcp", "--collection", "no/such"))
    assert "'collection' is wrong" in en


def test_an_index_is_built_at_the_first_start_while_the_tools_are_listed(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "birds.md").write_text(BIRDS, encoding="utf-8")

    async def ask(client: Client) -> None:
        assert len((await client.list_tools()).tools) == 3
        found = await client.call_tool("search", {"query": "白鹭"})
        assert not found.is_error and found.structured_content["results"]

    spoken(ask, RAG_INDEX=str(tmp_path / "index"), RAG_DOCUMENTS=str(documents))


def test_an_index_that_cannot_be_opened_is_told_to_each_call(index: Path) -> None:
    async def ask(client: Client) -> None:
        for _ in range(2):
            result = await client.call_tool("ask", {"question": "白鹭吃什么"})
            assert result.is_error
            assert "doctor --repair" in result.content[0].text

    spoken(ask, "--index", str(index), RAG_PASSAGE_CHARS="100")
