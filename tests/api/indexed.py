"""A service over an index of its own, with a model made of nothing: for what changes the index."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api import create_app
from rag import Assistant, Settings, create_collection
from rag.index.embed import HashEncoder
from tests.api.live import URL, wait_ready

TEA = "# 岚山茶业\n\n青禾茶园位于岚山北坡。青禾茶园的面积为三千二百亩。\n"
KILN = "# 河湾陶艺\n\n河湾村有七座龙窑仍在使用。\n"


def indexed(index: Path, *collections: str, **given: Any) -> Assistant:
    """An assistant of an empty index, with further collections beside its own."""
    settings = Settings(index=index, model="hash", **given)
    encoder = HashEncoder()
    for name in ("default", *collections):
        create_collection(settings, name, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


@contextmanager
def serving(assistant: Assistant) -> Iterator[TestClient]:
    """A client of a service that is ready."""
    with TestClient(create_app(assistant), base_url=URL) as client:
        wait_ready(client)
        yield client


def finished(client: Any, id: str) -> dict[str, Any]:
    """An ingestion once it is over: within twenty seconds."""
    for _ in range(1000):
        ingestion: dict[str, Any] = client.get(f"/v1/ingestions/{id}").json()
        if ingestion["state"] in ("done", "failed"):
            return ingestion
        time.sleep(0.02)
    raise AssertionError(f"it is not finished: {ingestion}")


def keys(client: Any, collection: str = "default") -> list[str]:
    """The keys of a collection's documents."""
    reply = client.get("/v1/documents", params={"collection": collection, "limit": 200}).json()
    return [document["key"] for document in reply["documents"]]
