"""Two processes that serve one index: what one is sent or deletes, both know."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.indexed import TEA, finished, indexed, keys
from tests.api.material.test_collections import names
from tests.api.material.test_uploads import MD, files

# A service of its own process. It never gets done with a document that says 永远.
SERVE = """
import sys, threading
from pathlib import Path
from api import serve
from rag import Assistant, Settings
from rag.index.embed import HashEncoder

class Endless(HashEncoder):
    def encode_passages(self, texts, spans=None, *, progress=None):
        if sys.argv[2] == "endless" and any("永远" in text for text in texts):
            threading.Event().wait()
        return super().encode_passages(texts, spans, progress=progress)

settings = Settings(index=Path(sys.argv[1]), model="hash", port=0)
assistant = Assistant.open(settings=settings, encoder=Endless())
serve(settings, assistant=assistant, ready=lambda url: print(url, flush=True))
"""


@contextmanager
def process(index: Path, kind: str = "plain") -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """A client of a service in a process of its own, and the process."""
    command = [sys.executable, "-c", SERVE, str(index), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        try:
            assert started.stdout is not None
            url = started.stdout.readline().strip()
            with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
                until_ready(client)
                yield client, started
        finally:
            started.terminate()
            started.wait(20)


def until_ready(client: httpx.Client) -> None:
    for _ in range(1000):
        if client.get("/readyz").status_code == 200:
            return
        time.sleep(0.02)
    raise AssertionError("the service did not become ready")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    index = tmp_path_factory.mktemp("shared") / "index"
    indexed(index).close()
    with process(index) as (first, _), process(index) as (second, _):
        yield first, second


Pair = tuple[httpx.Client, httpx.Client]


def found(client: httpx.Client, query: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = client.post("/v1/search", json={"query": query}).json()["results"]
    return results


def test_what_is_done_or_deleted_both_know(pair: Pair) -> None:
    for here, there in (pair, pair[::-1]):
        sent = here.post("/v1/documents", files=MD).json()
        done = finished(there, sent["id"])
        assert done["state"] == "done"
        for client in pair:
            assert any("三千二百亩" in result["text"] for result in found(client, "青禾茶园的面积"))
        id = done["documents"][0]["id"]
        assert there.delete(f"/v1/documents/{id}").status_code == 200
        for client in pair:
            assert not any("三千二百亩" in result["text"] for result in found(client, "青禾茶园的面积"))
            assert client.get(f"/v1/documents/{id}").status_code == 404


def test_a_request_repeated_elsewhere_is_one(pair: Pair) -> None:
    once = {"Idempotency-Key": "elsewhere"}
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda n: pair[n % 2].post("/v1/documents", files=MD, headers=once), range(8)))
    assert len({reply.json()["id"] for reply in replies}) == 1
    refused = pair[1].post("/v1/documents", files=files(("other.md", "# 别的\n\n别的。\n")), headers=once)
    assert refused.json()["error"]["code"] == "idempotency_key_reused"


def test_uploads_to_both_at_once_are_all_taken(pair: Pair) -> None:
    before = len(keys(pair[0]))

    def one(n: int) -> str:
        reply = pair[n % 2].post("/v1/documents", json={"key": f"many/{n}", "text": f"第{n}座茶园有{n}亩。"})
        assert reply.status_code == 202, reply.text
        return str(reply.json()["id"])

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(one, range(60)))
    assert {finished(pair[0], id)["state"] for id in sent} == {"done"}
    for client in pair:
        assert len([key for key in keys(client) if key.startswith("many/")]) == 60
        assert len(keys(client)) >= before + 60


def test_collections_are_seen_by_both(pair: Pair) -> None:
    assert pair[0].post("/v1/collections", json={"name": "law"}).status_code == 201
    assert names(pair[1]) == ["default", "law"]
    finished(pair[0], pair[1].post("/v1/documents", json={"text": TEA, "collection": "law"}).json()["id"])
    assert len(keys(pair[0], "law")) == 1
    assert pair[1].delete("/v1/collections/law").status_code == 200
    assert pair[0].get("/v1/documents", params={"collection": "law"}).status_code == 404
    assert pair[0].post("/v1/chat", json={"question": "茶园有多大", "collection": "law"}).status_code == 404


def test_what_a_killed_process_was_at_is_done_by_another(tmp_path: Path) -> None:
    index = tmp_path / "index"
    indexed(index).close()
    with process(index, "endless") as (first, started):
        sent = first.post("/v1/documents", files=files(("a.md", "# 永远\n\n永远的茶园有八亩。\n"))).json()["id"]
        for _ in range(1000):
            if first.get(f"/v1/ingestions/{sent}").json()["state"] == "running":
                break
            time.sleep(0.02)
        waiting = first.post("/v1/documents", files=MD).json()["id"]
        with process(index) as (second, _):
            assert second.get(f"/v1/ingestions/{sent}").json()["state"] == "running"
            started.kill()
            started.wait(20)
            assert finished(second, sent)["state"] == "done"
            assert finished(second, waiting)["state"] == "done"
            assert len(keys(second)) == 2
