"""A search as the contract writes its reply: for ``POST /v1/search`` and the MCP tool."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from rag import Assistant, Filter, SearchResult


def search_reply(
    assistant: Assistant, query: str, *, top_k: int, filter: Filter | None, explain: bool = False
) -> dict[str, Any]:
    """What is found, with the time that it took in ms (:class:`api.replies.SearchReply`). It blocks."""
    began = time.perf_counter()
    found = assistant.search(query, top_k=top_k, filter=filter, explain=explain)
    spent = (time.perf_counter() - began) * 1000
    return {"results": [_result(result) for result in found], "timings": {"total": round(spent, 2)}}


def _result(result: SearchResult) -> dict[str, Any]:
    """As :class:`api.replies.Found`."""
    found = asdict(result)
    if found.get("trace") is None:
        found.pop("trace", None)
    return found
